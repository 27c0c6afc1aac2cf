"""One editor for each type of parameter: ``field_for`` makes it, ``Field.read`` gives what QGIS takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QWidget,
)

from console.sdk import Context, QgisNode, QgisParameter
from console.sdk.ui import button

WHOLE = 2**31 - 1
LARGEST = 1e12
NUMBERS = ("number", "distance", "scale", "duration", "band")
LAYERS = ("source", "vector", "raster", "layer", "maplayer", "mesh")
CRS = (
    "EPSG:4326",
    "EPSG:3857",
    "EPSG:4490",
    "EPSG:4547",
    "EPSG:4548",
    "EPSG:4549",
    "EPSG:32650",
    "EPSG:32651",
)
"""Offered first: WGS84, Web Mercator, CGCS2000 in degrees and in its zones of 3 degrees, UTM."""
PROJECT_CRS = "EPSG:3857"
"""QGIS's "ProjectCrs" as drawn here."""


class Field(NamedTuple):
    """*read* gives None for what is left empty."""

    widget: QWidget
    read: Callable[[], Any]


class Surroundings(NamedTuple):
    """What editors need to know."""

    ctx: Context
    layers: Sequence[QgisNode]
    """Of the project, topmost first."""
    pick_point: Callable[[QLineEdit], None]
    """Let the user click a place into a field."""


class LayerBox(QComboBox):
    """A layer of the project, or the path of a file."""

    def __init__(self, parameter: QgisParameter, around: Surroundings) -> None:
        super().__init__()
        self.setEditable(True)
        self._optional = parameter.optional
        self._wanted = _wanted_kind(parameter.kind)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(around.ctx.tr("A layer of the project, or the path of a file"))
        self.show_layers(around.layers)

    def show_layers(self, layers: Sequence[QgisNode]) -> None:
        """Offer the layers that fit; what was chosen or typed stays."""
        kept, text, first = self.chosen, self.currentText(), not self.count()
        self.clear()
        if self._optional:
            self.addItem("", None)
        for layer in layers:
            if not layer.broken and self._wanted in ("", layer.kind):
                self.addItem(layer.title, layer.id)
        if not first:
            at = self.findData(kept)
            self.setCurrentIndex(at)
            self.setCurrentText(text)

    @property
    def chosen(self) -> str | None:
        """Id of the layer whose title stands there, else what was typed."""
        text, index = self.currentText(), self.currentIndex()
        if index < 0 or self.itemText(index) != text:  # two layers may have one title
            index = self.findText(text, Qt.MatchFlag.MatchExactly)
        return self.itemData(index) if index >= 0 else text.strip() or None


def _wanted_kind(kind: str) -> str:
    """``vector``, ``raster``, or any."""
    return {"source": "vector", "vector": "vector", "raster": "raster"}.get(kind, "")


def field_for(parameter: QgisParameter, around: Surroundings) -> Field:
    """The editor for a parameter; a line of text where there is no better one."""
    kind = parameter.kind
    if kind == "boolean":
        return _boolean(parameter)
    if kind == "enum":
        return _choices(parameter, parameter.options) if parameter.several else _choice(parameter)
    if kind in NUMBERS and not parameter.several:
        return _number(parameter)
    if kind in LAYERS:
        box = LayerBox(parameter, around)
        return Field(box, lambda: box.chosen)
    if kind == "multilayer":
        return _layers(around)
    if kind in ("extent", "point"):
        return _place(parameter, around)
    if kind == "crs":
        return _crs(parameter)
    if kind == "field" and not parameter.several:
        return _column(parameter)
    return _text(parameter)


def _boolean(parameter: QgisParameter) -> Field:
    box = QCheckBox()
    box.setChecked(bool(parameter.default))
    return Field(box, box.isChecked)


def _choice(parameter: QgisParameter) -> Field:
    box = QComboBox()
    box.addItems(list(parameter.options))
    if isinstance(parameter.default, int):
        box.setCurrentIndex(parameter.default)
    return Field(box, box.currentIndex)


def _choices(parameter: QgisParameter, titles: Sequence[str]) -> Field:
    given = parameter.default if isinstance(parameter.default, list) else [parameter.default]
    box = _check_list(titles, {index for index in given if isinstance(index, int)})
    return Field(box, lambda: _checked(box, range(len(titles))))


