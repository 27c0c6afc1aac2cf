"""What the time slider does: which layer, by which field, which window, and playing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from console.sdk import Context, LayerEntry, Severity
from console.sdk.json_file import JsonFile
from console.sdk.layer_data import PackageError
from plugins.views.desktop.timeline.moments import NoTimes, TimeField, read_time_field, time_fields
from plugins.views.desktop.timeline.track import words_of

SOON = 800
"""Milliseconds after a change until it is written."""
LATER = 60
"""Milliseconds in which changes of the window are gathered before the map is asked to filter anew."""
MOST_KEPT = 100
"""Layers whose field and window are remembered."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is remembered of a layer."""

    field: str
    start: float
    end: float


class TimeDesk(QObject):
    """One layer at a time; what it shows on the map lasts until the user ends it or the console ends."""

    changed = Signal()
    """Layer, fields or whether it is on."""
    window_changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._file = JsonFile(ctx, "times.json")
        self._kept: dict[str, Choice] = {}
        self.layer: str | None = None
        self.fields: Sequence[str] = ()
        self.field: TimeField | None = None
        self._wanted = ""
        """The field that was chosen last; reads of others may end after it."""
        self.reading = False
        self.start, self.end = 0.0, 1.0
        self.on = False
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._save)
        self._later = QTimer(self, singleShot=True, interval=LATER)
        self._later.timeout.connect(self._apply)
        self._player = QTimer(self)
        self._player.timeout.connect(self._play_on)
        self._file.load(self._take)
        ctx.map.layers.on_change(self._on_layers)
        ctx.on_language(self._say)
        ctx.undo(self.switch_off)

    def layers(self) -> list[LayerEntry]:
        """Data layers whose features lie in files, topmost first."""
        tree = self._ctx.map.layers
        return [entry for entry in tree.entries() if entry.group == "data" and tree.files(entry.id)]

    @property
    def playing(self) -> bool:
        return self._player.isActive()

    # ---- what the user chooses ----

    def choose_layer(self, layer_id: str | None) -> None:
        """Look for fields of times in it."""
        if layer_id != self.layer:
            self.switch_off()
            self.layer, self.fields, self.field = layer_id, (), None
            self.changed.emit()
            if layer_id is not None:
                self._ctx.tasks.start(self._look(layer_id))

    def choose_field(self, name: str) -> None:
        """Read it; the window is as it was left, or all of the time."""
        if self.layer is not None:
            self._wanted = name
            self._ctx.tasks.start(self._read(self.layer, name))

    def show_window(self, start: float, end: float) -> None:
        """Show what lies from *start* to before *end*, as far as there is any."""
        if self.field is None:
            return
        low, high = self.field.low, self.field.high
        length = min(max(end - start, 0.0), high - low)
        if start < low or end > high:  # a window that is moved keeps its length
            start = min(max(start, low), high - length)
            end = start + length
        self.start, self.end = start, end
        self.on = True
        self._later.start()
        self._soon.start()
        self.window_changed.emit()

    def show_all(self) -> None:
        """The whole of the time."""
        if self.field is not None:
            self.show_window(self.field.low, self.field.high)

    def set_length(self, seconds: float) -> None:
        """A window of this length, from where it begins."""
        self.show_window(self.start, self.start + seconds)

    def step(self, by: int) -> None:
        """The window on (1) or back (-1) by its own length; beyond the end it begins anew."""
        if self.field is None:
            return
        length = max(self.end - self.start, 1.0)
        start = self.start + by * length
        if start >= self.field.high - 0.5:
            start = self.field.low
        elif start <= self.field.low - length:
            start = self.field.high - length
        self.show_window(start, start + length)

    def play(self, seconds: float) -> None:
        """A step each so many seconds, or later: as soon as the map shows the one before."""
        if self.field is not None:
            if self.end - self.start >= self.field.high - self.field.low:  # all of it is nothing to play
                self.show_window(self.field.low, self.field.low + (self.field.high - self.field.low) / 24)
            self._player.start(round(seconds * 1000))
            self.changed.emit()

    def pause(self) -> None:
        """Stay where it is."""
        self._player.stop()
        self.changed.emit()

    def switch_off(self) -> None:
        """The layer shows all its features again."""
        self._player.stop()
        self._later.stop()
        if self.on and self.layer is not None:
            self.on = False
            self._ctx.map.layers.set_filter(self.layer, None)
            self._say()
        self.changed.emit()

    # ---- behind it ----

    async def _look(self, layer_id: str) -> None:
        files = self._ctx.map.layers.files(layer_id)
        self.reading = True
        self.changed.emit()
        try:
            found = await self._ctx.tasks.run(time_fields, files.packages) if files else []
        except (OSError, PackageError) as error:
            found = []
            self._tell(str(error))
        self.reading = False
        if self.layer == layer_id:
            self.fields = found
            kept = self._kept.get(layer_id)
            self.changed.emit()
            if found:
                self.choose_field(kept.field if kept and kept.field in found else found[0])

    async def _read(self, layer_id: str, name: str) -> None:
        files = self._ctx.map.layers.files(layer_id)
        if files is None:
            return
        self.reading = True
        try:
            field = await self._ctx.tasks.run(read_time_field, files.packages, name)
        except NoTimes as error:
            tr = self._ctx.tr
            many = tr("The field has too many different times")
            self._tell(many if error.why == "many" else tr("The field has no times"))
            return
        except (OSError, PackageError) as error:
            self._tell(str(error))
            return
        finally:
            self.reading = False
            self.changed.emit()
        if (self.layer, self._wanted) == (layer_id, name):
            self._take_field(field)

    def _take_field(self, field: TimeField) -> None:
        was_on = self.on
        self.field = field
        kept = self._kept.get(self.layer or "")
        fits = kept is not None and kept.field == field.name and field.low <= kept.start < kept.end
        self.start, self.end = (kept.start, kept.end) if kept and fits else (field.low, field.high)
        self.end = min(self.end, field.high)
        self.changed.emit()
        if was_on:
            self.show_window(self.start, self.end)

    def _play_on(self) -> None:
        if self._ctx.map.views.settled:
            self.step(1)

    def _apply(self) -> None:
        """Filter on the map; its workers draw anew."""
        if self.on and self.field is not None and self.layer is not None:
            self._ctx.map.layers.set_filter(self.layer, self.field.condition(self.start, self.end))
            self._say()

    def _say(self) -> None:
        """Nobody may take what is past for what is now."""
        entry = next((e for e in self._ctx.map.layers.entries() if e.id == self.layer), None)
        if not self.on or self.field is None or entry is None:
            self._ctx.map.views.say("")
            return
        title, span = entry.title.get(self._ctx.language), self.end - self.start
        start, end = words_of(self.start, span), words_of(self.end, span)
        self._ctx.map.views.say(
            self._ctx.tr(
                "Not the present: “{layer}” from {start} to {end}", layer=title, start=start, end=end
            )
        )

    def _on_layers(self) -> None:
        """The layer may have gone."""
        if self.layer is not None and self._ctx.map.layers.files(self.layer) is None:
            self.on = False
            self._player.stop()
            self.layer, self.fields, self.field = None, (), None
            self._say()
        self.changed.emit()

    def _tell(self, text: str) -> None:
        self._ctx.notify(text, Severity.WARNING, key="onemap.views.time")

    def _save(self) -> None:
        if self.layer is not None and self.field is not None:
            self._kept.pop(self.layer, None)
            self._kept[self.layer] = Choice(self.field.name, self.start, self.end)
        rows = [
            {"layer": layer, "field": kept.field, "start": kept.start, "end": kept.end}
            for layer, kept in list(self._kept.items())[-MOST_KEPT:]
        ]
        self._file.save(rows)

    def _take(self, rows: list[Any]) -> None:
        for row in rows:
            try:
                kept = Choice(str(row["field"]), float(row["start"]), float(row["end"]))
                self._kept.setdefault(str(row["layer"]), kept)
            except (TypeError, ValueError, KeyError):
                self._ctx.log.warning("a remembered window of time could not be read")
