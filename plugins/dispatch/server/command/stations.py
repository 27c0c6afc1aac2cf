"""Help between stations: one asks, the one above grants and lends staff for a time.

Who commands somebody is their ``area``: the borrower's while they are lent, their own again after that.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import HelpRequest, HelpState, Loan, Staff
from console.sdk.server import ApiError, Caller, ServerContext, announce, conflict, not_found
from plugins.dispatch.server.command.bodies import GrantBody, HelpBody
from plugins.dispatch.server.command.groups import not_commanded
from plugins.dispatch.server.command.tables import HelpRow, LoanRow
from plugins.dispatch.server.orders import KEPT_AFTER_END
from plugins.dispatch.server.ports import StaffService

_STATION_DIGITS = 9
"""A street's centre; shorter codes are of those above, who ask nobody here."""


class Stations:
    """Requests for help and loans; call ``return_due`` now and then."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def requests(self, session: Session, areas: Sequence[str]) -> list[HelpRequest]:
        """Open requests of *areas*, and those answered within a day."""
        query = select(HelpRow).where(self._server.in_areas(HelpRow.area, areas))
        recent = HelpRow.at >= time.time() - KEPT_AFTER_END
        rows = session.scalars(query.where((HelpRow.state == HelpState.OPEN) | recent).order_by(HelpRow.at))
        return [request_record(row) for row in rows]

    def loans(self, session: Session, areas: Sequence[str]) -> list[Loan]:
        """Loans out of *areas* that last."""
        query = select(LoanRow).where(self._server.in_areas(LoanRow.area, areas), LoanRow.ended_at.is_(None))
        return [loan_record(row) for row in session.scalars(query.order_by(LoanRow.until, LoanRow.id))]

    def ask(self, session: Session, body: HelpBody, caller: Caller) -> HelpRequest:
        """Store a request of a street the caller commands. Raises ApiError 403, 422."""
        known = session.get(HelpRow, body.id)
        if known is not None:
            if not caller.may_see(known.area):
                raise conflict("id_taken", "This id belongs to another request", "该编号已被占用")
            return request_record(known)
        if len(body.area) < _STATION_DIGITS or not caller.may_see(body.area):
            raise ApiError(403, "not_your_station", "This is not your station", "只能为本街道申请支援")
        if not time.time() < body.needed_by < body.until:
            raise ApiError(422, "bad_input", "Help must be needed before it ends", "支援时间不正确")
        row = HelpRow(
            id=body.id,
            area=body.area,
            what=body.what,
            count=body.count,
            needed_by=body.needed_by,
            until=body.until,
            state=HelpState.OPEN,
            by=caller.name,
            at=time.time(),
            answer="",
            answered_by="",
        )
        session.add(row)
        return self._announce(session, row, caller, "help.ask", body.what)

    def answer(
        self, session: Session, request: str, state: HelpState, note: str, caller: Caller
    ) -> HelpRequest:
        """Decline, or withdraw. Raises ApiError 403, 404, 409."""
        row = self._open_request(session, request, caller)
        if state is HelpState.DECLINED:
            self._must_be_above(row.area, caller)
        row.state, row.answer, row.answered_by = state, note, caller.name
        return self._announce(session, row, caller, f"help.{state}", note)

    def grant(self, session: Session, request: str, body: GrantBody, caller: Caller) -> HelpRequest:
        """Lend *staff* to who asks. Raises ApiError 403 unless the caller commands both sides."""
        row = self._open_request(session, request, caller)
        self._must_be_above(row.area, caller)
        for staff_id in dict.fromkeys(body.staff):
            member = commanded(session, self._server, staff_id, caller)
            if member.home or member.area.startswith(row.area):
                raise conflict(
                    "cannot_be_lent", "They are lent already, or belong there", "该人员已借出或本属该街道"
                )
            self._lend(session, member, row, caller)
        row.state, row.answer, row.answered_by = HelpState.GRANTED, body.note, caller.name
        return self._announce(session, row, caller, "help.grant", " ".join(body.staff))

    def _lend(self, session: Session, member: Staff, request: HelpRow, caller: Caller) -> None:
        row = LoanRow(
            id=str(uuid.uuid4()),
            staff=member.id,
            name=member.name,
            area=member.area,
            borrower=request.area,
            since=time.time(),
            until=request.until,
            request=request.id,
            by=caller.name,
            ended_at=None,
            version=self._server.feed.next_version(session),
        )
        session.add(row)
        self._staff.assign(session, member.id, request.area, member.area, request.until)
        self._server.feed.put(session, "loan", loan_record(row))

    def give_back(self, session: Session, staff_id: str, caller: Caller) -> Loan:
        """End the loan of somebody early: by who borrowed or by who lent. Raises ApiError 404."""
        row = session.scalar(select(LoanRow).where(LoanRow.staff == staff_id, LoanRow.ended_at.is_(None)))
        if row is None or not (caller.may_see(row.area) or caller.may_see(row.borrower)):
            raise not_found()
        self._server.audit(session, caller, "help.return", f"staff/{row.staff}", area=row.area)
        self._end(session, row)
        return loan_record(row)

    def return_due(self, now: float) -> None:
        """Those whose loan is over return, as soon as they have no order in hand."""
        query = select(LoanRow).where(LoanRow.ended_at.is_(None), LoanRow.until <= now)
        with self._server.session(write=False) as session:
            due = [row.id for row in session.scalars(query) if self._is_free(session, row.staff)]
        for loan in due:
            with self._server.session(write=True) as session:
                row = session.get(LoanRow, loan)
                if row is not None and row.ended_at is None:
                    self._end(session, row)

    def _is_free(self, session: Session, staff_id: str) -> bool:
        return not any(member.job for member in self._staff.by_ids(session, [staff_id]))

    def _end(self, session: Session, row: LoanRow) -> None:
        row.ended_at = time.time()
        self._staff.assign(session, row.staff, row.area, "", None)
        self._server.feed.drop(session, "loan", row.id, row.area)

    def _open_request(self, session: Session, request: str, caller: Caller) -> HelpRow:
        in_areas = self._server.in_areas(HelpRow.area, caller.areas)
        row = session.scalar(select(HelpRow).where(HelpRow.id == request, in_areas))
        if row is None:
            raise not_found()
        if row.state != HelpState.OPEN:
            raise conflict("answered", "This request is answered already", "该申请已处理", state=row.state)
        return row

    def _must_be_above(self, area: str, caller: Caller) -> None:
        """Who asks cannot answer: only a station whose area holds more than the asking one."""
        if not any(area.startswith(own) and len(own) < len(area) for own in caller.areas):
            raise ApiError(403, "not_above", "Only the district can answer this", "须由上级中心处理")

    def _announce(
        self, session: Session, row: HelpRow, caller: Caller, action: str, reason: str
    ) -> HelpRequest:
        self._server.audit(session, caller, action, f"help/{row.id}", reason=reason, area=row.area)
        return announce(self._server, session, "help_request", row, request_record)

    @property
    def _staff(self) -> StaffService:
        return self._server.service("staff")


def commanded(session: Session, server: ServerContext, staff_id: str, caller: Caller) -> Staff:
    """Somebody whom *caller* commands now. Raises ApiError 403, which tells their own station of a loan."""
    staff: StaffService = server.service("staff")
    found = staff.by_ids(session, [staff_id])
    if found and caller.may_see(found[0].area):
        return found[0]
    if found and found[0].home and caller.may_see(found[0].home):
        raise ApiError(
            403,
            "lent",
            "They are lent to another station, which commands them now",
            "该人员已借出，现由借入单位指挥",
            fields={"until": found[0].lent_until},
        )
    raise not_commanded()


def request_record(row: HelpRow) -> HelpRequest:
    """The row as it travels."""
    return HelpRequest(
        id=row.id,
        area=row.area,
        what=row.what,
        count=row.count,
        needed_by=row.needed_by,
        until=row.until,
        state=HelpState(row.state),
        by=row.by,
        at=row.at,
        answer=row.answer,
        answered_by=row.answered_by,
        version=row.version,
    )


def loan_record(row: LoanRow) -> Loan:
    """The row as it travels."""
    return Loan(
        id=row.id,
        staff=row.staff,
        name=row.name,
        area=row.area,
        borrower=row.borrower,
        since=row.since,
        until=row.until,
        request=row.request,
        by=row.by,
        version=row.version,
    )
