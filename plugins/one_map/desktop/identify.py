"""What is at a place: features of the base map with their attributes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QTreeWidget, QTreeWidgetItem

from console.sdk import Context, Identified, Shape, ShapeStyle
from console.sdk.records import LonLat
from console.sdk.ui import EmptyState, Page, Toolbar, button, row
from plugins.one_map.desktop.feature_words import Tr, class_text, described
from plugins.one_map.desktop.readings import decimal

MARKER = ShapeStyle(stroke="map.selection", width=2.5, casing="map.symbol_outline")


class Identify(QObject):
    """Asks the map what is at a place and keeps the answer."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._layer = ctx.map.add_shapes("onemap.one_map.identified", listed=False)
        self.where: LonLat | None = None
        self.found: list[Identified] = []
        ctx.commands.bind("onemap.one_map.identify", self.pick)
        ctx.commands.bind("onemap.one_map.what_is_here", self.here)

    async def pick(self) -> None:
        """Let the user click places, one after another, until Escape."""
        prompt = self._ctx.tr("Click what you want to know about")
        while (where := await self._ctx.map.pick_point(prompt)) is not None:
            await self._ask(where)

    async def here(self) -> None:
        """Ask about the place of the context menu."""
        where = self._ctx.map.last_context_point()
        if where is not None:
            await self._ask(where)

    def clear(self) -> None:
        """Forget the answer and take the marker away."""
        self.where, self.found = None, []
        self._layer.clear()
        self.changed.emit()

    async def _ask(self, where: LonLat) -> None:
        self._layer.put("here", Shape(kind="circle", points=(where,), radius=6, style=MARKER))
        self.where, self.found = where, await self._ctx.map.identify(*where)
        self._ctx.panels.show("onemap.one_map.identified")
        self.changed.emit()


class IdentifyPanel(Page):
    """Features by layer, each with its attributes."""

    def __init__(self, ctx: Context, identify: Identify) -> None:
        super().__init__()
        self._ctx = ctx
        self._identify = identify
        tr = ctx.tr
        self._tree = QTreeWidget(columnCount=2)
        self._tree.setHeaderLabels([tr("Name"), tr("Value")])
        self._tree.setAccessibleName(tr("What is here"))
        self._tree.setColumnWidth(0, 170)
        copying = QAction(self, shortcut=QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copying.triggered.connect(self._copy)
        self._tree.addAction(copying)
        self._empty = EmptyState("", icon="identify")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._tree)
        self._stack.addWidget(self._empty)
        tools = Toolbar()
        tools.add("copy", tr("Copy what was found"), self._copy)
        tools.add("close", tr("Clear"), identify.clear)
        pick = lambda: ctx.commands.run("onemap.one_map.identify")  # noqa: E731
        self.add(row(button(tr("Identify"), pick, "identify", primary=True), None, tools))
        self.add(self._stack, 1)
        identify.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        tr, found = self._ctx.tr, self._identify.found
        self._tree.clear()
        for feature in found:
            self._tree.addTopLevelItem(self._feature(feature))
        self._tree.expandAll()
        self._stack.setCurrentWidget(self._tree if found else self._empty)
        if self._identify.where is None:
            self._empty.set_text(
                tr("Nothing asked yet"), tr("Click Identify and then the map, or use the map's context menu.")
            )
        else:
            self._empty.set_text(tr("Nothing here"), decimal(*self._identify.where))

    def _feature(self, feature: Identified) -> QTreeWidgetItem:
        layer = feature.layer_title.get(self._ctx.language)
        top = QTreeWidgetItem([class_text(feature.title, self._ctx.tr) or layer, layer])
        for name, value in described(feature.attributes, self._ctx.tr):
            item = QTreeWidgetItem([name, value])
            item.setToolTip(1, value)
            top.addChild(item)
        top.addChild(QTreeWidgetItem([self._ctx.tr("Coordinates"), decimal(*feature.where)]))
        return top

    def _copy(self) -> None:
        """The current line, or everything when none is current."""
        current = self._tree.currentItem()
        if current is not None and current.parent() is not None:
            text = current.text(1)
        else:
            text = "\n\n".join(
                as_text(feature, self._ctx.language, self._ctx.tr) for feature in self._identify.found
            )
        QGuiApplication.clipboard().setText(text)


def as_text(feature: Identified, language: str, tr: Tr) -> str:
    """A feature as it is copied: title, layer, an attribute a line."""
    head = f"{class_text(feature.title, tr)}\t{feature.layer_title.get(language)}"
    lines = [f"{name}\t{value}" for name, value in described(feature.attributes, tr)]
    return "\n".join([head, *lines, decimal(*feature.where)])
