"""Alarms of the feed: kept for the list, and told once. Quiet ones make no noise and move no map."""

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

    def _on_change(self, change: Change) -> None:
        if not change.reset:
            for alarm_id in sorted(change.put):
                self._tell(self._live.get(alarm_id))
        self._badge()
        self.changed.emit()

    def _tell(self, alarm: Alarm | None) -> None:
        """A quiet alarm as a quiet notification; SOS is told by Sos, with everything."""
        if alarm is None or alarm.kind == AlarmKind.SOS or alarm.taken_at is not None:
            return
        desk = self.desk
        desk.ctx.notify(
            self.text(alarm),
            Severity.WARNING,
            detail=desk.area_name(alarm.area),
            action=(desk.ctx.tr("Show on the map"), lambda: desk.jump(alarm.staff)),
            key=f"onemap.staff.alarm.{alarm.kind}.{alarm.staff}",
        )

    def _badge(self) -> None:
        waiting = sum(alarm.taken_at is None for alarm in self._live.all())
        self.desk.ctx.panels.set_badge(PANEL, str(waiting) if waiting else "")
