"""The panel 网格专题图: which number, in which classes and colours, and the legend."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QSizePolicy, QWidget

from console.sdk import Context
from console.sdk.classify import MOST_CLASSES, Method
from console.sdk.ramps import RampKind
from console.sdk.ui import Page, ask_files, button, row
from console.sdk.ui.choices import Choice, Number, RampChoice, form
from console.sdk.ui.class_list import ClassList
from plugins.grids.desktop.theme import GridTheme

METHODS = {
    Method.QUANTILE: "Equal counts (quantiles)",
    Method.JENKS: "Natural breaks (Jenks)",
    Method.EQUAL: "Equal intervals",
    Method.DEVIATION: "Standard deviations",
}


class ThemePanel(Page):
    """Every choice is drawn at once."""

    def __init__(self, ctx: Context, theme: GridTheme) -> None:
        super().__init__()
        self._ctx, self._theme = ctx, theme
        tr = ctx.tr
        self._shown = QCheckBox(tr("Colour the grids on the map"))
        self._shown.clicked.connect(lambda on: theme.change(shown=on))
        self._number = Choice(tr("Number"), lambda name: theme.change(number=name))
        self._table = button(tr("Table…"), self._ask_table, "upload")
        self._table.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._table.setToolTip(tr("Numbers of grids from a CSV file with a column of their codes"))
        self._method = Choice(tr("Method"), lambda name: theme.change(method=Method(name)))
        self._method.offer((str(method), tr(title)) for method, title in METHODS.items())
        self._classes = Number(
            tr("Number of classes"), self._set_classes, least=2, most=MOST_CLASSES, step=1, digits=0
        )
        kinds = (RampKind.SEQUENTIAL, RampKind.DIVERGING)
        self._ramp = RampChoice(tr("Colours"), kinds, ctx.language, lambda name: theme.change(ramp=name))
        self._reverse = QCheckBox(tr("The other way round"))
        self._reverse.clicked.connect(lambda on: theme.change(reverse=on))
        self._legend = ClassList(tr("Classes"), (tr("Class"), tr("Grids")))
        self._pointed = QLabel(wordWrap=True)
        """What the plate on the map says, which symbols may cover."""
        self._note = QLabel(wordWrap=True)
        self._note.setObjectName("muted")
        for part in (self._shown, self._make_rows(), self._legend, self._pointed, self._note):
            self.add(part)
        self.add(QWidget(), 1)
        self.setFocusProxy(self._shown)
        theme.changed.connect(self._refresh)
        theme.pointed.connect(self._pointed.setText)
        self._refresh()

    def _make_rows(self) -> QFormLayout:
        rows = form()
        rows.addRow(self._number.accessibleName(), row(self._number, self._table))
        for control in (self._method, self._classes, self._ramp):
            rows.addRow(control.accessibleName(), control)
        rows.addRow("", self._reverse)
        return rows

    def _ask_table(self) -> None:
        ask_files(self, self._ctx.tr("A table of numbers"), ["CSV (*.csv *.txt)"], self._use_table)

    def _use_table(self, paths: list[str]) -> None:
        self._ctx.tasks.start(self._theme.use_table(paths[0]))

    def _set_classes(self, count: float) -> None:
        self._theme.change(classes=int(count))

    def _refresh(self) -> None:
        theme, choices = self._theme, self._theme.choices
        self._shown.setChecked(choices.shown)
        self._number.offer(theme.source.offers())
        self._number.show_value(choices.number)
        self._method.show_value(str(choices.method))
        self._classes.show_value(choices.classes)
        self._ramp.show_value(choices.ramp)
        self._reverse.setChecked(choices.reverse)
        result = theme.result if choices.shown and not theme.fault else None
        lines = zip(result.legend, result.counts, strict=True) if result is not None else ()
        language = self._ctx.language
        self._legend.show_lines([(line.title.get(language), line.color, f"{n:,}") for line, n in lines])
        self._legend.setVisible(result is not None)
        hint = self._ctx.tr("Point at a grid to see its number; a click selects it.")
        self._note.setText(theme.fault or hint)
