"""Graduated colours: a field of numbers, how it falls into classes, in which colours."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.classify import MOST_CLASSES, Method
from console.sdk.ramps import RampKind
from console.sdk.ui.choices import Choice, Number, RampChoice, form
from console.sdk.ui.class_list import ClassList
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.histogram import Histogram
from plugins.styles.desktop.recipe import colors_of, legend_of
from plugins.styles.desktop.words import METHODS


class GraduatedForm(QWidget):
    """Choices above, histogram and classes below."""

    def __init__(self, ctx: Context, desk: StyleDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._field = Choice(tr("Field"), lambda name: desk.change(field=name))
        self._method = Choice(tr("Method"), lambda name: desk.change(method=Method(name)))
        self._method.offer((str(method), tr(title)) for method, title in METHODS.items())
        self._classes = Number(
            tr("Number of classes"), self._set_classes, least=2, most=MOST_CLASSES, step=1, digits=0
        )
        kinds = (RampKind.SEQUENTIAL, RampKind.DIVERGING)
        self._ramp = RampChoice(tr("Colours"), kinds, ctx.language, lambda name: desk.change(ramp=name))
        self._reverse = QCheckBox(tr("The other way round"))
        self._reverse.clicked.connect(lambda on: desk.change(reverse=on))
        self._histogram = Histogram(tr("How the values are spread"))
        self._list = ClassList(tr("Classes"), (tr("Class"), tr("Features")))
        rows = form()
        for control in (self._field, self._method, self._classes, self._ramp):
            rows.addRow(control.accessibleName(), control)
        rows.addRow("", self._reverse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)
        layout.addWidget(self._histogram)
        layout.addWidget(self._list)

    def _set_classes(self, count: float) -> None:
        self._desk.change(classes=int(count))

    def refresh(self) -> None:
        """Show what the desk has."""
        recipe, spread = self._desk.recipe, self._desk.spread
        self._field.offer((field.name, field.name) for field in self._desk.fields("number"))
        self._field.show_value(recipe.field)
        self._method.show_value(str(recipe.method))
        self._classes.show_value(recipe.classes)
        self._ramp.show_value(recipe.ramp)
        self._reverse.setChecked(recipe.reverse)
        self._histogram.show_spread(spread, recipe.limits, colors_of(recipe))
        counts = (*spread.classes, spread.none) if spread is not None else ()
        named = [(line.title.get(self._ctx.language), line.color) for line in legend_of(recipe)]
        known = len(counts) == len(named)
        self._list.show_lines([(*line, f"{counts[at]:,}" if known else "") for at, line in enumerate(named)])
