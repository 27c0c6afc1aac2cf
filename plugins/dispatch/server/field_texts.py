"""What people in the field write (chat of TAK clients): a note of the order they are on, else a message."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import FieldText
from console.sdk.server import Device, ServerContext, announce
from plugins.dispatch.server.command.tables import FieldTextRow
from plugins.dispatch.server.orders import KEPT_AFTER_END, OrderBook
from plugins.dispatch.server.ports import StaffService

RECORD = "field_text"


class FieldTexts:
    """Takes texts of devices; every one is kept where somebody reads it."""

    def __init__(self, server: ServerContext, orders: OrderBook) -> None:
        self._server, self._orders = server, orders

    def take(self, device: Device, text: str) -> None:
        """Add *text* to the order that its sender took up first (on a worker thread).

        Without an order it goes to the consoles of the sender's area.
        """
        with self._server.session(write=True) as session:
            open_orders = self._orders.open_of_staff(session, device.subject)
            if open_orders:
                row = self._orders.row_of_staff(session, open_orders[0].id, device.subject)
                self._orders.note(session, row, self._orders.name_of(session, row), text)
            else:
                self._keep(session, device, text)

    def current(self, session: Session, areas: Sequence[str]) -> list[FieldText]:
        """Messages of the last day from *areas*, newest first."""
        query = select(FieldTextRow).where(
            self._server.in_areas(FieldTextRow.area, areas), FieldTextRow.at >= time.time() - KEPT_AFTER_END
        )
        return [_record(row) for row in session.scalars(query.order_by(FieldTextRow.at.desc()))]

    def _keep(self, session: Session, device: Device, text: str) -> None:
        staff: StaffService = self._server.service("staff")
        sender = next(iter(staff.by_ids(session, [device.subject])), None)
        if sender is None:
            self._server.log.info("a text of %s, whom nobody carries", device.id)
            return
        row = FieldTextRow(
            id=str(uuid.uuid4()),
            staff=sender.id,
            name=sender.name,
            area=sender.area,
            text=text,
            at=time.time(),
        )
        session.add(row)
        announce(self._server, session, RECORD, row, _record)


def _record(row: FieldTextRow) -> FieldText:
    return FieldText(
        id=row.id,
        staff=row.staff,
        name=row.name,
        area=row.area,
        text=row.text,
        at=row.at,
        version=row.version,
    )
