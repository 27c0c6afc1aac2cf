"""Endpoints for choosing, sending and looking after orders."""

from __future__ import annotations

import math
import time
from typing import Literal

from fastapi import APIRouter, Depends, Query, Response

from console.sdk.records import HistoryEntry, Order, Route
from console.sdk.server import (
    ApiError,
    Caller,
    IdempotencyKey,
    NoRoads,
    Router,
    ServerContext,
    Session,
    encode_package,
    given_at,
    json_answer,
    write_once,
)
from plugins.dispatch.server.bodies import Id, OrderBody, OrderStepBody, RouteBody
from plugins.dispatch.server.closures import ClosureBook
from plugins.dispatch.server.command.attachments import attached
from plugins.dispatch.server.dispatcher import Dispatcher, NewOrder, no_roads
from plugins.dispatch.server.moving import route_heading
from plugins.dispatch.server.orders import OrderBook


def add_reading(router: APIRouter, server: ServerContext, orders: OrderBook) -> None:
    """Orders, their history and the ranking kept with them."""
    reader = Depends(server.auth.require("order.read"))

    @router.get("/orders", response_model=list[Order])
    def list_orders(
        state: Literal["open", "all"] = "open",
        limit: int = Query(default=1000, ge=1, le=5000),
        caller: Caller = reader,
    ) -> Response:
        """Orders of the caller's areas, newest first."""
        with server.session(write=False) as session:
            return json_answer(orders.all(session, caller.areas, only_open=state == "open", limit=limit))

    @router.get("/orders/{order_id}/history", response_model=list[HistoryEntry])
    def history(order_id: Id, caller: Caller = reader) -> Response:
        """Who did what with the order, oldest first."""
        with server.session(write=False) as session:
            orders.row(session, order_id, caller.areas)
            return json_answer(orders.history(session, order_id))

    @router.get("/orders/{order_id}/ranking")
    def ranking(order_id: Id, caller: Caller = reader) -> Response:
        """The ranking at the time of sending: why this one was sent."""
        with server.session(write=False) as session:
            return json_answer(orders.row(session, order_id, caller.areas).ranking)


def add_sending(router: APIRouter, server: ServerContext, dispatcher: Dispatcher, orders: OrderBook) -> None:
    """Sending and cancelling."""
    sender = Depends(server.auth.require("orders.write"))

    @router.post("/orders", response_model=Order)
    def send(body: OrderBody, key: IdempotencyKey = None, caller: Caller = sender) -> Response:
        """Send somebody; 409 with the present state when they or the event are not free for it."""
        with server.session(write=False) as session:
            answer = server.once(session, caller, key)
            if answer is not None:
                return json_answer(answer)
            files = attached(session, body.attachments, caller)
        given = given_at(body.given_at, key, time.time())
        new = NewOrder(files=files, given_at=given, **body.model_dump(exclude={"attachments", "given_at"}))
        prepared = dispatcher.prepare(new, caller)
        return write_once(server, caller, key, lambda s: dispatcher.send(s, new, prepared, caller))

    @router.post("/orders/{order_id}/actions", response_model=Order)
    def act(
        order_id: Id, body: OrderStepBody, key: IdempotencyKey = None, caller: Caller = sender
    ) -> Response:
        """Cancel an open order."""

        def work(session: Session) -> Order:
            row = orders.row(session, order_id, caller.areas)
            server.audit(
                session,
                caller,
                f"orders.{body.action}",
                f"order/{order_id}",
                reason=body.note,
                area=row.area,
            )
            return orders.move(session, row, body.action, caller.name, body.note)

        return write_once(server, caller, key, work)


def add_roads(router: APIRouter, server: ServerContext, roads: Router, closures: ClosureBook) -> None:
    """Routes, and the graph itself."""
    reader = Depends(server.auth.require("order.read"))

    @router.post("/route", response_model=Route)
    def route(body: RouteBody, caller: Caller = reader) -> Response:
        """The fastest way in the traffic and with the closures of now; 404 where no road leads."""
        with server.session(write=False) as session:
            closed = closures.in_force(session)
        try:
            heading = math.nan if body.heading is None else body.heading
            found = route_heading(roads, body.start, body.goal, body.means, closed, time.time(), heading)
        except NoRoads as error:
            raise no_roads() from error
        if found is None:
            raise ApiError(404, "no_road", "No road leads there", "没有可通行的道路")
        return json_answer(found)

    @router.get("/graph")
    def graph(caller: Caller = reader) -> Response:
        """The road layer with its crossings, as a layer package."""
        layer = server.layers.load("road")
        if layer is None:
            raise no_roads()
        headers = {"ETag": f'"{server.layers.version("road")}"'}
        return Response(encode_package(layer), media_type="application/octet-stream", headers=headers)
