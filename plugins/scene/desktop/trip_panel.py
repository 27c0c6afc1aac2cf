"""The list of views and flights: Enter goes there or plays, F2 renames, Del removes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget

from console.sdk import Context
from console.sdk.scene import SceneView
from console.sdk.ui import EmptyState, Page, Toolbar, button, icon, row
from plugins.scene.desktop.trips import Trip, TripList


class TripPanel(Page):
    """Several can be chosen: to fly through them, to hand them on, to remove them."""

    def __init__(self, ctx: Context, trips: TripList) -> None:
        self._ctx, self._trips = ctx, trips
        tr = ctx.tr
        self._list = QListWidget()
        self._list.setAccessibleName(tr("3D views and flights"))
        self._list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self._list.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        self._list.itemActivated.connect(lambda item: trips.go(trips.all[self._list.row(item)]))
        self._list.itemChanged.connect(lambda item: trips.rename(self._list.row(item), item.text()))
        empty = EmptyState(
            tr("No views and flights yet"),
            tr("Keep views of the 3D map, fly through them, or record where you fly."),
            icon="star",
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self._list)
        keep = button(
            tr("Keep this view"), lambda: ctx.commands.run("onemap.scene.keep_view"), "plus", primary=True
        )
        self._record = button(tr("Record a flight"), lambda: ctx.commands.run("onemap.scene.record"), "video")
        super().__init__(row(keep, self._record), self._tools())
        self.add(self._stack, 1)
        trips.changed.connect(self._show)
        self._show()

    def _tools(self) -> Toolbar:
        tr, tools, trips = self._ctx.tr, Toolbar(), self._trips
        tools.add("play", tr("Go there or play (Enter)"), self._go)
        tools.add("route", tr("Fly through the chosen views, or all"), lambda: self._fly(circle=False))
        tools.add(
            "refresh", tr("Fly in a circle through the chosen views, or all"), lambda: self._fly(circle=True)
        )
        tools.add("edit", tr("Rename (F2)"), self._rename)
        tools.add("download", tr("Take in views and flights"), trips.ask_import)
        tools.add("export", tr("Hand on the chosen, or all"), lambda: trips.ask_export(self._chosen()))
        remove = tools.add("trash", tr("Remove (Del)"), self._remove)
        remove.setShortcut("Del")
        remove.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._list.addAction(remove)
        return tools

    def _show(self) -> None:
        at, tr = self._list.currentRow(), self._ctx.tr
        self._list.blockSignals(True)
        self._list.clear()
        for trip in self._trips.all:
            view = isinstance(trip, SceneView)
            item = QListWidgetItem(icon("star" if view else "play"), trip.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(tr("Enter goes there") if view else self._about(trip.seconds, trip.ends))
            self._list.addItem(item)
        self._list.setCurrentRow(min(at, self._list.count() - 1))
        self._list.blockSignals(False)
        self._stack.setCurrentIndex(1 if self._trips.all else 0)
        self._record.setText(tr("End the recording") if self._trips.recording else tr("Record a flight"))

    def _about(self, seconds: float, ends: bool) -> str:
        tr, length = self._ctx.tr, f"{seconds:.0f}"
        if ends:
            return tr("{seconds} s; Enter plays it", seconds=length)
        return tr("{seconds} s a round, without end; Enter plays it", seconds=length)

    def _chosen(self) -> list[Trip]:
        """In the order of the list."""
        rows = sorted(index.row() for index in self._list.selectedIndexes())
        return [self._trips.all[at] for at in rows]

    def _go(self) -> None:
        if (at := self._list.currentRow()) >= 0:
            self._trips.go(self._trips.all[at])

    def _fly(self, *, circle: bool) -> None:
        views = [trip for trip in self._chosen() if isinstance(trip, SceneView)]
        self._trips.fly_through(views if len(views) > 1 else self._trips.views, circle=circle)

    def _rename(self) -> None:
        if self._list.currentItem():
            self._list.editItem(self._list.currentItem())

    def _remove(self) -> None:
        if chosen := self._chosen():
            self._trips.remove(chosen)
