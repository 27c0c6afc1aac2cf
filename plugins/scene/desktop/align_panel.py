"""The panel for aligning models: fields to move one by hand, and a list of pairs of places."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
)

from console.sdk import Context
from console.sdk.scene import SceneModel, ScenePlace
from console.sdk.ui import Page, Section, button, row
from plugins.scene.desktop.align import AlignDesk, ByHand, Pair

FARTHEST = 100_000.0
"""Metres."""
_NUMBER = r"\s*([-+]?\d{1,6}(?:\.\d{1,12})?)\s*"
_PLACE = re.compile(rf"{_NUMBER}[,，\s]{_NUMBER}[,，\s]{_NUMBER}")


class AlignPanel(Page):
    """What is entered is seen at once."""

    def __init__(self, ctx: Context, desk: AlignDesk) -> None:
        self._ctx, self._desk = ctx, desk
        self._start: ScenePlace | None = None
        tr = ctx.tr
        self._choice = QComboBox()
        self._choice.currentIndexChanged.connect(self._show)
        self._fields = {name: _field() for name in ("east", "north", "up", "heading")}
        form = QFormLayout()
        titles = (tr("East (m)"), tr("North (m)"), tr("Up (m)"), tr("Turn clockwise (°)"))
        for title, spin in zip(titles, self._fields.values(), strict=True):
            spin.valueChanged.connect(self._on_field)
            form.addRow(title, spin)
        self._pairs = QListWidget()
        self._goal = QLineEdit(placeholderText=tr("Where it belongs: longitude, latitude, height (m)"))
        self._goal.returnPressed.connect(self._on_goal)
        self._tilt = QCheckBox(tr("May tilt (three pairs or more)"))
        self._said = QLabel(wordWrap=True)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        pick = button(tr("Place on the model"), lambda: ctx.tasks.start(self._pick()), icon="pin")
        pick.setToolTip(tr("Click a place of the model whose true coordinates are known"))
        super().__init__(
            self._choice,
            form,
            Section(tr("Known places")),
            row(pick, button(tr("Remove"), self._remove, icon="trash")),
            self._goal,
        )
        self.add(self._pairs, 1)
        self.add(self._tilt)
        self.add(
            row(
                button(tr("Fit to the pairs"), self._fit, primary=True),
                button(tr("As the model says itself"), self._reset, icon="undo"),
            )
        )
        self.add(self._said)
        self.destroyed.connect(ctx.scene.on_models(self._fill))
        self._fill()

    def _fill(self) -> None:
        """The models that there are; the chosen one stays chosen."""
        models, chosen = self._desk.models, self._choice.currentData()
        ids = [model.layer_id for model in models]
        if ids == [self._choice.itemData(at) for at in range(self._choice.count())]:
            return
        self._choice.blockSignals(True)
        self._choice.clear()
        for model in models:
            self._choice.addItem(model.title.get(self._ctx.language), model.layer_id)
        self._choice.setCurrentIndex(max(ids.index(chosen) if chosen in ids else 0, 0) if ids else -1)
        self._choice.blockSignals(False)
        self._show()

    def _model(self) -> SceneModel | None:
        chosen = self._choice.currentData()
        return next((model for model in self._desk.models if model.layer_id == chosen), None)

    def _show(self) -> None:
        """What was done to the chosen model."""
        model, tr = self._model(), self._ctx.tr
        self.setEnabled(True)
        for part in (*self._fields.values(), self._goal, self._tilt):
            part.setEnabled(model is not None)
        if model is None:
            self._pairs.clear()
            self._said.setText(tr("Open a model that has a place on the Earth, and show it in 3D."))
            return
        known = self._desk.of(model)
        for name, spin in self._fields.items():
            spin.blockSignals(True)
            spin.setValue(getattr(known.by_hand, name))
            spin.blockSignals(False)
        self._pairs.clear()
        self._pairs.addItems([_line(pair) for pair in known.pairs])
        if known.fit is not None:
            lines = [tr("Left over {rms} m", rms=f"{known.fit.rms:.3f}")]
            lines += [
                tr("{n}: east {e}, north {no}, up {u} m", n=n, e=f"{e:+.3f}", no=f"{no:+.3f}", u=f"{u:+.3f}")
                for n, (e, no, u) in enumerate(known.fit.residuals, 1)
            ]
            self._said.setText("\n".join(lines))
        else:
            self._said.setText(tr("One pair shifts the model, two turn it, three show what is left over."))

    def _on_field(self) -> None:
        if (model := self._model()) is not None:
            self._desk.move(model, ByHand(**{name: spin.value() for name, spin in self._fields.items()}))

    async def _pick(self) -> None:
        """The place on the model, then its true coordinates in the line below."""
        self._ctx.panels.show("onemap.scene.window")
        self._start = await self._ctx.scene.pick_place(self._ctx.tr("Click the place on the model"))
        if self._start is not None:
            where = self._start
            self._goal.setText(f"{where.lon:.7f}, {where.lat:.7f}, {where.height:.2f}")
            self._goal.setFocus()
            self._goal.selectAll()

    def _on_goal(self) -> None:
        model, found = self._model(), _PLACE.fullmatch(self._goal.text())
        if found is None:
            self._said.setText(self._ctx.tr("Three numbers: longitude, latitude, height above the ellipsoid"))
            return
        lon, lat, height = (float(part) for part in found.groups())
        if abs(lon) > 180 or abs(lat) > 90:
            self._said.setText(self._ctx.tr("No place on the Earth: longitude first"))
        elif model is not None and self._start is not None:
            self._desk.add(model, (self._start, ScenePlace(lon=lon, lat=lat, height=height)))
            self._start = None
            self._goal.clear()
            self._show()
        else:
            self._said.setText(self._ctx.tr("First click the place on the model"))

    def _remove(self) -> None:
        model, at = self._model(), self._pairs.currentRow()
        if model is not None and at >= 0:
            self._desk.drop(model, at)
            self._show()

    def _fit(self) -> None:
        model = self._model()
        if model is None:
            return
        try:
            self._desk.fit(model, tilt=self._tilt.isChecked())
        except ValueError:
            self._said.setText(self._ctx.tr("Too few pairs, or all of them in one line"))
            return
        self._show()

    def _reset(self) -> None:
        if (model := self._model()) is not None:
            self._desk.reset(model)
            self._show()


def _field() -> QDoubleSpinBox:
    field = QDoubleSpinBox(minimum=-FARTHEST, maximum=FARTHEST, decimals=2, singleStep=0.5)
    field.setKeyboardTracking(False)
    return field


def _line(pair: Pair) -> str:
    return " → ".join(f"{place.lon:.6f}, {place.lat:.6f}, {place.height:.2f}" for place in pair)
