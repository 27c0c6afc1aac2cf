"""Who may look through whose cameras, and of which one must say why."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import delete, select

from console.sdk.records import CameraKind, Role
from console.sdk.server import ApiError, Caller, Session
from plugins.cameras.server.tables import CameraRow, ViewRuleRow

VIEWERS = (Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR)
"""Who has the right ``camera.view``, where no rule says less."""


class ViewRule(BaseModel):
    """Holds for cameras of *owner* and *kind*; empty or None: of any."""

    owner: Annotated[str, StringConstraints(strip_whitespace=True, max_length=128)] = ""
    kind: CameraKind | None = None
    roles: list[Role] = Field(default=list(VIEWERS), max_length=len(Role))
    reason: bool = False
    """Whether one must say why."""


def rules_of(session: Session) -> list[ViewRule]:
    """All, by owner and kind."""
    rows = session.scalars(select(ViewRuleRow).order_by(ViewRuleRow.owner, ViewRuleRow.kind))
    return [_rule(row) for row in rows]


def put_rules(session: Session, rules: list[ViewRule]) -> None:
    """Replace all rules. Raises ApiError 422 when two say of the same cameras."""
    pairs = [(rule.owner, rule.kind) for rule in rules]
    if len(set(pairs)) < len(pairs):
        raise ApiError(422, "two_rules", "Two rules for the same cameras", "同一类摄像头有两条规则")
    session.execute(delete(ViewRuleRow))
    for rule in rules:
        kind = rule.kind.value if rule.kind else ""
        roles = [role.value for role in rule.roles]
        session.add(ViewRuleRow(owner=rule.owner, kind=kind, roles=roles, reason=rule.reason))


def admit(session: Session, caller: Caller, camera: CameraRow, reason: str) -> None:
    """Raises ApiError 403 when a rule keeps the caller's role out, 422 when a reason is missing.

    All rules that speak of the camera must let it pass.
    """
    owners, kinds = ViewRuleRow.owner.in_(("", camera.owner)), ViewRuleRow.kind.in_(("", camera.kind))
    rules = [_rule(row) for row in session.scalars(select(ViewRuleRow).where(owners, kinds))]
    if any(caller.role not in rule.roles for rule in rules):
        raise ApiError(
            403,
            "owner_keeps",
            f"Your role may not look through cameras of {camera.owner}",
            f"您的岗位无权查看“{camera.owner}”的摄像头画面",
            fields={"owner": camera.owner},
        )
    if not reason and any(rule.reason for rule in rules):
        raise ApiError(422, "reason_needed", "Say why you look through this camera", "查看此摄像头须填写事由")


def _rule(row: ViewRuleRow) -> ViewRule:
    kind = CameraKind(row.kind) if row.kind else None
    return ViewRule(owner=row.owner, kind=kind, roles=[Role(role) for role in row.roles], reason=row.reason)
