"""Putting a plan in force: checked once more, done in one transaction, kept so that it can be taken back."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

import msgspec
from sqlalchemy import delete, select

from console.sdk.records import GridPlan, PlanState
from console.sdk.server import (
    ApiError,
    Caller,
    Move,
    ServerContext,
    Session,
    conflict,
    for_whole_district,
    not_found,
)
from plugins.grids.cover.check import Finding
from plugins.grids.cover.cover import inside
from plugins.grids.cover.draft import Draft, draft_of
from plugins.grids.cover.words import FAULTS
from plugins.grids.model import CheckAnswer, Revision, SaidFinding
from plugins.grids.server.ground import Ground, Outcome, must_be_theirs
from plugins.grids.server.plans import RECORD, SHOWN, PlanBook, draft_in
from plugins.grids.server.tables import PlanRow, RetiredRow, RevisionRow


class Force:
    """Checks drafts, puts them in force, takes revisions back by a new draft."""

    def __init__(self, server: ServerContext, ground: Ground, plans: PlanBook) -> None:
        self._server, self._ground, self._plans = server, ground, plans

    def check(self, caller: Caller, draft: Draft, restores: str = "") -> CheckAnswer:
        """What would come of *draft*; nothing is changed. Raises ApiError 422.

        Writers wait only while it is tried out whom it moves.
        """
        must_be_theirs(caller, draft.codes() - {""})
        with self._server.session(write=False) as session:
            outcome = self._ground.outcome(session, draft, self._again(session, restores))
        moves: list[Move] = []
        if not outcome.findings and outcome.changed():
            with self._server.session(write=True) as session:
                moves = self._server.areas.effects(session, outcome.put(), outcome.heirs())
        return CheckAnswer(findings=[said(each) for each in outcome.findings], moves=_counts(moves))

    def check_plan(self, caller: Caller, plan: str) -> CheckAnswer:
        """The same for a plan that is kept. Raises ApiError 404."""
        with self._server.session(write=False) as session:
            row = self._plans.row(session, plan, caller.areas)
            draft, restores = draft_in(row), row.restores
        return self.check(caller, draft, restores)

    def put_in_force(
        self, session: Session, caller: Caller, plan: str, version: int, reason: str
    ) -> Revision:
        """Only who sees a whole district may. Raises ApiError 403, 404, 422, 409 with the places."""
        for_whole_district(caller)
        row = self._plans.draft(session, plan, version, caller)
        draft = draft_in(row)
        must_be_theirs(caller, draft.codes())
        outcome = self._ground.outcome(session, draft, self._again(session, row.restores))
        if outcome.findings:
            raise refused(outcome.findings)
        back = self._back(session, row.restores)
        moves = self._server.areas.replace(session, outcome.put(), outcome.heirs(), back)
        revision = _revision(row, outcome, moves, caller, reason)
        session.add(revision)
        self._retire(session, outcome, revision.id)
        self._server.audit(
            session, caller, "grids.in_force", f"{RECORD}/{plan}", reason=reason, area=row.area
        )
        self._plans.end(session, row, PlanState.IN_FORCE)
        return to_record(revision)

    def revisions(self, session: Session, areas: Sequence[str]) -> list[Revision]:
        """What was put in force in *areas*, the newest first."""
        query = select(RevisionRow).where(self._server.in_areas(RevisionRow.area, areas))
        return [to_record(row) for row in session.scalars(query.order_by(RevisionRow.at.desc()).limit(SHOWN))]

    def restore(self, session: Session, caller: Caller, revision: str) -> GridPlan:
        """A draft that brings the former grids back. Raises ApiError 403, 404, 422."""
        for_whole_district(caller)
        mine = self._server.in_areas(RevisionRow.area, caller.areas)
        row = session.scalar(select(RevisionRow).where(RevisionRow.id == revision, mine))
        if row is None:
            raise not_found()
        draft = msgspec.convert(row.undo, Draft)
        must_be_theirs(caller, draft.codes())
        grids = session.get_one(PlanRow, row.plan).grids  # the same ones change back
        plan = PlanRow(id=str(uuid.uuid4()), title=row.title, note="", grids=grids, restores=row.id)
        return self._plans.restoring(session, caller, plan, draft)

    def retired(self, session: Session, areas: Sequence[str]) -> set[str]:
        """Codes of *areas* that are not given again."""
        return self._ground.retired(session, areas)

    def _again(self, session: Session, restores: str) -> list[str]:
        """Codes that a plan may give again, because it takes back the revision that took them away."""
        row = session.get(RevisionRow, restores) if restores else None
        return list(row.gone) if row is not None else []

    def _back(self, session: Session, restores: str) -> dict[tuple[str, str, str], str]:
        """Records that return to the area that they were taken from."""
        row = session.get(RevisionRow, restores) if restores else None
        return {(m["kind"], m["id"], m["after"]): m["before"] for m in (row.moves if row else ())}

    def _retire(self, session: Session, outcome: Outcome, revision: str) -> None:
        returned = [code for code in outcome.changed() if code in outcome.after]
        session.execute(delete(RetiredRow).where(RetiredRow.code.in_(returned)))
        session.add_all(RetiredRow(code=code, revision=revision) for code in outcome.heirs())


def said(finding: Finding) -> SaidFinding:
    """A finding in words."""
    text = FAULTS[finding.fault]
    return SaidFinding(
        fault=finding.fault,
        codes=list(finding.codes),
        where=finding.degrees,
        text=text.en,
        text_zh=text.zh_CN,
    )


def refused(findings: Sequence[Finding]) -> ApiError:
    """The refusal of a plan that does not hold, naming the first place."""
    first = said(findings[0])
    lon, lat = first.where
    grids = "、".join(first.codes)
    return conflict(
        "grids_not_exact",
        f"{first.text} ({', '.join(first.codes)}; {lat:.6f}, {lon:.6f})",
        f"{first.text_zh}（{grids}，{lat:.6f}, {lon:.6f}）",
        findings=[asdict(said(each)) for each in findings[:100]],
    )


def to_record(row: RevisionRow) -> Revision:
    """The row as it travels."""
    undo = msgspec.convert(row.undo, Draft)
    return Revision(
        id=row.id,
        plan=row.plan,
        area=row.area,
        title=row.title,
        reason=row.reason,
        author=row.author,
        at=row.at,
        grids=sorted(undo.codes()),
        gone=row.gone,
        moved=dict(Counter(move["kind"] for move in row.moves)),
    )


def _revision(
    plan: PlanRow, outcome: Outcome, moves: Sequence[Move], caller: Caller, reason: str
) -> RevisionRow:
    return RevisionRow(
        id=str(uuid.uuid4()),
        plan=plan.id,
        area=plan.area,
        title=plan.title,
        reason=reason,
        author=caller.name,
        at=time.time(),
        undo=asdict(undoing(outcome)),
        gone=outcome.heirs(),
        moves=[asdict(move) for move in moves],
    )


def undoing(outcome: Outcome) -> Draft:
    """The draft that leads back; what was new goes to the grid whose ground it was."""
    new = [outcome.after[code] for code in outcome.changed() if code not in outcome.before]
    former = {grid.code: outcome.before.at(inside(grid.shape)) for grid in new}
    heirs = {code: grid.code for code, grid in former.items() if grid is not None}
    return draft_of(outcome.after, outcome.before.changed((), gone=heirs))


def _counts(moves: Sequence[Move]) -> dict[str, int]:
    return dict(Counter(move.kind for move in moves))
