"""What people in the field write (chat of TAK clients) becomes a note of the order they are on."""

from __future__ import annotations

from console.sdk.server import Device, ServerContext
from plugins.dispatch.server.orders import OrderBook


class FieldTexts:
    """Takes texts of devices; those of somebody without an open order are not kept."""

    def __init__(self, server: ServerContext, orders: OrderBook) -> None:
        self._server, self._orders = server, orders

    def take(self, device: Device, text: str) -> None:
        """Add *text* to the order that its sender took up first (on a worker thread)."""
        with self._server.session(write=True) as session:
            open_orders = self._orders.open_of_staff(session, device.subject)
            if not open_orders:
                self._server.log.info("a text of %s, who has no order", device.id)
                return
            row = self._orders.row_of_staff(session, open_orders[0].id, device.subject)
            self._orders.note(session, row, self._orders.name_of(session, row), text)
