"""The style of vector tiles: its layers with their looks, from which layers of the tiles they are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from console.sdk import Context
from console.sdk.ui import Toolbar
from console.sdk.ui.choices import Choice, ColorButton, Number, form, swatch
from plugins.styles.desktop import tile_style as ts
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.words import LAYER_TYPES

ROWS = 9
"""Layers that are seen at once."""


class TileForm(QWidget):
    """The list above, the layer that is chosen in it below. What lies on top on the map stands first."""

    def __init__(self, ctx: Context, desk: StyleDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        self._list = self._make_list()
        self._note = QLabel(
            ctx.tr("Some values depend on zoom or feature; a change here replaces them."), wordWrap=True
        )
        self._note.setObjectName("muted")
        self._look = QWidget()
        self._make_look()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._make_tools(), self._list, self._note, self._look):
            layout.addWidget(part)
        layout.addStretch(1)

    def _make_list(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setAccessibleName(self._ctx.tr("Layers of the style"))
        table.setHorizontalHeaderLabels([self._ctx.tr("Layer"), self._ctx.tr("In the tiles")])
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setToolTip(self._ctx.tr("Space: show or hide the layer"))
        table.setFixedHeight(table.verticalHeader().defaultSectionSize() * (ROWS + 1))
        table.currentCellChanged.connect(lambda *_: self._show_look())
        table.itemChanged.connect(self._tick)
        return table

    def _make_tools(self) -> Toolbar:
        tr, tools = self._ctx.tr, Toolbar()
        tools.add("plus", tr("Add a layer"), self._add)
        tools.add("trash", tr("Remove the layer"), self._remove)
        tools.add("chevron-up", tr("Above"), lambda: self._move(1))
        tools.add("chevron-down", tr("Below"), lambda: self._move(-1))
        return tools

    def _make_look(self) -> None:
        tr = self._ctx.tr
        self._form = form()
        self._look.setLayout(self._form)
        self._source = Choice(tr("Layer in the tiles"), self._choose_source)
        self._type = Choice(tr("Drawn as"), lambda kind: self._change(lambda la: ts.with_type(la, kind)))
        self._type.offer((kind, tr(title)) for kind, title in LAYER_TYPES.items())
        self._color = ColorButton(tr("Colour"), lambda color: self._set(ts.COLOR, color))
        self._edge = ColorButton(tr("Edge"), lambda color: self._set(ts.EDGE, color))
        self._opacity = Number(
            tr("Opacity"), lambda v: self._set(ts.OPACITY, v / 100), most=100, step=5, digits=0, suffix=" %"
        )
        self._size = Number(tr("Size"), lambda v: self._set(ts.SIZE, v), most=60, suffix=" px")
        self._text = QLineEdit()
        self._text.setAccessibleName(tr("Text"))
        self._text.setToolTip(tr("Fields stand in braces: {name}", name="{name}"))
        self._text.editingFinished.connect(self._write)
        self._least = Number(tr("From zoom"), lambda _: self._zoom(), most=23, step=1, digits=0)
        self._most = Number(tr("Up to zoom"), lambda _: self._zoom(), most=23, step=1, digits=0)
        for control in (self._source, self._type, self._text, self._color, self._edge):
            self._form.addRow(control.accessibleName(), control)
        for control in (self._opacity, self._size, self._least, self._most):
            self._form.addRow(control.accessibleName(), control)

    # ---- what is shown ----

    def refresh(self) -> None:
        """Show what the desk has."""
        style = self._desk.layers
        with QSignalBlocker(self._list):
            self._list.setRowCount(len(style))
            for row, layer in enumerate(reversed(style)):
                self._show_row(row, layer)
        if self._list.currentRow() < 0 and style:
            self._list.setCurrentCell(0, 0)
        self._show_look()

    def _show_row(self, row: int, layer: ts.Layer) -> None:
        name = QTableWidgetItem(str(layer.get("id", "")))
        name.setFlags(name.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        name.setCheckState(Qt.CheckState.Checked if ts.shown(layer) else Qt.CheckState.Unchecked)
        color = ts.value_of(layer, ts.COLOR.get(str(layer.get("type")), ""))
        if isinstance(color, str) and QColor(color).isValid():
            name.setIcon(QIcon(swatch(color)))
        self._list.setItem(row, 0, name)
        self._list.setItem(row, 1, QTableWidgetItem(str(layer.get("source-layer", ""))))

    @property
    def _at(self) -> int | None:
        """Which layer of the style is chosen."""
        row, count = self._list.currentRow(), len(self._desk.layers)
        return count - 1 - row if 0 <= row < count else None

    def _show_look(self) -> None:
        at = self._at
        layer = self._desk.layers[at] if at is not None else {}
        kind = str(layer.get("type", ""))
        self._look.setVisible(kind in ts.TYPES)
        self._note.setVisible(kind in ts.TYPES and not all(map(ts.is_plain, self._values(layer, kind))))
        if kind not in ts.TYPES:
            return
        self._source.offer((name, name) for name in self._sources())
        self._source.show_value(str(layer.get("source-layer", "")))
        self._type.show_value(kind)
        self._show_values(layer, kind)

    def _sources(self) -> list[str]:
        """Layers in the tiles: what they say themselves, which may be wanting, and what the style has."""
        named = [str(layer["source-layer"]) for layer in self._desk.layers if "source-layer" in layer]
        return list(dict.fromkeys([*self._desk.sources, *named]))

    def _values(self, layer: ts.Layer, kind: str) -> list[Any]:
        tables = (ts.COLOR, ts.EDGE, ts.SIZE, ts.OPACITY)
        return [ts.value_of(layer, table[kind]) for table in tables if kind in table]

    def _show_values(self, layer: ts.Layer, kind: str) -> None:
        for button, table in ((self._color, ts.COLOR), (self._edge, ts.EDGE)):
            value = ts.value_of(layer, table.get(kind, ""))
            button.show_value(value if isinstance(value, str) else "#808080")
            self._form.setRowVisible(button, kind in table)
        for box, table, times in ((self._size, ts.SIZE, 1), (self._opacity, ts.OPACITY, 100)):
            value = ts.value_of(layer, table.get(kind, ""))
            usual = ts.USUAL.get(table.get(kind, ""), 1.0)
            box.show_value((value if isinstance(value, int | float) else usual) * times)
            self._form.setRowVisible(box, kind in table)
        text = ts.value_of(layer, "text-field")
        if not self._text.hasFocus():
            self._text.setText(text if isinstance(text, str) else "")
        self._form.setRowVisible(self._text, kind == "symbol" and ts.is_plain(text))
        least, most = ts.zooms_of(layer)
        self._least.show_value(least)
        self._most.show_value(most)

    # ---- what is changed ----

    def _tick(self, item: QTableWidgetItem) -> None:
        if item.column() == 0:
            at = len(self._desk.layers) - 1 - item.row()
            on = item.checkState() is Qt.CheckState.Checked
            if ts.shown(self._desk.layers[at]) != on:
                self._replace(at, ts.with_shown(self._desk.layers[at], on))

    def _set(self, table: dict[str, str], value: Any) -> None:
        """A property of the chosen layer, by its type."""
        self._change(lambda layer: ts.with_value(layer, table[str(layer["type"])], value))

    def _choose_source(self, name: str) -> None:
        self._change(lambda layer: {**layer, "source-layer": name})

    def _write(self) -> None:
        at = self._at
        if at is not None and self._text.text() != ts.value_of(self._desk.layers[at], "text-field"):
            self._change(lambda layer: ts.with_value(layer, "text-field", self._text.text()))

    def _zoom(self) -> None:
        self._change(lambda layer: ts.with_zooms(layer, self._least.value(), self._most.value()))

    def _change(self, make: Callable[[ts.Layer], ts.Layer]) -> None:
        at = self._at
        if at is not None:
            self._replace(at, make(self._desk.layers[at]))

    def _replace(self, at: int, layer: ts.Layer) -> None:
        layers = list(self._desk.layers)
        layers[at] = layer
        self._desk.change_layers(layers)

    def _add(self) -> None:
        """Above all others, from the first layer of the tiles."""
        style, sources = self._desk.layers, self._sources()
        if sources:
            self._desk.change_layers([*style, ts.new_layer(style, sources[0])])
            self._list.setCurrentCell(0, 0)

    def _remove(self) -> None:
        at, style = self._at, self._desk.layers
        if at is not None and len(style) > 1:
            self._desk.change_layers([*style[:at], *style[at + 1 :]])

    def _move(self, by: int) -> None:
        at, layers = self._at, list(self._desk.layers)
        if at is not None and 0 <= at + by < len(layers):
            layers[at], layers[at + by] = layers[at + by], layers[at]
            row = self._list.currentRow() - by
            self._desk.change_layers(layers)
            self._list.setCurrentCell(row, 0)
