"""The panel 值班: who is on now, the rota, leave, hand-over, and what duty is measured by."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent

from console.sdk.ui import Page, Tabs, button, row
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
        duty, tr = self.duty, desk.ctx.tr
        self.tabs = Tabs(
            [
                (tr("On duty now"), lambda: OnNow(duty)),
                (tr("Rota"), lambda: Week(duty)),
                (tr("Leave"), lambda: Leave(duty)),
                (tr("Hand-over"), lambda: Handovers(duty)),
                (tr("Shifts"), lambda: ShiftsEditor(limits)),
                (tr("Watch rules"), lambda: RulesEditor(limits)),
                (tr("Activity ranges"), lambda: RangesEditor(limits, lambda: duty.area)),
            ]
        )
        picker = desk.areas.picker(duty.set_area) if desk.areas else None
        refresh = button("", self._read, "refresh", tooltip=tr("Read anew"))
        self.add(row(self.tabs.chips, None, *([picker] if picker else []), refresh))
        self.add(self.tabs, 1)
        self.setFocusProxy(self.tabs.chips)
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
