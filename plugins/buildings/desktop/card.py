"""The panel 建筑: the building that is singled out, its floors and dwellings, what is going on inside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.ui import EmptyState, KeyValues, Page, Tabs, Toolbar, button, row
from plugins.buildings.desktop.desk import Desk
from plugins.buildings.desktop.floor_list import FloorList
from plugins.buildings.desktop.inside_list import InsideList
from plugins.buildings.desktop.words import as_text, facts, title_text


class CardPanel(Page):
    """Enter goes to the building, Ctrl+C copies it, Esc lets go of it."""

    def __init__(self, ctx: Context, desk: Desk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        tools = Toolbar()
        tools.add("locate", tr("Go there, in 2D and 3D"), desk.look_at)
        tools.add("copy", tr("Copy (Ctrl+C)"), self._copy)
        tools.add("filter", tr("Query buildings"), lambda: ctx.panels.show("onemap.buildings.query"))
        tools.add("close", tr("Let go (Esc)"), desk.clear)
        pick = lambda: ctx.commands.run("onemap.buildings.pick")  # noqa: E731
        self.add(row(button(tr("Pick on the map"), pick, "building", primary=True), None, tools))
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState(
                tr("No building singled out"),
                tr("Click one in 3D, pick one on the map, or search for its name or address."),
                icon="building",
            )
        )
        self._title = QLabel(wordWrap=True)
        self._title.setObjectName("heading")
        self._facts = KeyValues()
        self._tabs = Tabs(
            (
                (tr("Floors"), lambda: FloorList(ctx, desk)),
                (tr("Inside now"), lambda: InsideList(ctx, desk)),
            )
        )
        self._stack.addWidget(self._body())
        self.add(self._stack, 1)
        self._act(Qt.Key.Key_Escape, desk.clear)
        self._act(QKeySequence.StandardKey.Copy, self._copy)
        desk.changed.connect(self._show)
        desk.stirred.connect(self._count)
        self._show()

    def _body(self) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self._title, self._facts, self._tabs.chips):
            layout.addWidget(part)
        layout.addWidget(self._tabs, 1)
        return body

    def _act(self, key: Qt.Key | QKeySequence.StandardKey, handler: object) -> None:
        action = QAction(self, shortcut=QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(handler)
        self.addAction(action)

    def _show(self) -> None:
        building, tr = self._desk.building, self._ctx.tr
        self._stack.setCurrentIndex(0 if building is None else 1)
        if building is not None:
            self._title.setText(title_text(building, tr))
            self._facts.set_pairs(facts(building, self._desk.floor, tr))
            self._count()

    def _count(self) -> None:
        count, tr = len(self._desk.inside), self._ctx.tr
        self._tabs.set_title(1, tr("Inside now ({n})", n=count) if count else tr("Inside now"))

    def _copy(self) -> None:
        if self._desk.building is not None:
            QGuiApplication.clipboard().setText(as_text(self._desk.building, self._desk.floor, self._ctx.tr))
