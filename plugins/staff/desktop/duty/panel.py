"""The panel 值班: who is on now, the rota, leave, hand-over, and what duty is measured by."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from console.sdk.ui import Chips, Page, button, row
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.duty.desk import DutyDesk
from plugins.staff.desktop.duty.notes import Handovers, Leave
from plugins.staff.desktop.duty.on_now import OnNow
from plugins.staff.desktop.duty.week import Week
from plugins.staff.desktop.limits.desk import Limits
from plugins.staff.desktop.limits.ranges import RangesEditor
from plugins.staff.desktop.limits.rules import RulesEditor
from plugins.staff.desktop.limits.shifts import ShiftsEditor

REFRESH_MS = 30_000


class DutyPanel(Page):
    """Reads anew when it is shown and twice a minute while it can be seen."""

    def __init__(self, desk: Desk, limits: Limits) -> None:
        super().__init__()
        self.duty, self._limits = DutyDesk(desk), limits
        self._ranges = RangesEditor(limits)
        tr = desk.ctx.tr
        parts: list[tuple[str, QWidget]] = [
            (tr("On duty now"), OnNow(self.duty)),
            (tr("Rota"), Week(self.duty)),
            (tr("Leave"), Leave(self.duty)),
            (tr("Hand-over"), Handovers(self.duty)),
            (tr("Shifts"), ShiftsEditor(limits)),
            (tr("Watch rules"), RulesEditor(limits)),
            (tr("Activity ranges"), self._ranges),
        ]
        self._stack = QStackedWidget()
        for _, part in parts:
            self._stack.addWidget(part)
        self.tabs = Chips(
            [(str(at), title) for at, (title, _) in enumerate(parts)],
            lambda at: self._stack.setCurrentIndex(int(at)),
        )
        picker = desk.areas.picker(self._set_area) if desk.areas else None
        refresh = button("", self._read, "refresh", tooltip=tr("Read anew"))
        self.add(row(self.tabs, None, *([picker] if picker else []), refresh))
        self.add(self._stack, 1)
        self.setFocusProxy(self.tabs)
        self._tick = QTimer(self, interval=REFRESH_MS)
        self._tick.timeout.connect(self.duty.read_now)

    def showEvent(self, event: QShowEvent) -> None:
        self._read()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def _read(self) -> None:
        self.duty.read_all()
        self._limits.read()

    def _set_area(self, area: str) -> None:
        self._ranges.area = area
        self.duty.set_area(area)
