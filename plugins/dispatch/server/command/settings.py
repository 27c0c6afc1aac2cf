"""Ready texts and rules for silence: small tables, all of which every console has."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import EscalationRule, Event, OrderTemplate, Then
from console.sdk.server import ServerContext, announce, conflict, not_found
from plugins.dispatch.server.command.bodies import EscalationBody, TemplateBody
from plugins.dispatch.server.command.tables import EscalationRow, TemplateRow

TEMPLATE, RULE = "order_template", "order_rule"


class CommandSettings:
    """Reading, and changes that reach all consoles."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def templates(self, session: Session) -> list[OrderTemplate]:
        """All ready texts."""
        rows = session.scalars(select(TemplateRow).order_by(TemplateRow.kind, TemplateRow.id))
        return [_template(row) for row in rows]

    def rules(self, session: Session) -> list[EscalationRule]:
        """All rules."""
        rows = session.scalars(select(EscalationRow).order_by(EscalationRow.kind, EscalationRow.urgency))
        return [_rule(row) for row in rows]

    def put_template(self, session: Session, key: str, body: TemplateBody, by: str) -> OrderTemplate:
        """Store a new text under *key*, or replace it."""
        row = session.get(TemplateRow, key)
        if row is None:
            row = TemplateRow(id=key)
            session.add(row)
        row.kind, row.zh, row.en, row.by = body.kind, body.zh, body.en, by
        return announce(self._server, session, TEMPLATE, row, _template)

    def put_rule(self, session: Session, key: str, body: EscalationBody) -> EscalationRule:
        """Store a rule. Raises ApiError 409 when another one is for the same class and level."""
        same = select(EscalationRow.id).where(
            EscalationRow.kind == body.kind, EscalationRow.urgency == body.urgency, EscalationRow.id != key
        )
        if session.scalar(same) is not None:
            raise conflict("rule_exists", "There is a rule for this class and level", "该类别和级别已有规则")
        row = session.get(EscalationRow, key)
        if row is None:
            row = EscalationRow(id=key)
            session.add(row)
        row.kind, row.urgency, row.then = body.kind, body.urgency, body.then
        row.remind_after, row.escalate_after = body.remind_after, body.escalate_after
        return announce(self._server, session, RULE, row, _rule)

    def drop(self, session: Session, record_type: str, key: str) -> None:
        """Take a text or rule away. Raises ApiError 404."""
        row = session.get(TemplateRow if record_type == TEMPLATE else EscalationRow, key)
        if row is None:
            raise not_found()
        session.delete(row)
        self._server.feed.drop(session, record_type, key, "")


def rule_for(rules: Iterable[EscalationRule], event: Event | None) -> EscalationRule | None:
    """The most precise rule for an order of *event* (None: a call); class weighs more than level."""
    kind, urgency = (event.kind, event.urgency) if event else ("", "")
    fitting = [r for r in rules if r.kind in ("", kind) and r.urgency in ("", urgency)]
    return max(fitting, key=lambda r: (bool(r.kind), bool(r.urgency)), default=None)


def _template(row: TemplateRow) -> OrderTemplate:
    return OrderTemplate(id=row.id, kind=row.kind, zh=row.zh, en=row.en, by=row.by, version=row.version)


def _rule(row: EscalationRow) -> EscalationRule:
    return EscalationRule(
        id=row.id,
        kind=row.kind,
        urgency=row.urgency,
        remind_after=row.remind_after,
        escalate_after=row.escalate_after,
        then=Then(row.then),
        version=row.version,
    )
