"""Orders go out to devices that listen otherwise than by HTTP; names of those who carry devices."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import msgspec

from console.model.records import LonLat, OrderState
from console.sdk import MissingService
from console.server.changes import LoggedChange
from console.server.db import Database
from console.server.listeners.supervisor import Listeners
from console.server.services import Services

_MAX_ORDERS = 10_000
_WORDS = {OrderState.SENT: "指令", OrderState.CANCELLED: "指令已取消"}
"""States that a device is told of. The text is for the phone, whose user reads Chinese first."""


class OrderTexts:
    """Reads the change log; each order is told once a state, however often it changes."""

    def __init__(self, database: Database, services: Services, listeners: Listeners) -> None:
        self._database, self._services, self._listeners = database, services, listeners
        self._told: OrderedDict[str, str] = OrderedDict()

    def on_change(self, change: LoggedChange) -> None:
        """Look at one line of the log (on a worker thread)."""
        if change.type == "order" and change.body is not None and self._listeners.busy:
            self._tell(msgspec.msgpack.decode(change.body))

    def _tell(self, order: dict[str, Any]) -> None:
        word = _WORDS.get(order["state"])
        if word is None or self._told.get(order["id"]) == order["state"]:
            return
        self._told[order["id"]] = order["state"]
        if len(self._told) > _MAX_ORDERS:
            self._told.popitem(last=False)
        title, where = self._event(order["event"])
        text = "：".join(part for part in (word, title, order["text"]) if part)
        self._listeners.send(order["staff"], order["id"], text, where)

    def _event(self, event_id: str) -> tuple[str, LonLat | None]:
        """Title and place of the order's event, if it has one."""
        try:
            events = self._services.get("events")
        except MissingService:
            return "", None
        with self._database.read() as session:
            event = events.by_ids(session, [event_id]).get(event_id)
        return (event.title, event.where) if event else ("", None)


def staff_names(database: Database, services: Services, subjects: Sequence[str]) -> dict[str, str]:
    """Names of those who carry devices, as far as the staff are known."""
    try:
        staff = services.get("staff")
    except MissingService:
        return {}
    with database.read() as session:
        return {subject: staff.name_of(session, subject) for subject in subjects}