def _number(parameter: QgisParameter) -> Field:
    """A line of text where nothing may be given and nothing is."""
    if parameter.optional and parameter.default is None:
        return _text(parameter)
    box: QSpinBox | QDoubleSpinBox
    default = parameter.default if isinstance(parameter.default, int | float) else None
    if parameter.whole or parameter.kind == "band":
        box = QSpinBox()
        least = (
            parameter.least if parameter.least is not None else (1 if parameter.kind == "band" else -WHOLE)
        )
        box.setRange(round(max(least, -WHOLE)), round(min(_or(parameter.most, WHOLE), WHOLE)))
        box.setValue(round(_or(default, box.minimum() if box.minimum() > 0 else 0)))
    else:
        box = QDoubleSpinBox(decimals=6)
        box.setRange(
            max(_or(parameter.least, -LARGEST), -LARGEST), min(_or(parameter.most, LARGEST), LARGEST)
        )
        box.setValue(_or(default, 0.0))
    return Field(box, box.value)


def _layers(around: Surroundings) -> Field:
    layers = [layer for layer in around.layers if not layer.broken]
    box = _check_list([layer.title for layer in layers], set())
    return Field(box, lambda: _checked(box, [layer.id for layer in layers]) or None)


def _place(parameter: QgisParameter, around: Surroundings) -> Field:
    """An extent or a point, typed or taken from the map, in degrees."""
    tr, ctx = around.ctx.tr, around.ctx
    line = QLineEdit(str(parameter.default or ""))
    if parameter.kind == "extent":
        line.setPlaceholderText("west,east,south,north [EPSG:4326]")
        taking = button(tr("View"), lambda: line.setText(view_extent(ctx)))
        taking.setToolTip(tr("Take what the map shows"))
        if not parameter.optional and not line.text():
            line.setText(view_extent(ctx))
    else:
        line.setPlaceholderText("lon,lat [EPSG:4326]")
        taking = button(tr("Pick"), lambda: around.pick_point(line))
        taking.setToolTip(tr("Click a place on the map"))
    both = QWidget()
    layout = QHBoxLayout(both)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(line, 1)
    layout.addWidget(taking)
    both.setFocusProxy(line)
    return Field(both, lambda: line.text().strip() or None)


def view_extent(ctx: Context) -> str:
    """What the map shows, as QGIS takes it."""
    west, south, east, north = ctx.map.bounds()
    return f"{west:.6f},{east:.6f},{south:.6f},{north:.6f} [EPSG:4326]"


def _crs(parameter: QgisParameter) -> Field:
    box = QComboBox(editable=True)
    box.addItems(["", *CRS] if parameter.optional else list(CRS))
    default = str(parameter.default or "")
    box.setCurrentText(PROJECT_CRS if default == "ProjectCrs" else default or box.itemText(0))
    return Field(box, lambda: box.currentText().strip() or None)


def _column(parameter: QgisParameter) -> Field:
    """The form offers the names of the layer that is chosen."""
    box = QComboBox()
    box.setEditable(True)
    box.setCurrentText(str(parameter.default or ""))
    return Field(box, lambda: box.currentText().strip() or None)


def _text(parameter: QgisParameter) -> Field:
    """Several values stand with commas between them."""
    default = parameter.default
    shown = (
        ",".join(map(str, default)) if isinstance(default, list) else "" if default is None else str(default)
    )
    line = QLineEdit(shown)
    if not parameter.several:
        return Field(line, lambda: line.text().strip() or None)
    return Field(line, lambda: [part.strip() for part in line.text().split(",") if part.strip()] or None)


def _check_list(titles: Sequence[str], checked: set[int]) -> QListWidget:
    box = QListWidget()
    for place, title in enumerate(titles):
        item = QListWidgetItem(title, box)
        item.setCheckState(Qt.CheckState.Checked if place in checked else Qt.CheckState.Unchecked)
    box.setMaximumHeight(110)
    return box


def _checked(box: QListWidget, values: Sequence[Any]) -> list[Any]:
    states = [box.item(place).checkState() for place in range(box.count())]
    return [value for value, state in zip(values, states, strict=True) if state == Qt.CheckState.Checked]


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
