"""The form of a tool, made from its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.sdk import Context, QgisAlgorithm, QgisNode, QgisParameter
from console.sdk.ui import button
from plugins.qgis.desktop.desk import layers_in
from plugins.qgis.desktop.fields import Field, LayerBox, Surroundings, field_for


class ToolForm(QWidget):
    """What a tool wants to know; rarely needed parameters are shown when asked for."""

    def __init__(self, ctx: Context, algorithm: QgisAlgorithm) -> None:
        super().__init__()
        self._ctx = ctx
        self.algorithm = algorithm
        self._fields: dict[str, Field] = {}
        self._units: dict[str, QLabel] = {}
        self._around = Surroundings(ctx, list(layers_in(ctx.qgis.tree)), self._pick_point)
        asked = [p for p in algorithm.parameters if not p.destination]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._part([p for p in asked if not p.advanced]))
        advanced = [p for p in asked if p.advanced]
        if advanced:
            rest = self._part(advanced)
            rest.hide()
            more = button(ctx.tr("More parameters"), lambda: rest.setVisible(not rest.isVisible()))
            layout.addWidget(more)
            layout.addWidget(rest)
        layout.addStretch(1)
        for parameter in asked:
            self._offer_columns(parameter)
            self._tell_unit(parameter)

    def show_layers(self) -> None:
        """The project has other layers now."""
        self._around = self._around._replace(layers=list(layers_in(self._ctx.qgis.tree)))
        for field in self._fields.values():
            if isinstance(field.widget, LayerBox):
                field.widget.show_layers(self._around.layers)

    def values(self) -> Mapping[str, Any]:
        """As QGIS takes them; what is left empty is left out."""
        given = {name: field.read() for name, field in self._fields.items()}
        return {name: value for name, value in given.items() if value is not None}

    def editor(self, name: str) -> QWidget:
        """The widget for a parameter."""
        return self._fields[name].widget

    def lacking(self) -> str:
        """Title of the first parameter that must be given and is not; empty when there is none."""
        given = self.values()
        must = (p for p in self.algorithm.parameters if not (p.optional or p.destination))
        return next((self._title(p) for p in must if p.name not in given), "")

    def _part(self, parameters: list[QgisParameter]) -> QWidget:
        part = QWidget()
        form = QFormLayout(part)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for parameter in parameters:
            field = self._fields[parameter.name] = field_for(parameter, self._around)
            title = self._title(parameter)
            field.widget.setAccessibleName(title)
            label = QLabel(title if parameter.optional else f"{title} *", wordWrap=True)
            form.addRow(label, field.widget)
            if parameter.kind == "distance":
                unit = self._units[parameter.name] = QLabel(wordWrap=True)
                unit.setObjectName("muted")
                form.addRow(unit)
        return part

    def _offer_columns(self, parameter: QgisParameter) -> None:
        """The names of the columns follow the layer that is chosen."""
        parent = self._fields.get(parameter.layer)
        box = self._fields[parameter.name].widget
        if parent is None or not isinstance(parent.widget, LayerBox) or not isinstance(box, QComboBox):
            return
        layer = parent.widget

        def offer() -> None:
            text = box.currentText()
            box.clear()
            box.addItems(["", *self._layer(layer.chosen).fields])
            box.setCurrentText(text)

        layer.currentTextChanged.connect(offer)
        offer()

    def _title(self, parameter: QgisParameter) -> str:
        return self._ctx.tr(parameter.title)

    def _tell_unit(self, parameter: QgisParameter) -> None:
        """A distance is in units of the layer, and 10 degrees are far: so the unit is told."""
        label = self._units.get(parameter.name)
        if label is None:
            return
        parent = self._fields.get(parameter.layer)
        layer = parent.widget if parent is not None else None

        def tell() -> None:
            unit = self._layer(layer.chosen).unit if isinstance(layer, LayerBox) else ""
            label.setText(unit_text(unit, self._ctx.tr))

        if isinstance(layer, LayerBox):
            layer.currentTextChanged.connect(tell)
        tell()

    def _layer(self, layer_id: str | None) -> QgisNode:
        """One without columns and unit for what is no layer of the project."""
        nothing = QgisNode(id="", title="", checked=False)
        return next((node for node in self._around.layers if node.id == layer_id), nothing)

    def _pick_point(self, line: QLineEdit) -> None:
        self._ctx.tasks.start(self._pick(line))

    async def _pick(self, line: QLineEdit) -> None:
        where = await self._ctx.map.pick_point(self._ctx.tr("Click a place on the map"))
        if where is not None:
            line.setText(f"{where[0]:.6f},{where[1]:.6f} [EPSG:4326]")


def unit_text(unit: str, tr: Callable[[str], str]) -> str:
    """In which unit a distance is read."""
    if unit == "degrees":
        return tr("In degrees! For metres, reproject the layer first.")
    if unit == "meters":
        return tr("In metres")
    return tr("In units of the layer's coordinate system")
