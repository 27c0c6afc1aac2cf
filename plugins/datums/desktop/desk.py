"""What the ledger knows, and all that it asks of the backend."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import Context, MissingService, OneMapError, Severity, Undo
from console.sdk.datums import FEWEST, OwnLayers
from console.sdk.records import DatumCheck, DatumLedger, LocalDatum
from plugins.datums.desktop.entry import Entry, entries_of
from plugins.datums.desktop.here import HereMeasurer, enough
from plugins.datums.desktop.suited import advice, references
from plugins.datums.desktop.words import STATES, datum_text

MEASURE, CHANGE = "layers.measure", "layers.import"
"""Rights."""
POLL = 1.0
"""Seconds between two questions after a job."""


class LedgerDesk(QObject):
    """The one state behind both panels; ``changed`` says that it is another."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.entries: list[Entry] = []
        self.locals: tuple[LocalDatum, ...] = ()
        self.reference = ""
        """Key of the layer that is held to lie right; empty: for each layer the best suited one."""
        self.problem = ""
        self.loaded = False
        self.done: float | None = None
        """0..1 while layers are measured."""
        self._ledger = DatumLedger(layers=(), feeds=(), locals=())
        self._here = HereMeasurer(ctx)
        self._own: OwnLayers | None = None
        self._measuring: Undo | None = None
        self._tried: set[tuple[str, str, str, str]] = set()
        """Layer, reference and their versions: what was measured and told nothing."""
        self._turn = 0
        """Counts measurements, so that one that was stopped doesn't end the next."""
        ctx.undo(self.deleteLater)
        ctx.live.collection("layer").on_change(lambda _change: self.load())
        ctx.backend.on_connection(lambda connected: self.load() if connected else self.changed.emit())

    # ---- what there is

    def may(self, right: str) -> bool:
        """Whether the user has the right and the backend is there."""
        return self.ctx.backend.connected and self.ctx.backend.allowed(right)

    def datum(self, name: str) -> str:
        """A datum's name for the user."""
        return datum_text(name, self.ctx.tr, self.locals, self.ctx.language)

    def title(self, entry: Entry) -> str:
        """Title in the user's language."""
        return entry.title_zh if self.ctx.language == "zh_CN" else entry.title_en or entry.title_zh

    def find(self, key: str) -> Entry | None:
        """The line with this key."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def title_of(self, key: str) -> str:
        """Title of a line, or its key when it is gone."""
        found = self.find(key)
        return self.title(found) if found else key

    def references(self, entry: Entry) -> list[Entry]:
        """What *entry* is measured against: the user's choice, or the best suited ones."""
        if not self.reference:
            return references(entry, self.entries)
        chosen = self.find(self.reference)
        return [chosen] if chosen is not None and chosen.key != entry.key else []

    def untried(self, entry: Entry) -> list[Entry]:
        """References that may still tell more of *entry* than the one it was measured against."""
        last = entry.check.reference if entry.check is not None else ""
        found = self.references(entry)
        return [e for e in found if e.key != last and self._trial(entry, e) not in self._tried]

    def _trial(self, entry: Entry, reference: Entry) -> tuple[str, str, str, str]:
        versions = _versions(self.entries)
        return entry.key, reference.key, versions.get(entry.key, ""), versions.get(reference.key, "")

    def why_not(self, entry: Entry) -> str:
        """Why it cannot be measured, in the user's words; empty when it can."""
        tr = self.ctx.tr
        if entry.own is not None and entry.own.why_not:
            return entry.own.why_not
        if entry.is_feed and not enough(self._here.devices(entry)):
            return tr("Fewer than {n} devices report by it now", n=FEWEST)
        if entry.key == self.reference:
            return tr("It is the reference")
        against = self.references(entry)
        if not against:
            return tr(advice(entry))
        if entry.layer is not None and all(e.layer is not None for e in against) and not self.may(MEASURE):
            return tr("You lack the right, or the backend is away")
        return ""

    def load(self) -> None:
        """Ask for the ledger."""
        self._find_own()
        self.ctx.tasks.start(self._load())

    def _find_own(self) -> None:
        """Follow the user's own files and services, if their plugin is there."""
        if self._own is None:
            try:
                self._own = self.ctx.services.get("own_layers")
            except MissingService:
                return
            if self._own is not None:
                self._own.on_change(self._rebuild)

    async def _load(self) -> None:
        try:
            ledger = msgspec.convert(await self.ctx.backend.get("/datums"), DatumLedger)
        except OneMapError as error:
            self.problem = str(error)
        else:
            self.problem, self.loaded, self.locals = "", True, ledger.locals
            self._ledger = ledger
        self._rebuild()

    def _rebuild(self) -> None:
        own = tuple(self._own.all()) if self._own is not None else ()
        entries = entries_of(self._ledger, own)
        versions = _versions(entries)
        self.entries = [_with(entry, self._here.check_of(entry, versions)) for entry in entries]
        if self.find(self.reference) is None:
            self.reference = ""
        self.changed.emit()

    # ---- measuring

    def measure_all(self) -> None:
        """Measure all that can be."""
        self.ctx.tasks.start(self._measure_all())

    async def _measure_all(self) -> None:
        if not self.loaded:
            self._find_own()
            await self._load()
        self.measure([entry.key for entry in self.entries if not self.why_not(entry)])

    def measure(self, keys: Sequence[str]) -> None:
        """Measure these, one after another; what ran before is stopped."""
        self.stop()
        wanted = [entry for entry in map(self.find, keys) if entry is not None and not self.why_not(entry)]
        if wanted:
            self._measuring = self.ctx.tasks.start(self._measure(wanted))

    def stop(self) -> None:
        """Ask no further; what has come stays."""
        if self._measuring is not None:
            self._measuring()
            self._measuring = None
        self._turn, self.done = self._turn + 1, None
        self.changed.emit()

    async def _measure(self, wanted: list[Entry]) -> None:
        turn = self._turn
        try:
            with self.ctx.tasks.progress(self.ctx.tr("Measuring datums")) as progress:
                for number, entry in enumerate(wanted):
                    self.done = number / len(wanted)
                    self.changed.emit()
                    progress.report(self.done, self.title(entry))
                    await self._measure_one(entry, alone=len(wanted) == 1)
        except OneMapError as error:
            self._tell(self.ctx.tr("The layers could not be measured"), error)
        finally:
            if turn == self._turn:
                self.done = self._measuring = None
                self.changed.emit()
        await self._load()

    async def _measure_one(self, entry: Entry, *, alone: bool) -> None:
        """Against one reference after another, until a result is clear; the clearest is kept."""
        for reference in self.references(entry):
            check = await self._ask(entry, reference)
            better = _better(entry.check, check)
            if alone and better is not check:
                self._tell_kept(better, check)
            entry = replace(entry, check=better)
            self.entries = [entry if e.key == entry.key else e for e in self.entries]
            if check.is_clear:
                return
            self._tried.add(self._trial(entry, reference))

    async def _ask(self, entry: Entry, reference: Entry) -> DatumCheck:
        """The backend measures its own layers, for all to see; the others are measured here."""
        if entry.layer is not None and reference.layer is not None:
            body = {"layer": entry.key, "reference": reference.key}
            return msgspec.convert(await self.ctx.backend.post("/datums/checks", body), DatumCheck)
        check = await self._here.measure(entry, reference)
        versions = _versions(self.entries)
        if _better(self._here.check_of(entry, versions), check) is check:
            self._here.keep(check, versions)
        return check

    def _tell_kept(self, kept: DatumCheck, check: DatumCheck) -> None:
        text = self.ctx.tr(
            "Against {reference}: {state}. The clearer result against {other} stays.",
            reference=self.title_of(check.reference),
            state=self.ctx.tr(STATES[check.state]),
            other=self.title_of(kept.reference),
        )
        self.ctx.notify(text, key="onemap.datums.kept")

    # ---- putting right

    def read_as(self, entry: Entry, datum: str) -> None:
        """Have a layer read in another datum: the district's in the backend, the user's own here."""
        if entry.layer is not None:
            self.ctx.tasks.start(self._read_as(entry.key, datum))
        elif self._own is not None:
            self._own.read_as(entry.key, datum)

    async def _read_as(self, layer_id: str, datum: str) -> None:
        tr, title = self.ctx.tr, self.title_of(layer_id)
        words = {"title": title, "datum": self.datum(datum)}
        try:
            with self.ctx.tasks.progress(tr("{title} is read as {datum}", **words)) as progress:
                job = await self.ctx.backend.post(f"/layers/{layer_id}/datum", {"datum": datum})
                while job["state"] == "running":
                    progress.report(job["progress"], job["text"])
                    await self.ctx.tasks.sleep(POLL)
                    job = await self.ctx.backend.get(f"/imports/{job['id']}")
        except OneMapError as error:
            self._tell(tr("{title} stays as it was", title=title), error)
            return
        if job["state"] == "done":
            self.ctx.notify(tr("{title} was read as {datum}", **words), Severity.SUCCESS)
        else:
            why = job["error"] if self.ctx.language == "zh_CN" else job["error_en"]
            self.ctx.notify(tr("{title} stays as it was", title=title), Severity.ERROR, detail=why)
        await self._load()

    def put_local(self, name: str, definition: dict[str, Any], then: Callable[[], None]) -> None:
        """Enter a local datum; *then* is called once it is kept."""
        self.ctx.tasks.start(self._change(self.ctx.backend.put(f"/datums/local/{name}", definition), then))

    def drop_local(self, name: str, then: Callable[[], None]) -> None:
        """Take a local datum away."""
        self.ctx.tasks.start(self._change(self.ctx.backend.delete(f"/datums/local/{name}"), then))

    async def _change(self, asked: Awaitable[Any], then: Callable[[], None]) -> None:
        try:
            await asked
        except OneMapError as error:
            self._tell(self.ctx.tr("The local datum stays as it was"), error)
        else:
            then()
            await self._load()

    def _tell(self, text: str, error: OneMapError) -> None:
        self.ctx.notify(text, Severity.ERROR, detail=str(error), key="onemap.datums.failed")


def _versions(entries: Sequence[Entry]) -> dict[str, str]:
    """Of all lines that have one, by key."""
    layers = {entry.key: entry.layer.version for entry in entries if entry.layer is not None}
    return layers | {entry.key: entry.own.version for entry in entries if entry.own is not None}


def _with(entry: Entry, found: DatumCheck | None) -> Entry:
    """With what was found here, if that says more."""
    return entry if found is None else replace(entry, check=_better(entry.check, found))


def _better(kept: DatumCheck | None, found: DatumCheck) -> DatumCheck:
    """A clear result is not given up for an unclear one; else the newer counts."""
    if kept is None or (kept.worth, kept.at) <= (found.worth, found.at):
        return found
    return kept
