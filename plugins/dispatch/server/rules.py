"""What counts in the choice, by area and class of events: every version is kept, with who set it."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from sqlalchemy import JSON, BigInteger, Float, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from console.sdk.records import EventClass
from console.sdk.server import Caller, PluginBase, ServerContext, conflict
from plugins.dispatch.model import KeptRules, Rules, usual_rules

_AREA_DIGITS = (15, 12, 9, 6, 4, 2)


class RulesRow(PluginBase):
    """One version of the rules that an area has for one class; the greatest version holds."""

    __tablename__ = "dispatch_rules"
    __table_args__ = (UniqueConstraint("area", "kind", "version", name="uq_dispatch_rules"),)
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    area: Mapped[str] = mapped_column(String(15), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[float] = mapped_column(Float(53))


class RulesBook:
    """Rules hold for their area and all below it that has none of its own."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def in_force(self, session: Session, kind: EventClass, area: str) -> KeptRules:
        """The rules for an event of *kind* in *area*: the nearest area above that set some, or the usual."""
        above = [area[:digits] for digits in _AREA_DIGITS if len(area) >= digits]
        query = select(RulesRow).where(RulesRow.kind == kind, RulesRow.area.in_(above))
        rows = session.scalars(query.order_by(RulesRow.version)).all()
        row = max(rows, key=lambda each: (len(each.area), each.version), default=None)
        if row is None:
            return KeptRules(kind=kind, rules=usual_rules(kind))
        return KeptRules(
            kind=kind,
            area=row.area,
            version=row.version,
            by=row.by,
            at=row.at,
            rules=msgspec.convert(row.rules, Rules),
        )

    def set(
        self, session: Session, caller: Caller, kind: EventClass, area: str, seen: int, rules: Rules
    ) -> KeptRules:
        """Another version for *area*, made from version *seen*. Raises ApiError 409 when that is past."""
        present = self.in_force(session, kind, area)
        version = present.version if present.area == area else 0
        if seen != version:
            message = "Somebody has changed these rules meanwhile"
            raise conflict("rules_changed", message, "规则已被他人修改", version=version)
        row = RulesRow(
            area=area,
            kind=kind,
            version=version + 1,
            rules=msgspec.to_builtins(rules),
            by=caller.name,
            at=time.time(),
        )
        session.add(row)
        session.flush()
        changed = _changes(present.rules, rules)
        self._server.audit(session, caller, "rules.set", f"rules/{area}/{kind}", reason=changed, area=area)
        return self.in_force(session, kind, area)


def _changes(before: Rules, after: Rules) -> str:
    """What changed, for the audit."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return "; ".join(f"{key}: {old[key]} -> {new[key]}" for key in new if old[key] != new[key])
