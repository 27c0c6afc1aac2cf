"""Activity ranges of single people: by click, by drawing, or by the area chosen above; seen on the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QLabel

from console.sdk import OneMapError, Shape, ShapeStyle, Undo
from console.sdk.ui import Column, EmptyState, RecordTable, button
from plugins.staff.desktop.limits.desk import LAYER, Limits
from plugins.staff.desktop.limits.editor import Editor
from plugins.staff.desktop.words import role_text

_STYLE = ShapeStyle(stroke="info", width=2.0, casing="map.symbol_outline", dash=(6.0, 3.0))
_NAMED = 6
"""Areas that the table names; of the others it gives the number."""


class RangesEditor(Editor):
    """The people with ranges of their own; the form is about the person selected in the console."""

    def __init__(self, limits: Limits, area: Callable[[], str]) -> None:
        """*area* gives the code of the area chosen in the panel, or nothing."""
        tr = limits.ctx.tr
        empty = EmptyState(
            tr("All keep to the range of their role"),
            tr("Select a person, then give them areas by click, by drawing or by the list above."),
            icon="area",
        )
        table = RecordTable(_columns(limits), key=lambda r: r["staff"], empty=empty, name=LAYER)
        self._who, self._areas = QLabel(), QComboBox()
        self._areas.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._areas.setAccessibleName(tr("Areas of the range"))
        self._out = button(tr("Take out"), self._take_out, "minus")
        self._click = button(tr("Click a grid"), self._by_click, "locate")
        self._draw = button(tr("Draw"), self._by_drawing, "edit", tooltip=tr("All grids that it touches"))
        self._chosen = button(
            tr("Add chosen area"), self._by_list, "plus", tooltip=tr("The one chosen above")
        )
        self._plain = button(tr("As their role"), self.take_away, "trash")
        parts = [self._areas, self._out, self._click, self._draw, self._chosen, self._plain]
        super().__init__(limits, table, [self._who, *parts])
        self._area = area
        self._parts = parts
        self._drawing: Undo = lambda: None
        table.on_select(lambda key: key and limits.desk.select(key))
        table.on_activate(limits.desk.jump)
        limits.changed.connect(self._fill)
        limits.desk.selected_changed.connect(self._show)
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        self._drawing()
        self.limits.layer.clear()

    def _fill(self) -> None:
        self.table.set_rows(self.limits.ranges)
        self._show()

    def _show(self) -> None:
        """The person selected, their areas, and those on the map."""
        desk, tr = self.limits.desk, self.limits.ctx.tr
        staff, areas = desk.record(desk.selected), self.limits.range_of(desk.selected)
        self.table.select_key(desk.selected if areas else None)
        self._who.setText(staff.name if staff else tr("Select a person first"))
        self._areas.clear()
        for code in areas:
            self._areas.addItem(desk.area_name(code), code)
        for part in self._parts:
            part.setEnabled(staff is not None and self.limits.may_write)
        for part in (self._areas, self._out, self._plain):
            part.setEnabled(part.isEnabled() and bool(areas))
        self._drawing()
        self.limits.layer.clear()
        if areas and self.isVisible():
            self._drawing = self.limits.ctx.tasks.start(self._outline(areas))

    async def _outline(self, areas: list[str]) -> None:
        for code in areas:
            try:
                answer = await self.limits.ctx.backend.get(f"/areas/{code}/outline")
            except OneMapError as error:
                self.limits.ctx.log.info("no outline of %s: %s", code, error)
                continue
            self.limits.layer.put(code, *map(_shape, answer["polygons"]))

    def _add(self, codes: list[str]) -> None:
        selected = self.limits.desk.selected
        if selected is not None and codes:
            self.limits.put_range(selected, [*self.limits.range_of(selected), *codes])

    def _take_out(self) -> None:
        selected, gone = self.limits.desk.selected, self._areas.currentData()
        if selected is not None:
            kept = [code for code in self.limits.range_of(selected) if code != gone]
            self.limits.put_range(selected, kept)

    def take_away(self) -> None:
        if self._plain.isEnabled() and self.limits.desk.selected is not None:
            self.limits.put_range(self.limits.desk.selected, [])

    def _by_list(self) -> None:
        area = self._area()
        if area:
            self._add([area])
        else:
            ctx = self.limits.ctx
            ctx.notify(ctx.tr("Choose an area above first"), key=LAYER)

    def _by_click(self) -> None:
        self.limits.ctx.tasks.start(self._pick())

    def _by_drawing(self) -> None:
        self.limits.ctx.tasks.start(self._polygon())

    async def _pick(self) -> None:
        ctx = self.limits.ctx
        where = await ctx.map.pick_point(ctx.tr("Click the grid that belongs to the range"))
        if where is not None:
            code = await ctx.map.area_at(*where)
            if code:
                self._add([code])
            else:
                ctx.notify(ctx.tr("There is no grid at this place"), key=LAYER)

    async def _polygon(self) -> None:
        ctx = self.limits.ctx
        corners = await ctx.map.draw(
            "polygon", ctx.tr("Draw around the range; all grids that it touches count")
        )
        if corners and len(corners) > 2:
            self._add(await self.limits.grids_within(corners))


def _columns(limits: Limits) -> list[Column]:
    tr, name = limits.ctx.tr, limits.desk.area_name

    def areas(given: dict[str, Any]) -> str:
        named = tr(", ").join(name(code) for code in given["areas"][:_NAMED])
        more = len(given["areas"]) - _NAMED
        return named if more <= 0 else tr("{named} and {n} more", named=named, n=more)

    return [
        Column(tr("Name"), lambda given: given["name"], width=110),
        Column(tr("Role"), lambda given: role_text(given["role"], tr), width=100),
        Column(tr("Area"), lambda given: name(given["area"]), width=140),
        Column(tr("Activity range"), areas),
    ]


def _shape(rings: Any) -> Shape:
    shell, *holes = [[(float(lon), float(lat)) for lon, lat in ring] for ring in rings]
    return Shape(kind="polygon", points=shell, holes=holes, style=_STYLE)
