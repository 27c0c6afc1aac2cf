"""QGIS's toolbox: find a tool among the hundreds there are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget

from console.sdk import QgisAlgorithm, QgisError, QgisState
from console.sdk.search import Target, search, warm_up
from console.sdk.ui import EmptyState, Page, SearchField
from plugins.qgis.desktop.desk import QgisDesk
from plugins.qgis.desktop.tool_page import ToolPage

MOST = 400
KEY = Qt.ItemDataRole.UserRole


class ToolboxPanel(Page):
    """A list of tools; behind it the form of the one that was chosen."""

    def __init__(self, desk: QgisDesk) -> None:
        super().__init__()
        self._desk, self._ctx = desk, desk.ctx
        tr = desk.ctx.tr
        self._targets: list[Target[QgisAlgorithm]] = []
        self._asked = False
        self._search = SearchField(tr("Find a tool: name, pinyin or initials"))
        self._search.on_search(self._fill)
        self._list = QListWidget()
        self._list.setAccessibleName(tr("QGIS tools"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.itemActivated.connect(lambda item: self._choose(item.data(KEY)))
        self._list.itemClicked.connect(lambda item: self._choose(item.data(KEY)))
        self._empty = EmptyState("", icon="settings")
        self._tool = ToolPage(desk, self._back)
        self._tools = Page(self._search)
        self._tools.setContentsMargins(-12, -10, -12, -12)
        self._tools.add(self._list, 1)
        self._stack = QStackedWidget()
        for part in (self._empty, self._tools, self._tool):
            self._stack.addWidget(part)
        self.add(self._stack, 1)
        desk.changed.connect(self._show)
        desk.ctx.qgis.start()
        desk.ctx.tasks.run(warm_up)
        self._show()

    def _show(self) -> None:
        """Tools are asked for as soon as QGIS is there."""
        qgis, tr = self._ctx.qgis, self._ctx.tr
        if qgis.state is QgisState.READY and not self._asked:
            self._asked = True
            self._ctx.tasks.start(self._load())
        if not self._targets:
            absent = qgis.state is QgisState.ABSENT
            self._empty.set_text(
                tr("No tools") if absent else tr("The tools are being listed"), qgis.state_text
            )
            self._stack.setCurrentWidget(self._empty)

    async def _load(self) -> None:
        try:
            algorithms = await self._ctx.qgis.algorithms()
        except QgisError as error:
            self._empty.set_text(self._ctx.tr("No tools"), str(error))
            self._asked = False
            return
        tr = self._ctx.tr
        self._targets = [Target(a, (tr(a.title), a.title, a.id, tr(a.group))) for a in algorithms]
        self._targets.sort(key=self._place)
        await self._ctx.tasks.run(search, "a", self._targets)  # spells them all: 30 ms
        self._fill("")
        self._stack.setCurrentWidget(self._tools)

    def _place(self, target: Target[QgisAlgorithm]) -> tuple[bool, str, str]:
        """Tools with a name in the user's language are those that people use: they stand first."""
        title = target.texts[0]
        return (title == target.value.title, self._ctx.tr(target.value.group), title)

    def _fill(self, query: str) -> None:
        self._list.clear()
        for target in search(query, self._targets, MOST):
            algorithm = target.value
            group = f"{self._ctx.tr(algorithm.group)} · {algorithm.provider}"
            item = QListWidgetItem(f"{target.texts[0]}\n{group}", self._list)
            item.setData(KEY, algorithm)
            item.setToolTip(f"{algorithm.title}\n{algorithm.id}\n\n{algorithm.help}".strip())
        self._list.setCurrentRow(0)

    def _choose(self, algorithm: QgisAlgorithm) -> None:
        self._tool.show_tool(algorithm)
        self._stack.setCurrentWidget(self._tool)

    def _back(self) -> None:
        self._stack.setCurrentWidget(self._tools)
        self._search.setFocus()
