"""Live counts by area, and which grids nobody is on duty in."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.sdk import AreaLevel, Change, Context, area_level
from console.sdk.records import OPEN_EVENT_STATES, Duty
from plugins.grids.desktop.area_tree import AreaTree
from plugins.grids.desktop.directory import Directory
from plugins.grids.desktop.outline import RECORD
from plugins.grids.desktop.tally import Tally

PANEL = "onemap.grids.grids"


class Overview(QObject):
    """Keeps the tallies, the selected area, and the badge of the panel."""

    selected_changed = Signal()

    def __init__(self, ctx: Context, directory: Directory) -> None:
        super().__init__()
        self.ctx = ctx
        self.directory = directory
        self.selected: str | None = None
        self.grids: list[str] = []
        """Codes of all grids."""
        self.on_duty = Tally(lambda staff: staff.duty == Duty.ON)
        self.open_events = Tally(lambda event: event.state in OPEN_EVENT_STATES)
        self._badge_waits = False
        self._count("staff", self.on_duty)
        self._count("event", self.open_events)
        directory.changed.connect(self._take_grids)
        ctx.selection.on_change(self._on_selection)
        ctx.commands.bind("onemap.grids.next_empty", self.next_empty)
        self._take_grids()

    @property
    def tree(self) -> AreaTree:
        """All areas."""
        return self.directory.tree

    def empty_grids(self) -> list[str]:
        """Grids without anybody on duty."""
        return self.on_duty.lacking(self.grids)

    def total(self, tally: Tally) -> int:
        """Sum over the areas at the top."""
        return sum(tally[node.area.code] for node in self.tree.roots)

    def next_empty(self) -> None:
        """Select the next grid that nobody is on duty in."""
        empty = self.empty_grids()
        if not empty:
            self.ctx.notify(self.ctx.tr("Somebody is on duty in every grid"), key="onemap.grids.none_empty")
            return
        code = next((code for code in empty if code > (self.selected or "")), empty[0])
        self.ctx.selection.select(RECORD, code)

    def _count(self, record_type: str, tally: Tally) -> None:
        collection = self.ctx.live.collection(record_type)
        tally.load(collection.all())

        def follow(change: Change) -> None:
            tally.apply(change, collection)
            self._badge_soon()

        collection.on_change(follow)

    def _take_grids(self) -> None:
        self.grids = [code for code in self.tree.nodes if area_level(code) is AreaLevel.GRID]
        self._show_badge()

    def _badge_soon(self) -> None:
        if not self._badge_waits:
            self._badge_waits = True
            self.ctx.tasks.later(1.0, self._show_badge)

    def _show_badge(self) -> None:
        self._badge_waits = False
        empty = len(self.empty_grids())
        self.ctx.panels.set_badge(PANEL, self.ctx.tr("{count} empty", count=empty) if empty else "")

    def _on_selection(self, current: tuple[str, str] | None) -> None:
        selected = current[1] if current is not None and current[0] == RECORD else None
        if selected != self.selected:
            self.selected = selected
            self.selected_changed.emit()
