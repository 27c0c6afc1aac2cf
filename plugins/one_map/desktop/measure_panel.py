"""The list of what was measured."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit

from console.sdk import Context
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Section, Toolbar, button, row
from plugins.one_map.desktop.measure_tool import MeasureTool
from plugins.one_map.desktop.measuring import Measured, as_text, length_text, summary

Numbered = tuple[int, Measured]


class MeasurePanel(Page):
    """Results above, the figures of the selected one below."""

    def __init__(self, ctx: Context, tool: MeasureTool) -> None:
        super().__init__()
        self._ctx = ctx
        self._tool = tool
        self._table = self._make_table()
        self._figures = QPlainTextEdit(readOnly=True)
        self._figures.setAccessibleName(ctx.tr("Figures of the selected measurement"))
        self._figures.setMaximumHeight(170)
        self._figures.setPlaceholderText(ctx.tr("Select a measurement: its lengths and points appear here."))
        tools = self._make_tools()
        self.add(
            row(
                button(ctx.tr("Distance"), lambda: self._run("measure_distance"), "measure", primary=True),
                button(ctx.tr("Area"), lambda: self._run("measure_area"), "area"),
                None,
                tools,
            )
        )
        self.add(self._table, 1)
        self.add(Section(ctx.tr("Figures")))
        self.add(self._figures)
        self.setFocusProxy(self._table)
        tool.changed.connect(self._refresh)
        tool.selected.connect(lambda number: self._table.select_key(str(number)))
        self._refresh()

    def _make_table(self) -> RecordTable:
        tr = self._ctx.tr
        titles = {"line": tr("Distance"), "polygon": tr("Area")}
        table = RecordTable(
            [
                Column("#", lambda r: r[0], width=36, align="right"),
                Column(tr("Kind"), lambda r: titles[r[1].kind], width=80),
                Column(tr("Result"), lambda r: summary(r[1], tr), sort=lambda r: r[1].area or r[1].length),
                Column(tr("Perimeter / length"), lambda r: length_text(r[1].length, tr), width=130),
            ],
            key=lambda r: str(r[0]),
            empty=EmptyState(
                tr("Nothing measured yet"),
                tr("Draw a line or an area on the map. Figures are true on the ellipsoid."),
                icon="measure",
            ),
            name="onemap.one_map.measure",
        )
        table.on_select(lambda key: self._tool.choose(int(key) if key else None))
        table.on_select(lambda _key: self._show_figures())
        table.on_activate(lambda key: self._tool.show(int(key)))
        return table

    def _make_tools(self) -> Toolbar:
        tr, tools = self._ctx.tr, Toolbar()
        tools.add("copy", tr("Copy the figures"), self._copy)
        remove = tools.add("trash", tr("Remove the selected measurement"), self._remove)
        remove.setShortcut(Qt.Key.Key_Delete)
        remove.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._table.addAction(remove)
        self._clear = tools.add("close", tr("Remove all measurements"), self._tool.clear)
        self._undo = tools.add("undo", tr("Bring back what was removed (Ctrl+Z)"), self._tool.undo)
        self._undo.setShortcut(QKeySequence("Ctrl+Z"))
        self._undo.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(self._undo)
        return tools

    def _run(self, name: str) -> None:
        self._ctx.commands.run(f"onemap.one_map.{name}")

    def _refresh(self) -> None:
        self._table.set_rows(list(self._tool.results.items()))
        self._clear.setEnabled(bool(self._tool.results))
        self._undo.setEnabled(self._tool.can_undo)
        self._show_figures()

    def _selected(self) -> Measured | None:
        key = self._table.selected_key
        return self._tool.results.get(int(key)) if key else None

    def _show_figures(self) -> None:
        measured = self._selected()
        self._figures.setPlainText(as_text(measured, self._ctx.tr) if measured else "")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._figures.toPlainText())

    def _remove(self) -> None:
        if self._table.selected_key:
            self._tool.remove(int(self._table.selected_key))
