"""Endpoints of instructions, reach, tours, matching and places in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import numpy as np
from fastapi import APIRouter, Depends, Query, Response

from console.sdk.records import Closure, LonLat, Means, Order
from console.sdk.server import ApiError, Caller, Device, NoRoads, Router, ServerContext, json_answer
from plugins.dispatch.model import Guidance, MatchedRun, Reach, Step, Tour, Whereabouts
from plugins.dispatch.server.bodies import RouteBody
from plugins.dispatch.server.chooser import Chooser
from plugins.dispatch.server.closures import ClosureBook
from plugins.dispatch.server.dispatcher import no_roads
from plugins.dispatch.server.orders import OrderBook, to_record
from plugins.dispatch.server.results.bodies import MatchBody, ReachBody, TourBody
from plugins.dispatch.server.results.facts import RoadFacts
from plugins.dispatch.server.results.starts import starts_of_staff
from plugins.dispatch.server.routing.graph import Floats

_Answer = TypeVar("_Answer")
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]


def add_steps(
    router: APIRouter,
    server: ServerContext,
    facts: RoadFacts,
    roads: Router,
    orders: OrderBook,
    closures: ClosureBook,
) -> None:
    """Ways with their instructions: any, an order's, and a device's own order's."""
    reader = Depends(server.auth.require("order.read"))
    known = Depends(server.auth.device())

    @router.post("/guide", response_model=Guidance)
    def guide(body: RouteBody, caller: Caller = reader) -> Response:
        """The fastest way with today's closures, told step by step; 404 where no road leads."""
        closed = _closed(server, closures)
        route = _asked(lambda: roads.route(body.start, body.goal, body.means, closed))
        if route is None:
            raise no_way()
        return json_answer(Guidance(route=route, steps=tuple(_asked(lambda: facts.steps(route)))))

    def steps_of(order: Order) -> Response:
        route = order.route
        return json_answer([] if route is None else _asked(lambda: facts.steps(route)))

    @router.get("/orders/{order_id}/steps", response_model=list[Step])
    def order_steps(order_id: str, caller: Caller = reader) -> Response:
        """How the way of an order is told; empty when it has none."""
        with server.session(write=False) as session:
            order = to_record(orders.row(session, order_id, caller.areas))
        return steps_of(order)

    @router.get("/device/orders/{order_id}/steps", response_model=list[Step])
    def own_steps(order_id: str, device: Device = known) -> Response:
        """The same for the device of the one who was sent."""
        with server.session(write=False) as session:
            order = to_record(orders.row_of_staff(session, order_id, device.subject))
        return steps_of(order)


def add_reach(
    router: APIRouter, server: ServerContext, facts: RoadFacts, chooser: Chooser, closures: ClosureBook
) -> None:
    """How far one comes, and in which order to visit places."""
    reader = Depends(server.auth.require("order.read"))

    @router.post("/reach", response_model=Reach)
    def reach(body: ReachBody, caller: Caller = reader) -> Response:
        """Polygons of what is reached from a place, or by the caller's staff on duty, with closures."""
        if body.where is None:
            roster, closed = chooser.present(caller)
            groups = starts_of_staff(roster, body.means)
        else:
            closed = _closed(server, closures)
            chooser.ask_for_place(body.where, caller)
            groups: dict[Means, Floats] = {body.means or Means.FOOT: np.array([body.where])}
        if not groups:
            return json_answer(Reach(minutes=body.minutes, starts=0, polygons=()))
        return json_answer(_asked(lambda: facts.reach(groups, body.minutes, closed)))

    @router.post("/tour", response_model=Tour)
    def tour(body: TourBody, caller: Caller = reader) -> Response:
        """The quickest order of up to 20 stops; 404 when no road connects them all."""
        stops, closed = np.array(body.stops), _closed(server, closures)
        found = _asked(lambda: facts.tour(stops, body.means, closed, closed=body.closed, last=body.last))
        if found is None:
            raise no_way()
        return json_answer(found)


def add_places(router: APIRouter, server: ServerContext, facts: RoadFacts) -> None:
    """Tracks brought to the roads, and places in words."""
    reader = Depends(server.auth.require("order.read"))

    @router.post("/match", response_model=list[MatchedRun])
    def match(body: MatchBody, caller: Caller = reader) -> Response:
        """The roads of a track, a part without gaps each."""
        times = None if body.times is None else np.array(body.times)
        accuracy = None if body.accuracy is None else np.array(body.accuracy, float)
        runs = _asked(lambda: facts.match(np.array(body.points), times, accuracy, body.means))
        return json_answer(runs)

    @router.get("/where", response_model=Whereabouts)
    def where(lon: Longitude, lat: Latitude, caller: Caller = reader) -> Response:
        """A place in words; 404 where no named road is near."""
        place: LonLat = (lon, lat)
        found = _asked(lambda: facts.where(place))
        if found is None:
            raise ApiError(404, "no_name", "No named road is near", "附近没有有名称的道路")
        return json_answer(found)


def no_way() -> ApiError:
    """404: no road leads there."""
    return ApiError(404, "no_road", "No road leads there", "没有可通行的道路")


def _closed(server: ServerContext, closures: ClosureBook) -> list[Closure]:
    with server.session(write=False) as session:
        return closures.in_force(session)


def _asked(question: Callable[[], _Answer]) -> _Answer:
    """The answer of the roads. Raises ApiError 409 without roads, 503 without a router."""
    try:
        return question()
    except NoRoads as error:
        raise no_roads() from error
    except OSError as error:
        raise ApiError(503, "router_down", "No router answers", "路网服务无响应") from error
