"""Help between stations: asking, granting with lent staff, and who commands whom now."""

from __future__ import annotations

import uuid
from collections import Counter

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QSpinBox

from console.sdk.records import Duty, HelpRequest, HelpState, Staff
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Section, button, row
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.words import HELP_STATES, ROLES, clock_text

PANEL = "onemap.dispatch.help"
STREET_DIGITS = 9
_HOURS = (1, 2, 4, 8, 12, 24)


class HelpPanel(Page):
    """Requests above; below, whoever the chosen request may get, or is lent already."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._commands = QLabel(wordWrap=True)
        self._what = QLineEdit(placeholderText=tr("What help is needed"), maxLength=300)
        self._what.setAccessibleName(tr("What help is needed"))
        self._what.returnPressed.connect(self._ask)
        self._count = QSpinBox(minimum=1, maximum=100, value=2)
        self._count.setAccessibleName(tr("How many"))
        self._hours = QComboBox()
        self._hours.setAccessibleName(tr("For how long"))
        for hours in _HOURS:
            self._hours.addItem(tr("for {n} h", n=hours), hours)
        self._send = button(tr("Ask the district"), self._ask, "message", primary=True, tooltip=tr("Enter"))
        self._requests = RecordTable(
            self._request_columns(),
            key=lambda request: request.id,
            empty=EmptyState(tr("No requests for help"), tr("Requests of the last day appear here.")),
            name="onemap.dispatch.help",
        )
        self._requests.on_select(lambda _: self._show_staff())
        self._staff = RecordTable(
            self._staff_columns(),
            key=lambda member: member.id,
            empty=EmptyState(tr("Nobody is lent"), tr("Choose an open request to see who could be lent.")),
            name="onemap.dispatch.lending",
        )
        self._staff.on_select(lambda _: self._show_acts())
        self._staff.on_activate(self._pick)
        self._whole = QLabel(wordWrap=True)
        """What the chosen request says, of which the narrow column shows the beginning."""
        self._picked: set[str] = set()
        self._lend = button(tr("Lend"), self._on_lend, "users", primary=True)
        self._decline = button(tr("Decline"), self._on_decline, "close")
        self._return = button(tr("Send home"), self._on_return, "undo")
        self._lay_out()
        for changed in (desk.help_changed, desk.staff_changed, desk.connection_changed, desk.named):
            changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show requests, loans and who commands whom as they are now; nothing while nobody looks."""
        if not self.isVisible():
            return
        station = self._station()
        for part in (self._what, self._count, self._hours, self._send):
            part.setVisible(bool(station) and self._desk.ctx.backend.allowed("orders.write"))
        self._commands.setText(self._who_commands())
        self._requests.set_rows(sorted(self._desk.requests.all(), key=lambda r: (r.state != "open", -r.at)))
        self._show_staff()

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()

    def _lay_out(self) -> None:
        tr = self._desk.ctx.tr
        self.add(Section(tr("Who commands whom")))
        self.add(self._commands)
        self.add(row(self._what, self._count, self._hours, self._send))
        self.add(self._requests, 1)
        self.add(self._whole)
        self.add(row(self._decline, None))
        self.add(Section(tr("Lent, or to be lent")))
        self.add(self._staff, 1)
        self.add(row(self._lend, self._return, None))
        self.setFocusProxy(self._requests)

    def _station(self) -> str:
        """The street that the user commands; empty for the district."""
        user = self._desk.ctx.backend.user
        areas = user.areas if user else ()
        return areas[0] if len(areas) == 1 and len(areas[0]) >= STREET_DIGITS else ""

    def _who_commands(self) -> str:
        """One line a street: how many it commands, how many of them are lent to it."""
        tr, members = self._desk.ctx.tr, list(self._desk.staff.all())
        own = Counter(member.area[:STREET_DIGITS] for member in members)
        borrowed = Counter(member.area[:STREET_DIGITS] for member in members if member.home)
        away = Counter(loan.area[:STREET_DIGITS] for loan in self._desk.loans.all())
        lines: list[str] = []
        for street in sorted(set(own) | set(away)):
            text = tr("{street} commands {n}", street=self._desk.area_name(street), n=own[street])
            if borrowed[street]:
                text += tr(", {n} of them lent to it", n=borrowed[street])
            if away[street]:
                text += tr(", {n} lent away", n=away[street])
            lines.append(text)
        return "\n".join(lines)

    def _request_columns(self) -> list[Column]:
        tr, desk = self._desk.ctx.tr, self._desk
        return [
            Column(
                tr("State"),
                lambda r: tr(HELP_STATES[r.state][0]),
                70,
                color=lambda r: HELP_STATES[r.state][1],
            ),
            Column(tr("Station"), lambda r: desk.area_name(r.area), 84),
            Column(tr("Count"), lambda r: str(r.count), 40, "right"),
            Column(tr("Until"), lambda r: clock_text(r.until), 50),
            Column(tr("What"), _what, least=64),
        ]

    def _staff_columns(self) -> list[Column]:
        tr, desk = self._desk.ctx.tr, self._desk
        return [
            Column("", lambda m: "✓" if m.id in self._picked else "", 24),
            Column(tr("Name"), lambda m: m.name, 60),
            Column(tr("Until"), lambda m: clock_text(m.lent_until) if m.home else "", 50),
            Column(tr("Lent from"), self._lent, color=lambda _: "warning", least=90),
            Column(tr("Commanded by"), lambda m: desk.area_name(m.area[:STREET_DIGITS]), 84),
            Column(tr("Role"), lambda m: tr(ROLES[m.role]) if m.role in ROLES else m.role, 66),
        ]

    def _lent(self, member: Staff) -> str:
        return self._desk.area_name(member.home[:STREET_DIGITS]) if member.home else ""

    def _show_staff(self) -> None:
        """Who could be lent to the chosen request; without one, who is lent."""
        request: HelpRequest | None = self._requests.selected
        members = list(self._desk.staff.all())
        if request is not None and request.state is HelpState.OPEN and self._may_grant():
            shown = [m for m in members if _can_be_lent(m, request.area)]
        else:
            shown = [m for m in members if m.home]
        self._staff.set_rows(sorted(shown, key=lambda m: (m.area, m.name)))
        self._show_acts()

    def _pick(self, staff_id: str) -> None:
        """Enter marks who is to be lent, and takes the mark away."""
        self._picked ^= {staff_id}
        self._show_staff()

    def _may_grant(self) -> bool:
        return not self._station() and self._desk.ctx.backend.allowed("help.grant")

    def _show_acts(self) -> None:
        request: HelpRequest | None = self._requests.selected
        member: Staff | None = self._staff.selected
        open_ = request is not None and request.state is HelpState.OPEN
        self._whole.setText(_what(request) if request is not None else "")
        self._whole.setVisible(request is not None)
        self._decline.setVisible(open_)
        self._decline.setText(self._desk.ctx.tr("Decline" if self._may_grant() else "Withdraw"))
        chosen = self._chosen()
        self._lend.setVisible(open_ and self._may_grant() and bool(chosen))
        self._lend.setText(self._desk.ctx.tr("Lend {n} people", n=len(chosen)))
        self._return.setVisible(member is not None and bool(member.home))

    def _chosen(self) -> list[str]:
        """Ids of those marked, or of the selected one."""
        members = {member.id for member in self._staff.shown if not member.home}
        marked = sorted(self._picked & members)
        selected = self._staff.selected_key
        return marked or ([selected] if selected in members and selected else [])

    def _ask(self) -> None:
        what, now, tr = self._what.text().strip(), self._desk.now, self._desk.ctx.tr
        if not what:
            self._what.setFocus()
            return
        body = {
            "id": str(uuid.uuid4()),
            "area": self._station(),
            "what": what,
            "count": self._count.value(),
            "needed_by": now + 600,
            "until": now + 3600 * self._hours.currentData(),
        }
        self._desk.submit(tr("Ask for help: {what}", what=what), "POST", "/dispatch/help", body)
        self._what.clear()

    def _on_lend(self) -> None:
        request, chosen = self._requests.selected, self._chosen()
        if request is not None and chosen:
            title = self._desk.ctx.tr("Lend {n} people", n=len(chosen))
            self._desk.submit(title, "POST", f"/dispatch/help/{request.id}/grant", {"staff": chosen})
            self._picked.clear()

    def _on_decline(self) -> None:
        request: HelpRequest | None = self._requests.selected
        if request is not None:
            action = "decline" if self._may_grant() else "withdraw"
            title = self._desk.ctx.tr("Decline" if self._may_grant() else "Withdraw")
            self._desk.submit(title, "POST", f"/dispatch/help/{request.id}/actions", {"action": action})

    def _on_return(self) -> None:
        member: Staff | None = self._staff.selected
        if member is not None:
            title = self._desk.ctx.tr("Send {name} home", name=member.name)
            self._desk.submit(title, "POST", f"/dispatch/loans/{member.id}/return")


def _can_be_lent(member: Staff, borrower: str) -> bool:
    free = member.duty is Duty.ON and not member.home and not member.job
    return free and not member.area.startswith(borrower)


def _what(request: HelpRequest) -> str:
    """What is needed, and the answer."""
    return f"{request.what} · {request.answer}" if request.answer else request.what
