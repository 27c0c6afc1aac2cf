"""Who looked through which camera is kept for a year; the audit keeps its own lines for good."""

from __future__ import annotations

import time

from sqlalchemy import delete, select

from console.sdk.server import ServerContext
from plugins.cameras.server.background import Repeated
from plugins.cameras.server.playback.tables import ReplayRow
from plugins.cameras.server.tables import ViewingRow

KEPT = 365 * 86400.0
"""Seconds. The Cybersecurity Law asks for half a year of logs at least (网络安全法, article 21)."""
BATCH = 2000
"""Records a turn: writing transactions are short."""


class Tidier(Repeated):
    """Service ``cameras.tidier``: forgets looks, live and recorded, that ended long ago."""

    FAULT = "old records of viewings were not thrown away"

    def __init__(self, server: ServerContext) -> None:
        super().__init__(server, "camera records")

    def _pause(self, turns: int) -> float:
        return 600.0

    def _turn(self) -> None:
        self.tidy(time.time())

    def tidy(self, now: float) -> int:
        """How many were forgotten."""
        return sum(self._forget(table, now - KEPT) for table in (ViewingRow, ReplayRow))

    def _forget(self, table: type[ViewingRow] | type[ReplayRow], before: float) -> int:
        old = select(table.id).where(table.ended < before).order_by(table.ended).limit(BATCH)
        with self._server.session(write=False) as session:
            if session.scalar(old.limit(1)) is None:
                return 0
        with self._server.session(write=True) as session:
            ids = session.scalars(old).all()
            session.execute(delete(table).where(table.id.in_(ids)))
        return len(ids)
