"""Plans as the backend keeps them: shared drafts, cut by area, changed by one at a time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import msgspec
from sqlalchemy import select

from console.sdk import AreaLevel
from console.sdk.records import GridPlan, PlanState
from console.sdk.server import ApiError, Caller, ServerContext, Session, announce, conflict, not_found
from plugins.grids.cover.draft import Draft
from plugins.grids.server.bodies import PlanBody
from plugins.grids.server.ground import Ground, bad_draft, must_be_theirs
from plugins.grids.server.tables import PlanRow

RECORD = "grid_plan"
SHOWN = 100
"""Plans in a list."""


def to_record(row: PlanRow) -> GridPlan:
    """The row as it travels; the draft itself is asked for."""
    return GridPlan(
        id=row.id,
        area=row.area,
        title=row.title,
        state=PlanState(row.state),
        author=row.author,
        changed_at=row.changed_at,
        grids=row.grids,
        note=row.note,
        restores=row.restores,
        version=row.version,
    )


def draft_in(row: PlanRow) -> Draft:
    """The draft of a plan."""
    return msgspec.convert(row.draft, Draft)


class PlanBook:
    """Reading cut by area; a change names the version that it was made on."""

    def __init__(self, server: ServerContext, ground: Ground) -> None:
        self._server, self._ground = server, ground

    def drafts(self, session: Session, areas: Sequence[str]) -> list[GridPlan]:
        """Plans of *areas* that are not in force yet, the newest first."""
        mine = self._server.in_areas(PlanRow.area, areas)
        query = select(PlanRow).where(mine, PlanRow.state == PlanState.DRAFT)
        return [
            to_record(row) for row in session.scalars(query.order_by(PlanRow.changed_at.desc()).limit(SHOWN))
        ]

    def row(self, session: Session, plan: str, areas: Sequence[str]) -> PlanRow:
        """One row. Raises ApiError 404 outside *areas*."""
        mine = self._server.in_areas(PlanRow.area, areas)
        row = session.scalar(select(PlanRow).where(PlanRow.id == plan, mine))
        if row is None:
            raise not_found()
        return row

    def draft(self, session: Session, plan: str, version: int, caller: Caller) -> PlanRow:
        """A draft in the state that the caller has seen. Raises ApiError 404, 409."""
        row = self.row(session, plan, caller.areas)
        if row.state != PlanState.DRAFT:
            raise conflict("plan_over", "This plan is no draft any more", "该方案已不是草案", state=row.state)
        if row.version != version:
            text, text_zh = "Somebody else has changed the plan", "方案已被他人修改"
            raise conflict("plan_changed", text, text_zh, version=row.version)
        return row

    def check(self, caller: Caller, draft: Draft) -> int:
        """How many grids a draft changes. Raises ApiError 422 for what is none, or not the caller's.

        No writer waits for it.
        """
        codes = draft.codes() - {""}
        if not codes:
            raise bad_draft("it changes nothing")
        must_be_theirs(caller, codes)
        if not caller.may_see(common_area(codes)):
            raise apart()
        with self._server.session(write=False) as session:
            return self._ground.outcome(session, draft).moved()  # faults may be mended later

    def save(self, session: Session, caller: Caller, plan: str, body: PlanBody, grids: int) -> GridPlan:
        """Store a draft that was checked and changes so many grids, or a later state of it.

        Raises ApiError 404, 409.
        """
        if body.version:
            row = self.draft(session, plan, body.version, caller)
        elif session.get(PlanRow, plan) is not None:
            raise conflict("plan_changed", "Somebody else has changed the plan", "方案已被他人修改")
        else:
            row = PlanRow(id=plan, author_id=caller.user_id, author=caller.name, state=PlanState.DRAFT)
            row.restores = ""
            session.add(row)
        row.title, row.note, row.grids = body.title, body.note, grids
        return self._keep(session, row, body.draft, body.draft.codes() - {""})

    def restoring(self, session: Session, caller: Caller, plan: PlanRow, draft: Draft) -> GridPlan:
        """Store the new row *plan*, which takes back what a revision did."""
        plan.author_id, plan.author, plan.state = caller.user_id, caller.name, PlanState.DRAFT
        session.add(plan)
        return self._keep(session, plan, draft, draft.codes())

    def withdraw(self, session: Session, caller: Caller, plan: str, version: int) -> GridPlan:
        """Give up a draft; it is kept. Raises ApiError 404, 409."""
        row = self.draft(session, plan, version, caller)
        self._server.audit(session, caller, "grids.withdraw", f"{RECORD}/{plan}", area=row.area)
        return self.end(session, row, PlanState.WITHDRAWN)

    def end(self, session: Session, row: PlanRow, state: PlanState) -> GridPlan:
        """A draft is none any more."""
        row.state, row.changed_at = state, time.time()
        return announce(self._server, session, RECORD, row, to_record)

    def _keep(self, session: Session, row: PlanRow, draft: Draft, codes: Iterable[str]) -> GridPlan:
        row.draft, row.area, row.changed_at = asdict(draft), common_area(codes), time.time()
        return announce(self._server, session, RECORD, row, to_record)


def apart() -> ApiError:
    """The refusal of a plan over several areas of its author, who could not see it as a whole."""
    return ApiError(
        422,
        "areas_apart",
        "Draw one plan for each of your areas: this one spans several",
        "该方案跨越您的多个辖区，请按辖区分别制定方案",
    )


def common_area(codes: Iterable[str]) -> str:
    """The smallest area that holds all *codes*; empty when they lie in several provinces."""
    first, *others = codes
    holding = (first[:level] for level in sorted(AreaLevel, reverse=True))
    return next((area for area in holding if all(code.startswith(area) for code in others)), "")
