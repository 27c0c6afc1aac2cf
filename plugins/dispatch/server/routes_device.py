"""Endpoints for the devices of the staff: their own orders, and nobody else's."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.concurrency import run_in_threadpool

from console.sdk.records import Event, Order
from console.sdk.server import Device, IdempotencyKey, ServerContext, Session, json_answer, write_once
from plugins.dispatch.server.bodies import DeviceStepBody, Id
from plugins.dispatch.server.orders import OrderBook
from plugins.dispatch.server.ports import EventService
from plugins.dispatch.server.waiters import Waiters

_MAX_WAIT = 60.0


def add_device(router: APIRouter, server: ServerContext, orders: OrderBook, waiters: Waiters) -> None:
    """Long poll and steps."""
    known = Depends(server.auth.device())

    def look(staff: str) -> tuple[str, list[dict[str, Any]]]:
        with server.session(write=False) as session:
            return _entries(session, orders.open_of_staff(session, staff), server.service("events"))

    @router.get("/device/orders")
    async def my_orders(
        wait: float = Query(default=0.0, ge=0, le=_MAX_WAIT),
        tag: str = Header(default="", alias="If-None-Match", max_length=100),
        device: Device = known,
    ) -> Response:
        """The device's open orders; with *wait*, 304 if nothing changed for so many seconds."""
        deadline = time.monotonic() + wait
        with waiters.listening(device.subject) as news:
            while True:
                news.clear()
                state, entries = await run_in_threadpool(look, device.subject)
                left = deadline - time.monotonic()
                if state != tag or not tag:
                    return json_answer(entries, headers={"ETag": state})
                if left <= 0 or waiters.closed:
                    return Response(status_code=304, headers={"ETag": state})
                await waiters.wait(news, left)

    @router.post("/device/orders/{order_id}", response_model=Order)
    def step(
        order_id: Id, body: DeviceStepBody, key: IdempotencyKey = None, device: Device = known
    ) -> Response:
        """What the staff member does with the order; 409 when its state does not allow it."""

        def work(session: Session) -> Order:
            row = orders.row_of_staff(session, order_id, device.subject)
            server.audit(session, device, f"orders.{body.action}", f"order/{order_id}", area=row.area)
            return orders.move(session, row, body.action, orders.name_of(session, row), body.note)

        return write_once(server, device, key, work)


def _entries(session: Session, orders: list[Order], events: EventService) -> tuple[str, list[dict[str, Any]]]:
    """ETag and entries; of the event only what is needed to go there, nothing about who reported."""
    known = events.by_ids(session, [order.event for order in orders])
    state = hashlib.sha256(repr([(order.id, order.version) for order in orders]).encode()).hexdigest()[:32]
    return f'"{state}"', [{"order": order, "event": _shown(known.get(order.event))} for order in orders]


def _shown(event: Event | None) -> dict[str, Any]:
    if event is None:
        return {}
    return {
        "title": event.title,
        "where": event.where,
        "address": event.address,
        "kind": event.kind,
        "urgency": event.urgency,
    }
