"""The panel 图层样式: which layer, how it gets its colours, its symbol, its labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.ui import Chips, EmptyState, Page, Section, Toolbar, scrolling
from console.sdk.ui.choices import Choice
from plugins.styles.desktop.category_form import CategoryForm
from plugins.styles.desktop.chart_form import ChartForm
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.graduated_form import GraduatedForm
from plugins.styles.desktop.labels_form import LabelsForm
from plugins.styles.desktop.recipe import Kind
from plugins.styles.desktop.rules_form import RulesForm
from plugins.styles.desktop.style_files import export_style, import_style
from plugins.styles.desktop.symbol_form import SymbolForm
from plugins.styles.desktop.tile_form import TileForm
from plugins.styles.desktop.words import KINDS

Form = CategoryForm | GraduatedForm | RulesForm | ChartForm


class StylesPanel(Page):
    """Ctrl+Z and Ctrl+Shift+Z undo and redo; Ctrl+C and Ctrl+V take the style to another layer."""

    def __init__(self, ctx: Context, desk: StyleDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._layer = Choice(tr("Layer"), desk.open)
        kinds = [(str(kind), tr(title)) for kind, title in KINDS.items()]
        self._kinds = Chips(kinds, self._choose_kind, columns=3)  # one row would be wider than the dock
        self._forms: dict[Kind, Form] = {
            Kind.CATEGORIES: CategoryForm(ctx, desk),
            Kind.GRADUATED: GraduatedForm(ctx, desk),
            Kind.RULES: RulesForm(ctx, desk),
            Kind.CHARTS: ChartForm(ctx, desk),
        }
        self._symbol = SymbolForm(ctx, desk)
        self._labels = LabelsForm(ctx, desk)
        self._error = QLabel(wordWrap=True)
        self._error.setObjectName("error")
        self._foreign = QLabel(
            tr("This style was made elsewhere. A change here replaces it; Ctrl+Z brings it back."),
            wordWrap=True,
        )
        self._foreign.setObjectName("muted")
        self._tiles = TileForm(ctx, desk)
        hint = tr("Open a file on the map (Ctrl+O); its layers can then be styled here.")
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState(tr("No data layers"), hint, icon="edit"))
        self._stack.addWidget(scrolling(self._make_body()))
        self._stack.addWidget(scrolling(self._tiles))
        self.add(self._layer)
        self.add(self._make_tools())
        self.add(self._error)
        self.add(self._foreign)
        self.add(self._stack, 1)
        self.setFocusProxy(self._layer)
        desk.changed.connect(self._refresh)
        self._refresh()

    def _make_body(self) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._kinds)
        for form in self._forms.values():
            layout.addWidget(form)
        layout.addWidget(Section(self._ctx.tr("Symbol")))
        layout.addWidget(self._symbol)
        layout.addWidget(Section(self._ctx.tr("Texts")))
        layout.addWidget(self._labels)
        layout.addStretch(1)
        return body

    def _make_tools(self) -> Toolbar:
        tr, desk, tools = self._ctx.tr, self._desk, Toolbar()
        self._undo = tools.add("undo", tr("Undo (Ctrl+Z)"), desk.undo)
        self._redo = tools.add("redo", tr("Redo (Ctrl+Shift+Z)"), desk.redo)
        self._acts: list[QAction] = [
            tools.add("refresh", tr("As the layer came"), desk.reset),
            tools.add("copy", tr("Copy the style as JSON (Ctrl+C)"), self._copy),
            tools.add("paste", tr("Paste a style (Ctrl+V)"), self._paste),
            tools.add("export", tr("Export the style"), lambda: export_style(self._ctx, desk, self)),
            tools.add("upload", tr("Import a style"), lambda: import_style(self._ctx, desk, self)),
        ]
        keys: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("Ctrl+Z", desk.undo),
            ("Ctrl+Shift+Z", desk.redo),
            ("Ctrl+C", self._copy),
            ("Ctrl+V", self._paste),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        return tools

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        super().showEvent(event)
        self._refresh()

    def _choose_kind(self, kind: str) -> None:
        self._desk.change(kind=Kind(kind))

    def _copy(self) -> None:
        if self._desk.layer is not None:
            QGuiApplication.clipboard().setText(self._desk.text())
            self._ctx.notify(self._ctx.tr("The style was copied"), key="onemap.styles.copied")

    def _paste(self) -> None:
        self._desk.take_text(QGuiApplication.clipboard().text())

    def _refresh(self) -> None:
        desk, recipe = self._desk, self._desk.recipe
        language = self._ctx.language
        self._layer.offer((entry.id, entry.title.get(language)) for entry in desk.entries())
        self._layer.show_value(desk.layer)
        self._stack.setCurrentIndex(0 if desk.layer is None else 2 if desk.tiled else 1)
        self._error.setText(desk.error)
        self._error.setVisible(bool(desk.error))
        self._foreign.setVisible(desk.foreign)
        self._undo.setEnabled(desk.can_undo)
        self._redo.setEnabled(desk.can_redo)
        for act in self._acts:
            act.setEnabled(desk.layer is not None)
        if desk.layer is None or not self.isVisible():
            return
        if desk.tiled:
            self._tiles.refresh()
            return
        self._kinds.select(str(recipe.kind))
        for kind, form in self._forms.items():
            form.setVisible(kind is recipe.kind)
        for form in (*self._forms.values(), self._symbol, self._labels):
            form.refresh()
