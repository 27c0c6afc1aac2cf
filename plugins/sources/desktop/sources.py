"""All data sources: opened one beside the other, watched for changes, remembered."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Progress, Undo
from console.sdk.json_file import JsonFile
from plugins.sources.desktop.local_datums import defined
from plugins.sources.desktop.source import Opened, Opener, Source, State, Unopened

WATCH = 5.0
"""Seconds between two looks whether a source has changed."""


class Sources(QObject):
    """The list; ``changed`` after every change, ``selected`` with the id of one to look at."""

    changed = Signal()
    selected = Signal(str)
    table_wanted = Signal(str)
    """Id of the source whose attributes are to be seen."""

    def __init__(self, ctx: Context, openers: Sequence[Opener]) -> None:
        super().__init__()
        self.all: list[Source] = []
        self._ctx = ctx
        self._openers = {opener.kind: opener for opener in openers}
        self._running: dict[str, Undo] = {}
        self._new: set[str] = set()
        self._file = JsonFile(ctx, "sources.json")
        self._file.load(self._take)
        ctx.tasks.every(WATCH, self._watch)
        ctx.map.layers.on_change(self._hear_faults)

    def find(self, source_id: str | None) -> Source | None:
        """The source with this id."""
        return next((source for source in self.all if source.id == source_id), None)

    def opener(self, source: Source) -> Opener:
        """Who opens it."""
        return self._openers[source.kind]

    def add(self, places: Iterable[str]) -> None:
        """Open paths or addresses; one that is open already is read again."""
        for place in filter(None, (place.strip().strip('"') for place in places)):
            opener = next(o for o in self._openers.values() if o.takes(place))
            where = opener.kept_as(place)
            source = next((source for source in self.all if source.where == where), None)
            if source is None:
                source = Source(
                    id=uuid.uuid4().hex[:12], kind=opener.kind, where=where, title=opener.title_of(where)
                )
                self.all.append(source)
                self._new.add(source.id)
            self.open(source)
            self.selected.emit(source.id)
        self._keep()

    def open(self, source: Source) -> None:
        """Read it (again); what is on the map stays until then."""
        self._stop(source)
        source.state, source.done, source.error, source.asks = State.READING, 0.0, "", False
        self.changed.emit()
        self._running[source.id] = self._ctx.tasks.start(self._open(source))

    def cancel(self, source: Source) -> None:
        """Stop reading; what was on the map before stays."""
        self._stop(source)
        if source.state is State.READING:
            source.state = State.SHOWN if source.layers else State.CANCELLED
            self.changed.emit()

    def set_options(self, source: Source, options: dict[str, Any]) -> None:
        """Read it as the user declares."""
        source.options = defined(self._ctx, options)
        self._keep()
        self.open(source)

    def remove(self, source: Source) -> None:
        """Take it off the map and the list; the file itself stays."""
        self._stop(source)
        at = self.all.index(source)
        self.all.remove(source)
        self._clear(source)
        self._keep()
        self.changed.emit()
        self._ctx.tasks.start(self.opener(source).forget(source))
        tr = self._ctx.tr

        def put_back() -> None:
            again = Source(**source.kept())
            self.all.insert(at, again)
            self._keep()
            self.open(again)

        text = tr("{title} was taken off the map; the file stays", title=source.title)
        self._ctx.notify(text, action=(tr("Undo"), put_back), key="onemap.sources.removed")

    def zoom_to(self, source: Source) -> None:
        """Show all of it."""
        if source.opened is not None and source.opened.bounds is not None:
            self._ctx.map.fit(source.opened.bounds)

    async def _open(self, source: Source) -> None:
        opener, tr = self.opener(source), self._ctx.tr
        try:
            with self._ctx.tasks.progress(tr("Opening {title}", title=source.title)) as progress:
                stamp = await opener.stamp(source)
                opened = await opener.open(source, lambda done, _: self._report(source, progress, done))
        except Unopened as error:
            source.state, source.error = State.FAILED, str(error)
            source.asks, source.found = error.asks, error.found
            source.stamp = source.seen = stamp
        else:
            source.stamp = source.seen = stamp
            self._show(source, opened)
        self.changed.emit()

    def _show(self, source: Source, opened: Opened) -> None:
        self._clear(source)
        source.layers, source.opened, source.state = opened.show(), opened, State.SHOWN
        source.gone = False
        if source.id in self._new:  # what the user has just opened is looked at; what was there is not
            self._new.discard(source.id)
            self._put_on_top(source)
            self.zoom_to(source)

    def _put_on_top(self, source: Source) -> None:
        """Before all other data; from then on the user's order holds."""
        tree, own = self._ctx.map.layers, [layer.layer_id for layer in source.layers]
        others = (entry.id for entry in tree.entries() if entry.group == "data" and entry.id not in own)
        top = next(others, None)
        for layer_id in own if top is not None else ():
            tree.move(layer_id, top)

    def _report(self, source: Source, progress: Progress, done: float) -> None:
        source.done = done
        try:
            progress.report(done)
        except asyncio.CancelledError:  # by the status bar
            self.cancel(source)
        else:
            self.changed.emit()

    async def _watch(self) -> None:
        """Read again what has changed and has stopped changing."""
        for source in list(self.all):
            if source.state is State.READING:
                continue
            stamp = await self.opener(source).stamp(source)
            if source not in self.all or source.state is State.READING:
                continue
            gone = not stamp
            if gone != source.gone:
                source.gone = gone
                self.changed.emit()
            if stamp and stamp != source.stamp and stamp == source.seen:
                self.open(source)
            source.seen = stamp

    def _hear_faults(self) -> None:
        """The map says what is wrong with layers: a service that is away, a file that cannot be drawn."""
        states = {entry.id: entry.state for entry in self._ctx.map.layers.entries() if entry.state}
        news = False
        for source in self.all:
            said = dict.fromkeys(
                states[layer.layer_id] for layer in source.layers if layer.layer_id in states
            )
            fault = "; ".join(said)
            news, source.fault = news or fault != source.fault, fault
        if news:
            self.changed.emit()

    def _stop(self, source: Source) -> None:
        cancel = self._running.pop(source.id, None)
        if cancel is not None:
            cancel()

    def _clear(self, source: Source) -> None:
        for layer in source.layers:
            layer.remove()
        source.layers = ()

    def _keep(self) -> None:
        self._file.save([source.kept() for source in self.all])

    def _take(self, rows: list[Any]) -> None:
        """What was open the last time; rows that nobody understands are left out."""
        for row in rows:
            try:
                source = Source(
                    id=str(row["id"]),
                    kind=str(row["kind"]),
                    where=str(row["where"]),
                    title=str(row["title"]),
                    options=dict(row["options"]),
                )
            except (TypeError, ValueError, KeyError):
                self._ctx.log.warning("a kept data source could not be read and is dropped")
                continue
            if source.kind in self._openers and self.find(source.id) is None:
                self.all.append(source)
                self.open(source)
        self.changed.emit()
