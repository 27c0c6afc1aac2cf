"""Plans and their editions in the database, and on the live feed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from console.sdk.records import Plan, PlanItem, PlanStep
from console.sdk.server import (
    ApiError,
    AreaChange,
    Caller,
    Move,
    ServerContext,
    Session,
    announce,
    conflict,
    move_rows,
    not_found,
)
from plugins.plans.server.bodies import PlanBody
from plugins.plans.server.tables import EditionRow, PlanRow


def to_record(row: PlanRow) -> Plan:
    """The row as it travels."""
    return _plan(row, row.id, row.version)


def _plan(row: PlanRow | EditionRow, plan_id: str, version: int) -> Plan:
    content = row.content
    return Plan(
        id=plan_id,
        area=row.area,
        title=row.title,
        event_class=row.event_class,
        note=content["note"],
        steps=tuple(PlanStep(**step) for step in content["steps"]),
        items=tuple(PlanItem(**item) for item in content["items"]),
        edition=row.edition,
        by=row.by,
        at=row.at,
        version=version,
    )


class PlanBook:
    """Each change is one transaction of the caller's."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def all(self, session: Session, areas: Sequence[str]) -> list[Plan]:
        """Plans of *areas*, by title."""
        query = select(PlanRow).where(
            self._server.in_areas(PlanRow.area, areas), PlanRow.deleted_at.is_(None)
        )
        return [to_record(row) for row in session.scalars(query.order_by(PlanRow.title, PlanRow.id))]

    def editions(self, session: Session, plan_id: str, areas: Sequence[str]) -> list[Plan]:
        """All editions of a plan, the last first, those before it was deleted included.

        Raises ApiError 404 outside *areas*; editions that belonged elsewhere are left out.
        """
        row = self._row(session, plan_id, areas)
        query = select(EditionRow).where(
            EditionRow.plan_id == plan_id, self._server.in_areas(EditionRow.area, areas)
        )
        rows = session.scalars(query.order_by(EditionRow.edition.desc()))
        return [_plan(each, plan_id, row.version) for each in rows]

    def save(self, session: Session, plan_id: str, body: PlanBody, caller: Caller) -> Plan:
        """Make the next edition. Raises ApiError 404, 409 (somebody else's edition came between), 422."""
        area = self._area(session, body.area, caller)
        row = session.get(PlanRow, plan_id)
        if row is not None and not caller.may_see(row.area):
            raise conflict("id_taken", "This id belongs to another plan", "该编号已被占用")
        present = row.version if row is not None and row.deleted_at is None else 0
        if body.version != present:
            raise conflict(
                "changed_meanwhile",
                "Somebody else has changed this plan: look at it and edit it again",
                "该预案已被他人修改，请查看后重新编辑",
                version=present,
            )
        if row is None:
            row = PlanRow(id=plan_id, edition=0, deleted_at=None, area=area)
            session.add(row)
        elif row.area != area:  # consoles of the old area may not see the new one
            self._server.feed.drop(session, "plan", row.id, row.area)
        self._write(session, row, area, body, caller.name)
        self._server.audit(session, caller, "plans.save", f"plan/{plan_id}", reason=body.title, area=area)
        return announce(self._server, session, "plan", row, to_record)

    def _write(self, session: Session, row: PlanRow, area: str, body: PlanBody, by: str) -> None:
        values: dict[str, Any] = {
            "area": area,
            "title": body.title,
            "event_class": str(body.event_class),
            "content": body.model_dump(mode="json", include={"note", "steps", "items"}),
            "by": by,
            "at": time.time(),
            "edition": row.edition + 1,
        }
        for name, value in values.items():
            setattr(row, name, value)
        row.deleted_at = None
        session.flush()
        session.add(EditionRow(plan_id=row.id, **values))

    def delete(self, session: Session, plan_id: str, caller: Caller) -> None:
        """Take a plan away; its editions are kept. Raises ApiError 404."""
        row = self._row(session, plan_id, caller.areas)
        if row.deleted_at is not None:
            raise not_found()
        row.deleted_at = time.time()
        self._server.feed.drop(session, "plan", row.id, row.area)
        self._server.audit(
            session, caller, "plans.delete", f"plan/{plan_id}", reason=row.title, area=row.area
        )

    def follow_areas(self, session: Session, change: AreaChange) -> list[Move]:
        """Plans of an area that is taken away belong to its heir; editions keep the area of their time."""
        there = PlanRow.area.in_(change.touched)
        return move_rows(
            "plan",
            session.scalars(select(PlanRow).where(there, PlanRow.deleted_at.is_(None))).all(),
            lambda row: change.of_member("plan", row.id, row.area),
            lambda row: announce(self._server, session, "plan", row, to_record),
        )

    def _row(self, session: Session, plan_id: str, areas: Sequence[str]) -> PlanRow:
        """One plan, deleted or not. Raises ApiError 404 outside *areas*."""
        query = select(PlanRow).where(PlanRow.id == plan_id, self._server.in_areas(PlanRow.area, areas))
        row = session.scalar(query)
        if row is None:
            raise not_found()
        return row

    def _area(self, session: Session, code: str, caller: Caller) -> str:
        """The area as records write it. Raises ApiError 422 for another's, or one that there is not."""
        known = self._server.known_areas(session, [code]).get(code, "")
        if not known or not caller.may_see(known):
            raise ApiError(422, "outside_areas", "The plan is outside your areas", "预案不在您的辖区内")
        return known
