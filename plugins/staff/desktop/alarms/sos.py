"""Calls for help: told at once, with a way to the place; the map moves only when nobody is typing."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit

from console.sdk import OneMapError, Severity
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.states import State

PANEL = "onemap.staff.alarms"
_TYPED_INTO = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)


class Sos:
    """Notifies of each new SOS once, and steps through those who call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._calling: set[str] = set()
        self._last = ""
        desk.joined.connect(self._look)
        desk.ctx.commands.bind("onemap.staff.next_sos", self.next)
        desk.ctx.commands.bind("onemap.staff.clear_sos", self.clear)

    def calling(self) -> list[str]:
        """Ids of everybody who calls for help."""
        roster = self._desk.roster
        return [roster.records[row].id for row in np.flatnonzero(roster.state == State.SOS).tolist()]

    def next(self) -> None:
        """Jump to the next one who calls."""
        calling = sorted(self.calling())
        if not calling:
            ctx = self._desk.ctx
            ctx.notify(ctx.tr("Nobody calls for help"), key="onemap.staff.no_sos")
            return
        self._last = next((staff_id for staff_id in calling if staff_id > self._last), calling[0])
        self._desk.jump(self._last)

    async def clear(self) -> None:
        """Say that somebody has looked after the selected person's call."""
        ctx, staff = self._desk.ctx, self._desk.record(self._desk.selected)
        if staff is None or not staff.sos:
            ctx.notify(ctx.tr("Select a person who calls for help"), key="onemap.staff.no_sos")
            return
        title = ctx.tr("SOS of {name} looked after", name=staff.name)
        try:
            await ctx.backend.submit(title, "POST", f"/staff/{staff.id}/sos/clear")
        except OneMapError as error:
            ctx.notify(str(error), Severity.ERROR)

    def _look(self) -> None:
        calling = set(self.calling())
        for staff_id in sorted(calling - self._calling):
            self._tell(staff_id)
        self._calling = calling

    def _tell(self, staff_id: str) -> None:
        ctx, staff = self._desk.ctx, self._desk.record(staff_id)
        if staff is None:
            return
        if not is_typing():
            self._desk.reveal(staff_id)
        ctx.notify(
            ctx.tr("SOS: {name}, {area}", name=staff.name, area=self._desk.area_name(staff.area)),
            Severity.ERROR,
            detail=ctx.tr("Calls for help. Key of the next call: see “Next SOS” in the menu."),
            action=(ctx.tr("Show everything"), lambda: self._open(staff_id)),
            key=f"onemap.staff.sos.{staff_id}",
        )

    def _open(self, staff_id: str) -> None:
        self._desk.jump(staff_id)
        self._desk.ctx.panels.show(PANEL)


def is_typing() -> bool:
    """Whether the user is writing somewhere; then nothing may move under their hands."""
    return isinstance(QApplication.focusWidget(), _TYPED_INTO)
