"""Cameras near a place: how far, in which direction, and whether they look there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel

from console.sdk import Shape, ShapeStyle
from console.sdk.records import LonLat
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Toolbar, button, row
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.sight import Near, cameras_near
from plugins.cameras.desktop.words import LOOK_COLORS, LOOKS, metres_text, state_text

MARKER = ShapeStyle(stroke="map.selection", width=2.5, casing="map.symbol_outline")


class NearPlace(QObject):
    """Keeps the place that was asked about."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.where: LonLat | None = None
        ctx = desk.ctx
        self._layer = ctx.map.add_shapes("onemap.cameras.near", listed=False)
        ctx.commands.bind("onemap.cameras.near_here", self.here)
        ctx.commands.bind("onemap.cameras.near_pick", self.pick)
        desk.changed.connect(self.changed)

    async def pick(self) -> None:
        """Let the user click the place."""
        where = await self._desk.ctx.map.pick_point(self._desk.ctx.tr("Click the place to be seen"))
        if where is not None:
            self.ask(where)

    def here(self) -> None:
        """Take the place of the context menu."""
        where = self._desk.ctx.map.last_context_point()
        if where is not None:
            self.ask(where)

    def ask(self, where: LonLat) -> None:
        """Look around *where*."""
        self.where = where
        self._layer.put("near", Shape(kind="circle", points=(where,), radius=8, style=MARKER))
        self._desk.ctx.panels.show("onemap.cameras.near")
        self.changed.emit()

    def clear(self) -> None:
        """Forget the place."""
        self.where = None
        self._layer.clear()
        self.changed.emit()

    def found(self) -> list[Near]:
        """The nearest cameras."""
        if self.where is None:
            return []
        return cameras_near(self._desk.catalogue, self.where, int(self._desk.ctx.settings.get("near_count")))


class NearPanel(Page):
    """The list, nearest first."""

    def __init__(self, desk: Desk, near: NearPlace) -> None:
        super().__init__()
        self._desk = desk
        self._near = near
        tr = desk.ctx.tr
        self._where = QLabel()
        self._where.setObjectName("muted")
        tools = Toolbar()
        tools.add("close", tr("Clear"), near.clear)
        pick = lambda: desk.ctx.commands.run("onemap.cameras.near_pick")  # noqa: E731
        self._table = self._make_table()
        self.add(row(button(tr("Pick a place"), pick, "locate", primary=True), self._where, None, tools))
        self.add(self._table, 1)
        near.changed.connect(self._show)
        self._show()

    def _make_table(self) -> RecordTable:
        tr = self._desk.ctx.tr
        hint = tr("Pick a place, or use “Cameras near here” in the map's context menu.")
        table = RecordTable(
            [
                Column(tr("Name"), lambda near: near.camera.name),
                Column(
                    tr("Distance"),
                    lambda near: metres_text(near.metres, tr),
                    width=80,
                    align="right",
                    sort=lambda near: near.metres,
                ),
                Column(
                    tr("Sight"),
                    lambda near: tr(LOOKS[near.look]),
                    width=110,
                    color=lambda near: LOOK_COLORS[near.look],
                ),
                Column(tr("State"), lambda near: state_text(near.camera, tr), width=70),
            ],
            key=lambda near: near.camera.id,
            empty=EmptyState(tr("No place asked about"), hint, icon="camera"),
            name="onemap.cameras.near.table",
        )
        table.on_select(lambda key: key and self._desk.select(key))
        table.on_activate(self._desk.jump)
        return table

    def _show(self) -> None:
        where = self._near.where
        self._where.setText("" if where is None else f"{where[0]:.6f}, {where[1]:.6f}")
        self._table.set_rows(self._near.found())
