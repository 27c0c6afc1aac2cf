"""One place in many coordinate systems: the one under the pointer, or one that was picked."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QToolButton

from console.sdk import Context, Shape, ShapeStyle
from console.sdk.records import LonLat
from console.sdk.ui import EmptyState, Page, button, icon, row
from plugins.one_map.desktop.map_signals import MapSignals
from plugins.one_map.desktop.readings import Reading, readings

MARKER = ShapeStyle(stroke="map.selection", width=2.5, casing="map.symbol_outline")


class Probe(QObject):
    """Works out the readings of a place in the background; the newest place wins."""

    changed = Signal(object)
    """A list of Readings."""

    def __init__(self, ctx: Context, signals: MapSignals) -> None:
        super().__init__()
        self._ctx = ctx
        self._layer = ctx.map.add_shapes("onemap.one_map.probe", listed=False)
        self._wanted: LonLat | None = None
        self._busy = False
        self.follows_pointer = True
        self.watched = 0
        """Panels that are visible; nothing is worked out for none."""
        signals.pointer.connect(self._on_pointer)
        signals.clicked.connect(self._on_click)
        ctx.commands.bind("onemap.one_map.pick_coordinates", self.pick)

    async def pick(self) -> None:
        """Let the user click a place and hold its readings."""
        self._ctx.panels.show("onemap.one_map.coordinates")
        where = await self._ctx.map.pick_point(self._ctx.tr("Click the place whose coordinates you want"))
        if where is not None:
            self.hold(where)

    def hold(self, where: LonLat) -> None:
        """Show *where* and mark it, until the pointer is followed again."""
        self.follow_pointer(False)
        self._layer.put("probe", Shape(kind="circle", points=(where,), radius=6, style=MARKER))
        self._read(where)

    def follow_pointer(self, on: bool) -> None:
        """Whether the place under the pointer is read."""
        self.follows_pointer = on
        if on:
            self._layer.clear()

    def _on_pointer(self, lon: float, lat: float) -> None:
        if self.follows_pointer and self.watched:
            self._read((lon, lat))

    def _on_click(self, lon: float, lat: float) -> None:
        if self.watched:
            self.hold((lon, lat))

    def _read(self, where: LonLat) -> None:
        self._wanted = where
        if not self._busy:
            self._busy = True
            self._ctx.tasks.start(self._work())

    async def _work(self) -> None:
        try:
            while self._wanted is not None:
                where, self._wanted = self._wanted, None
                self.changed.emit(await self._ctx.tasks.run(readings, *where))
        finally:
            self._busy = False


class CoordinatesPanel(Page):
    """A line a system, each with its copy button."""

    def __init__(self, ctx: Context, probe: Probe) -> None:
        super().__init__()
        self._ctx = ctx
        self._probe = probe
        self._readings: list[Reading] = []
        self._lines: list[tuple[QLabel, QLabel, QToolButton]] = []
        self._follow = QCheckBox(ctx.tr("Follow the pointer"))
        self._follow.setChecked(probe.follows_pointer)
        self._follow.toggled.connect(probe.follow_pointer)
        pick = lambda: ctx.commands.run("onemap.one_map.pick_coordinates")  # noqa: E731
        self.add(
            row(
                button(ctx.tr("Pick a place"), pick, "locate", primary=True),
                self._follow,
                None,
                button(ctx.tr("Copy all"), self._copy_all, "copy"),
            )
        )
        self._empty = EmptyState(
            ctx.tr("No place yet"), ctx.tr("Move the pointer over the map, or click a place."), icon="locate"
        )
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        self.add(self._grid)
        self.add(self._empty, 1)
        self._layout.addStretch(0)
        probe.changed.connect(self._show)

    def showEvent(self, event: object) -> None:
        """Readings are worked out only while somebody looks."""
        self._probe.watched += 1

    def hideEvent(self, event: object) -> None:
        self._probe.watched -= 1

    def _show(self, found: list[Reading]) -> None:
        self._readings = found
        self._empty.hide()
        self._follow.setChecked(self._probe.follows_pointer)
        while len(self._lines) < len(found):
            self._add_line()
        for at, (title, text, copy) in enumerate(self._lines):
            shown = at < len(found)
            for part in (title, text, copy):
                part.setVisible(shown)
            if shown:
                title.setText(self._title(found[at]))
                text.setText(found[at].text)

    def _title(self, reading: Reading) -> str:
        return self._ctx.tr(reading.title, zone=reading.zone)

    def _add_line(self) -> None:
        at = len(self._lines)
        title, text = QLabel(), QLabel()
        title.setObjectName("muted")
        text.setTextInteractionFlags(text.textInteractionFlags().TextSelectableByMouse)
        copy = QToolButton()
        copy.setIcon(icon("copy"))
        copy.setAutoRaise(True)
        copy.setToolTip(self._ctx.tr("Copy"))
        copy.setAccessibleName(self._ctx.tr("Copy"))
        copy.clicked.connect(lambda: self._copy(at))
        self._grid.addWidget(title, 2 * at, 0)
        self._grid.addWidget(text, 2 * at + 1, 0)
        self._grid.addWidget(copy, 2 * at, 1, 2, 1)
        self._lines.append((title, text, copy))

    def _copy(self, at: int) -> None:
        QGuiApplication.clipboard().setText(self._readings[at].text)

    def _copy_all(self) -> None:
        lines = [f"{self._title(reading)}\t{reading.text}" for reading in self._readings]
        QGuiApplication.clipboard().setText("\n".join(lines))
