"""The list of who is on duty now and who leads."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.server import ServerContext
from plugins.staff.model import OnNow
from plugins.staff.server.duty.plan import Span
from plugins.staff.server.tables import StaffRow


def on_now(
    server: ServerContext, session: Session, spans: Mapping[str, Span], areas: Sequence[str], area: str
) -> list[OnNow]:
    """People of *areas* (and of *area*, if given) with a span of *spans*; those who lead first."""
    query = select(StaffRow).where(server.in_areas(StaffRow.area, areas))
    if area:
        query = query.where(server.in_areas(StaffRow.area, [area]))
    rows = session.scalars(query.order_by(StaffRow.area, StaffRow.id))
    found = [_entry(row, spans[row.id]) for row in rows if row.id in spans]
    return sorted(found, key=lambda entry: not entry.lead)


def _entry(row: StaffRow, span: Span) -> OnNow:
    return OnNow(
        staff=row.id,
        name=row.name,
        area=row.area,
        role=row.role,
        shift=span.shift,
        lead=span.lead,
        why=span.why,
        until=span.until if math.isfinite(span.until) else None,
    )
