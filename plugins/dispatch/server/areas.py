"""What lasts of dispatch follows its area when that is taken away: orders, closures, requests, loans.

What has ended keeps the code of its time: it lies in the same community as before.
"""

from __future__ import annotations

from sqlalchemy import or_, select

from console.sdk.records import OPEN_ORDER_STATES, HelpState
from console.sdk.server import AreaChange, Move, ServerContext, Session, announce, move_rows
from plugins.dispatch.server import closures, orders
from plugins.dispatch.server.command import stations
from plugins.dispatch.server.command.tables import HelpRow, LoanRow
from plugins.dispatch.server.tables import ClosureRow, OrderRow


def follow_areas(server: ServerContext) -> None:
    """Move records when areas are changed."""

    def follow(session: Session, change: AreaChange) -> list[Move]:
        return [
            *_orders(server, session, change),
            *_closures(server, session, change),
            *_requests(server, session, change),
            *_loans(server, session, change),
        ]

    server.areas.follow(follow)


def _orders(server: ServerContext, session: Session, change: AreaChange) -> list[Move]:
    query = select(OrderRow).where(OrderRow.area.in_(change.touched), OrderRow.state.in_(OPEN_ORDER_STATES))
    return move_rows(
        "order",
        session.scalars(query).all(),
        lambda row: change.of_member("order", row.id, row.area),
        lambda row: announce(server, session, "order", row, orders.to_record),
    )


def _closures(server: ServerContext, session: Session, change: AreaChange) -> list[Move]:
    query = select(ClosureRow).where(ClosureRow.area.in_(change.touched), ClosureRow.ended_at.is_(None))
    return move_rows(
        "closure",
        session.scalars(query).all(),
        lambda row: change.of_member("closure", row.id, row.area),
        lambda row: announce(server, session, "closure", row, closures.to_record),
    )


def _requests(server: ServerContext, session: Session, change: AreaChange) -> list[Move]:
    query = select(HelpRow).where(HelpRow.area.in_(change.touched), HelpRow.state == HelpState.OPEN)
    return move_rows(
        "help_request",
        session.scalars(query).all(),
        lambda row: change.of_member("help_request", row.id, row.area),
        lambda row: announce(server, session, "help_request", row, stations.request_record),
    )


def _loans(server: ServerContext, session: Session, change: AreaChange) -> list[Move]:
    """Both sides of a loan: whom they return to, and who has borrowed them."""
    touched = or_(LoanRow.area.in_(change.touched), LoanRow.borrower.in_(change.touched))
    rows = session.scalars(select(LoanRow).where(LoanRow.ended_at.is_(None), touched)).all()
    borrowers: list[Move] = []
    for row in rows:
        borrower, former = change.of_member("borrower", row.id, row.borrower), row.borrower
        if borrower != former:
            row.borrower = borrower
            borrowers.append(Move(kind="borrower", id=row.id, before=former, after=borrower))
            announce(server, session, "loan", row, stations.loan_record)
    lent = move_rows(
        "loan",
        rows,
        lambda row: change.of_member("loan", row.id, row.area),
        lambda row: announce(server, session, "loan", row, stations.loan_record),
    )
    return [*borrowers, *lent]
