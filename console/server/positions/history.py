"""Writing and reading of fixes in the database: batches off the request path."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from console.model.positions import COLUMNS, Positions
from console.server.db import Database
from console.server.positions.rules import Fix
from console.server.tables import PositionHistory, PositionLast

_MEASURES = ("speed", "heading", "accuracy", "battery", "floor")


@dataclass(frozen=True, slots=True)
class Taken:
    """A fix taken by this process; *moves*: it is the last position now."""

    handle: int
    area: str
    fix: Fix
    moves: bool


class PositionTables:
    """The two tables of positions. *writer* names this process."""

    def __init__(self, database: Database, writer: str) -> None:
        self._database, self._writer = database, writer
        self._insert = sqlite.insert if database.is_sqlite else postgresql.insert

    def write(self, batch: Sequence[Taken]) -> None:
        """Store a batch in one transaction; a fix known already is not stored twice."""
        history = {(t.handle, t.fix.time): _row(t) for t in batch}
        last = {t.handle: t for t in batch if t.moves}
        with self._database.bulk() as connection:
            statement = self._insert(PositionHistory).on_conflict_do_nothing()
            connection.execute(statement, list(history.values()))
            if last:
                self._write_last(connection, list(last.values()))

    def _write_last(self, connection: Connection, moves: Sequence[Taken]) -> None:
        now = time.time()
        statement = self._insert(PositionLast)
        fresh = statement.excluded
        changed = {
            c.name: getattr(fresh, c.name) for c in PositionLast.__table__.columns if c.name != "handle"
        }
        statement = statement.on_conflict_do_update(
            index_elements=["handle"], set_=changed, where=PositionLast.time < fresh.time
        )
        extra = {"received": now, "writer": self._writer}
        rows = [_row(t) | {"area": t.area} | extra for t in sorted(moves, key=lambda t: t.handle)]
        connection.execute(statement, rows)

    def last(
        self, received_after: float = 0.0, *, by_others: bool = False
    ) -> list[tuple[int, str, Fix, float]]:
        """Last positions as (handle, area, fix, received)."""
        query = select(PositionLast).where(PositionLast.received > received_after)
        if by_others:
            query = query.where(PositionLast.writer != self._writer)
        with self._database.read() as session:
            return [(r.handle, r.area, _fix(r), r.received) for r in session.scalars(query)]

    def history(self, handle: int, since: float, until: float) -> Positions:
        """Fixes of one device in time order."""
        columns = [getattr(PositionHistory, name) for name in COLUMNS]
        query = select(*columns).where(
            PositionHistory.handle == handle, PositionHistory.time >= since, PositionHistory.time <= until
        )
        with self._database.read() as session:
            rows = session.execute(query.order_by(PositionHistory.time)).all()
        values = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
        arrays: dict[str, Any] = {
            name: np.array([_nan(v) for v in column], kind)
            for (name, kind), column in zip(COLUMNS.items(), values, strict=True)
        }
        return Positions(**arrays)

    def drop_history(self, before: float) -> None:
        """Throw away fixes older than *before* (seconds since 1970)."""
        with self._database.bulk() as connection:
            connection.execute(delete(PositionHistory).where(PositionHistory.time < before))


def _row(taken: Taken) -> dict[str, Any]:
    fix = taken.fix
    row: dict[str, Any] = {name: _null(getattr(fix, name)) for name in _MEASURES}
    return row | {
        "handle": taken.handle,
        "time": fix.time,
        "lon": fix.lon,
        "lat": fix.lat,
        "flags": fix.flags,
        "source": fix.source,
    }


def _fix(row: PositionLast) -> Fix:
    measures = {name: _nan(getattr(row, name)) for name in _MEASURES}
    return Fix(lon=row.lon, lat=row.lat, time=row.time, flags=row.flags, source=row.source, **measures)


def _null(value: float) -> float | None:
    return None if math.isnan(value) else value


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
