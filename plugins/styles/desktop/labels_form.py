"""Labels: texts of a field beside the features."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtWidgets import QCheckBox, QWidget

from console.sdk import Context
from console.sdk.ui.choices import Choice, ColorButton, Number, form
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.recipe import Labels

MOST_ZOOM = 20.0


class LabelsForm(QWidget):
    """The field, and how its texts look once there is one."""

    def __init__(self, ctx: Context, desk: StyleDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        self._form = form()
        self.setLayout(self._form)
        tr = ctx.tr
        self._field = Choice(tr("Labels"), self._choose_field)
        self._size = Number(tr("Text size"), lambda v: self._change(size=v), least=6, suffix=" px")
        self._bold = QCheckBox(tr("Bold"))
        self._bold.clicked.connect(lambda on: self._change(bold=on))
        self._themed = QCheckBox(tr("In the colours of the theme"))
        self._themed.clicked.connect(lambda on: self._change(themed=on))
        self._color = ColorButton(tr("Text colour"), lambda color: self._change(color=color))
        self._halo = ColorButton(tr("Halo"), lambda color: self._change(halo=color))
        self._zoom = Number(
            tr("From zoom"), lambda v: self._change(zoom_from=v), most=MOST_ZOOM, step=1, digits=0
        )
        self._look = (self._size, self._bold, self._themed, self._color, self._halo, self._zoom)
        for control in (self._field, *self._look):
            self._form.addRow(control.accessibleName(), control)

    def refresh(self) -> None:
        """Show what the desk has."""
        labels = self._desk.recipe.labels
        names = [(field.name, field.name) for field in self._desk.fields()]
        self._field.offer([("", self._ctx.tr("None")), *names])
        self._field.show_value(labels.field if labels is not None else "")
        for control in self._look:
            self._form.setRowVisible(control, labels is not None)
        if labels is not None:
            self._size.show_value(labels.size)
            self._bold.setChecked(labels.bold)
            self._themed.setChecked(labels.themed)
            for control in (self._color, self._halo):
                self._form.setRowVisible(control, not labels.themed)
            self._color.show_value(labels.color)
            self._halo.show_value(labels.halo)
            self._zoom.show_value(labels.zoom_from)

    def _choose_field(self, name: str) -> None:
        before = self._desk.recipe.labels or Labels(field=name, themed=True)
        self._desk.change(labels=msgspec.structs.replace(before, field=name) if name else None)

    def _change(self, **changes: Any) -> None:
        labels = self._desk.recipe.labels
        if labels is not None:
            self._desk.change(labels=msgspec.structs.replace(labels, **changes))
