"""The form of a sheet: paper, scale, what stands on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from console.sdk import Context
from console.sdk.printing import PrintFailed
from console.sdk.ui import Chips, button, row
from console.sdk.ui.choices import Choice, Number
from plugins.printing.desktop.recipe import GREATEST_MARGIN, GREATEST_SIDE, LEAST_SIDE
from plugins.printing.desktop.room import PrintRoom
from plugins.printing.desktop.words import (
    COLORS,
    GRATICULES,
    LEGENDS,
    PAPER_TITLES,
    SYMBOL_TITLES,
    parse_scale,
    titled,
)

SCALES = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 25_000, 50_000, 100_000, 200_000, 500_000)


class SheetForm(QFormLayout):
    """Shows the room's recipe, and changes it."""

    def __init__(self, ctx: Context, room: PrintRoom) -> None:
        super().__init__()
        self._ctx, self._room = ctx, room
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._words()
        self._paper_rows()
        self._scale_row()
        self._content()
        self.show_recipe()

    def _words(self) -> None:
        tr = self._ctx.tr
        self.title = QLineEdit(self._room.title, placeholderText=tr("Stands above the map; may stay empty"))
        self.note = QLineEdit(self._room.note, placeholderText=tr("Stands below the map; may stay empty"))
        for name, field in ((tr("Title"), self.title), (tr("Note"), self.note)):
            field.setMaxLength(200)
            field.setAccessibleName(name)
            field.textChanged.connect(lambda _: self._room.say(self.title.text(), self.note.text()))
            self.addRow(name, field)

    def _paper_rows(self) -> None:
        tr, room = self._ctx.tr, self._room
        self._paper = Choice(tr("Paper"), lambda value: self._set(paper=value))
        self._paper.offer(titled(self._ctx, PAPER_TITLES))
        turns = [("landscape", tr("Landscape")), ("portrait", tr("Portrait"))]
        self._turn = Chips(turns, lambda value: self._set(landscape=value == "landscape"))
        self._width = _side(tr("Width"), lambda value: self._set(width=value))
        self._height = _side(tr("Height"), lambda value: self._set(height=value))
        self._sides = _together(self._width, self._height)
        self._margin = Number(
            tr("Margin"),
            lambda value: room.change(margin=value),
            least=0.0,
            most=GREATEST_MARGIN,
            step=1.0,
            digits=0,
            suffix=" mm",
        )
        self.addRow(tr("Paper"), _together(self._paper, self._turn))
        self.addRow(tr("Width and height"), self._sides)
        self.addRow(tr("Margin"), self._margin)

    def _scale_row(self) -> None:
        tr = self._ctx.tr
        self._scale = QComboBox(editable=True)
        self._scale.setAccessibleName(tr("Scale"))
        self._scale.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._scale.addItems([f"1:{scale:,}" for scale in SCALES])
        self._scale.setToolTip(tr("Exact in the middle of the sheet; type any number"))
        self._scale.activated.connect(lambda _: self._read_scale())
        edit = self._scale.lineEdit()
        assert edit is not None
        edit.editingFinished.connect(self._read_scale)
        self._fit = button(
            tr("Fit the view"),
            self._fit_view,
            tooltip=tr("The largest round scale that shows the whole view"),
        )
        self.addRow(tr("Scale"), _together(self._scale, self._fit))
        follows = [("view", tr("Follows the view")), ("stays", tr("Stays"))]
        self._frame = Chips(follows, lambda value: self._room.follow(value == "view"))
        self._place = button(
            tr("Place …"), self._place_frame, "locate", tooltip=tr("Click the middle of the sheet on the map")
        )
        self.addRow(tr("Frame"), _together(self._frame, self._place))

    def _content(self) -> None:
        tr, change = self._ctx.tr, self._room.change
        self._legend = Chips(titled(self._ctx, LEGENDS), lambda value: change(legend=value))
        self._graticule = Choice(tr("Grid"), lambda value: change(graticule=value))
        self._graticule.offer(titled(self._ctx, GRATICULES))
        self._colors = Chips(titled(self._ctx, COLORS), lambda value: change(colors=value))
        self._symbols = Chips(titled(self._ctx, SYMBOL_TITLES), lambda value: change(symbols=value))
        self._furniture = QCheckBox(tr("Scale bar, north arrow, time and coordinate system"))
        self._furniture.toggled.connect(lambda on: change(furniture=on))
        self._signed = QCheckBox(tr("My name and unit"))
        self._signed.toggled.connect(lambda on: change(signed=on))
        for name, part in (
            (tr("Legend"), self._legend),
            (tr("Grid"), self._graticule),
            (tr("Colours"), self._colors),
            (tr("Symbols and texts"), self._symbols),
        ):
            part.setAccessibleName(name)
            self.addRow(name, part)
        self.addRow("", self._furniture)
        self.addRow("", self._signed)

    def show_recipe(self) -> None:
        """The room's, as it is now."""
        recipe = self._room.recipe
        self._paper.show_value(recipe.paper)
        self._turn.select("landscape" if recipe.landscape else "portrait")
        self._turn.setVisible(recipe.paper != "custom")
        self.setRowVisible(self._sides, recipe.paper == "custom")
        for field, value in (
            (self._width, recipe.width),
            (self._height, recipe.height),
            (self._margin, recipe.margin),
        ):
            field.show_value(value)
        if not self._scale.hasFocus() or parse_scale(self._scale.currentText()) is None:
            self._scale.setEditText(f"1:{recipe.scale:,.10g}")
        self._frame.select("view" if self._room.follows else "stays")
        for chips, value in (
            (self._legend, recipe.legend),
            (self._colors, recipe.colors),
            (self._symbols, recipe.symbols),
        ):
            chips.select(value)
        self._graticule.show_value(recipe.graticule)
        for box, on in ((self._furniture, recipe.furniture), (self._signed, recipe.signed)):
            box.setChecked(on)

    def _set(self, **values: Any) -> None:
        self._room.change(**values)

    def _read_scale(self) -> None:
        scale = parse_scale(self._scale.currentText())
        if scale is not None:
            self._room.change(scale=scale)
        self._scale.setEditText(f"1:{self._room.recipe.scale:,.10g}")

    def _fit_view(self) -> None:
        try:
            self._room.fit()
        except PrintFailed as error:
            self._ctx.notify(str(error), key="onemap.printing.fit")
        self._scale.setEditText(f"1:{self._room.recipe.scale:,.10g}")

    async def _ask_place(self) -> None:
        place = await self._ctx.map.pick_point(self._ctx.tr("Click the middle of the sheet"))
        if place is not None:
            self._room.put_at(place)

    def _place_frame(self) -> None:
        self._ctx.tasks.start(self._ask_place())


def _together(*parts: QWidget) -> QWidget:
    """Side by side in one field."""
    holder = QWidget()
    layout: QHBoxLayout = row(*parts)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setAlignment(Qt.AlignmentFlag.AlignLeft)
    holder.setLayout(layout)
    return holder


def _side(name: str, on_change: Callable[[float], Any]) -> Number:
    """A side of custom paper."""
    return Number(name, on_change, least=LEAST_SIDE, most=GREATEST_SIDE, step=10.0, digits=0, suffix=" mm")
