"""How somebody would go to the event, asked of the backend for the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QObject, Signal

from console.sdk import Context, OneMapError, Undo
from console.sdk.records import Event, Route, Staff
from plugins.dispatch.model import HEADING_SECONDS, MOVING_METRES_PER_SECOND


class WayPreview(QObject):
    """The way of one at a time."""

    changed = Signal()

    def __init__(self, ctx: Context, event: Callable[[], Event | None]) -> None:
        """*event*: where they would go."""
        super().__init__()
        self.route: Route | None = None
        self._ctx, self._event = ctx, event
        self._staff = ctx.live.collection("staff")
        self._shown: str | None = None
        self._asking: Undo | None = None

    def show(self, staff_id: str | None) -> None:
        """Show how somebody would go; None takes it away."""
        if self._asking:
            self._asking()
        if staff_id != self._shown:  # else the old way stays until the new one is known
            self._shown, self.route = staff_id, None
            self.changed.emit()
        event, member = self._event(), self._staff.get(staff_id) if staff_id else None
        start = self._start_of(member) if member else None
        if event is not None and member is not None and start is not None:
            body = start | {"goal": list(event.where), "means": member.means.value}
            self._asking = self._ctx.tasks.start(self._ask(body))

    def renew(self, staff_id: str | None) -> None:
        """They may have moved on: ask again, if it is theirs that is shown."""
        if staff_id is not None and staff_id == self._shown:
            self.show(staff_id)

    async def _ask(self, body: dict[str, Any]) -> None:
        await self._ctx.tasks.sleep(0.12)  # a pointer that passes over rows asks once
        try:
            self.route = msgspec.convert(await self._ctx.backend.post("/dispatch/route", body), Route)
        except OneMapError as error:
            self._ctx.log.info("no preview: %s", error)
        self.changed.emit()

    def _start_of(self, member: Staff) -> dict[str, Any] | None:
        """Where somebody was seen last, and in which direction they move if they do."""
        live = self._ctx.live
        row = live.positions.row(member.handle)
        if row is None:
            return None
        columns = live.positions.columns()
        start: dict[str, Any] = {"start": [float(columns.lon[row]), float(columns.lat[row])]}
        fresh = live.server_time - columns.time[row] < HEADING_SECONDS
        if fresh and columns.speed[row] > MOVING_METRES_PER_SECOND and np.isfinite(columns.heading[row]):
            start["heading"] = float(columns.heading[row]) % 360
        return start
