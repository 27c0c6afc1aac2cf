"""Alarms of the feed, kept for the list and counted on its tab. Quiet ones notify nobody and move no map."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.sdk import Change, OneMapError, Severity
from console.sdk.records import Alarm, AlarmKind
from plugins.staff.desktop.alarms.sos import PANEL
from plugins.staff.desktop.desk import Desk

KINDS = {
    AlarmKind.SOS: "Calls for help",
    AlarmKind.SILENT: "No position for long",
    AlarmKind.LEFT_RANGE: "Left the activity range",
}
_URGENT_FIRST = {AlarmKind.SOS: 0, AlarmKind.LEFT_RANGE: 1, AlarmKind.SILENT: 2}


class Alarms(QObject):
    """The live alarms, urgent ones first."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._live = desk.ctx.live.collection("alarm")
        self._live.on_change(self._on_change)
        self._badge()

    def all(self) -> list[Alarm]:
        """Alarms by urgency, then by time."""
        return sorted(self._live.all(), key=lambda alarm: (_URGENT_FIRST[alarm.kind], alarm.since))

    def text(self, alarm: Alarm) -> str:
        """Who, and what about them."""
        staff = self.desk.record(alarm.staff)
        name = staff.name if staff else alarm.staff
        return f"{name} · {self.desk.ctx.tr(KINDS[alarm.kind])}"

    def acknowledge(self, alarm_id: str, note: str) -> None:
        """Say that one has seen it."""
        self.desk.ctx.tasks.start(self._acknowledge(alarm_id, note))

    async def _acknowledge(self, alarm_id: str, note: str) -> None:
        ctx = self.desk.ctx
        path = f"/staff/alarms/{alarm_id}/acknowledge"
        try:
            await ctx.backend.submit(ctx.tr("Alarm seen"), "POST", path, {"note": note})
        except OneMapError as error:
            ctx.notify(str(error), Severity.ERROR)

    def _on_change(self, _change: Change) -> None:
        self._badge()
        self.changed.emit()

    def _badge(self) -> None:
        """How many nobody has seen, on the panel's tab: a quiet alarm is told nowhere else."""
        waiting = sum(alarm.taken_at is None for alarm in self._live.all())
        self.desk.ctx.panels.set_badge(PANEL, str(waiting) if waiting else "")
