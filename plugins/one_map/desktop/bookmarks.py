"""Views that the user wants to come back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget

from console.sdk import Context
from console.sdk.json_file import JsonFile
from console.sdk.ui import EmptyState, Page, Toolbar, button, row
from plugins.one_map.desktop.navigation import view_center

MAX_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A named view: its middle in degrees, its zoom level, and which layers were shown and hidden."""

    name: str
    lon: float
    lat: float
    zoom: float
    layers: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """By id; layers that came later are left as they are."""


class Bookmarks(QObject):
    """All bookmarks in the user's order, kept in a file."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._file = JsonFile(ctx, "bookmarks.json")
        self.all: list[Bookmark] = []
        self._file.load(self._take)
        ctx.commands.bind("onemap.one_map.add_bookmark", self.add)

    def add(self) -> None:
        """Keep the present view under the present time; the user may rename it."""
        lon, lat = view_center(self._ctx)
        name = self._ctx.tr("View of {time}", time=f"{datetime.now():%Y-%m-%d %H:%M:%S}")
        shown = {entry.id: entry.visible for entry in self._ctx.map.layers.entries()}
        mark = Bookmark(name=name, lon=lon, lat=lat, zoom=self._ctx.map.zoom(), layers=shown)
        self._set([*self.all, mark])
        self._ctx.notify(self._ctx.tr("View kept as a bookmark"), key="onemap.one_map.bookmark")

    def go(self, at: int) -> None:
        """Show the view, with its layers."""
        mark, layers = self.all[at], self._ctx.map.layers
        self._ctx.map.center_on(mark.lon, mark.lat, mark.zoom)
        for entry in layers.entries():
            shown = mark.layers.get(entry.id, entry.visible)
            if shown != entry.visible:
                layers.set_visible(entry.id, shown)

    def rename(self, at: int, name: str) -> None:
        """Empty names change nothing."""
        name = name.strip()[:MAX_NAME]
        if name and name != self.all[at].name:
            self._set([*self.all[:at], replace(self.all[at], name=name), *self.all[at + 1 :]])

    def remove(self, at: int) -> None:
        """Take one away."""
        self._set([*self.all[:at], *self.all[at + 1 :]])

    def move(self, at: int, by: int) -> None:
        """Move one up (-1) or down (1)."""
        to = at + by
        if 0 <= to < len(self.all):
            marks = list(self.all)
            marks.insert(to, marks.pop(at))
            self._set(marks)

    def _set(self, marks: list[Bookmark]) -> None:
        self.all = marks
        self._file.save([asdict(mark) for mark in marks])
        self.changed.emit()

    def _take(self, rows: list[Any]) -> None:
        try:
            self.all = [_read(row) for row in rows]
        except (TypeError, ValueError, KeyError, AttributeError):
            self._ctx.log.warning("the bookmarks could not be read and are dropped")
        self.changed.emit()


def _read(row: Any) -> Bookmark:
    """Raises TypeError, ValueError, KeyError, AttributeError. Older ones have no layers."""
    layers = {str(layer): shown is True for layer, shown in row.get("layers", {}).items()}
    place = {name: float(row[name]) for name in ("lon", "lat", "zoom")}
    return Bookmark(name=str(row["name"]), layers=layers, **place)


class BookmarksPanel(Page):
    """The list: Enter shows a view, F2 renames, Delete removes, Alt+arrows move."""

    def __init__(self, ctx: Context, bookmarks: Bookmarks) -> None:
        super().__init__()
        self._ctx = ctx
        self._bookmarks = bookmarks
        tr = ctx.tr
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Bookmarks"))
        self._list.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        self._list.itemActivated.connect(lambda item: bookmarks.go(self._list.row(item)))
        self._list.itemChanged.connect(lambda item: bookmarks.rename(self._list.row(item), item.text()))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list)
        add = lambda: ctx.commands.run("onemap.one_map.add_bookmark")  # noqa: E731
        self._stack.addWidget(
            EmptyState(tr("No bookmarks"), tr("Keep views that you often come back to."), icon="star")
        )
        self.add(row(button(tr("Keep this view"), add, "plus", primary=True), None, self._tools()))
        self.add(self._stack, 1)
        bookmarks.changed.connect(self._show)
        self._show()

    def _tools(self) -> Toolbar:
        tr, tools = self._ctx.tr, Toolbar()
        acts = (
            ("edit", tr("Rename"), self._rename, None),
            ("chevron-up", tr("Move up"), lambda: self._move(-1), "Alt+Up"),
            ("chevron-down", tr("Move down"), lambda: self._move(1), "Alt+Down"),
            ("trash", tr("Remove"), self._remove, "Del"),
        )
        for icon_name, title, handler, key in acts:
            action = tools.add(icon_name, title, handler)
            if key:
                action.setShortcut(key)
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                self._list.addAction(action)
        return tools

    def _show(self) -> None:
        at = self._list.currentRow()
        self._list.blockSignals(True)
        self._list.clear()
        for mark in self._bookmarks.all:
            item = QListWidgetItem(mark.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(self._ctx.tr("Enter shows the view, F2 renames it"))
            self._list.addItem(item)
        self._list.setCurrentRow(min(at, self._list.count() - 1))
        self._list.blockSignals(False)
        self._stack.setCurrentIndex(0 if self._bookmarks.all else 1)

    def _rename(self) -> None:
        if self._list.currentItem():
            self._list.editItem(self._list.currentItem())

    def _remove(self) -> None:
        if self._list.currentRow() >= 0:
            self._bookmarks.remove(self._list.currentRow())

    def _move(self, by: int) -> None:
        at = self._list.currentRow()
        if at >= 0:
            self._bookmarks.move(at, by)
            self._list.setCurrentRow(min(max(at + by, 0), self._list.count() - 1))
