"""The router ``valhalla``: the same questions, asked of a Valhalla service by URL.

Its costing is told to go by time alone, as responders do, and to keep out of private
ground; see ``docs/routing.md`` for how to run one with limits that fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import requests
import shapely

from console.sdk.records import Closure, FoundBy, LonLat, Means, Route
from console.sdk.server import Alternative, Facing, RouterDown, Times, Trip
from plugins.dispatch.server.ground import closed_ground, to_plane
from plugins.dispatch.server.routing.graph import Floats
from plugins.dispatch.server.routing.profile import in_force
from plugins.dispatch.server.routing.speeds import BLUE_LIGHT, traffic

_CONNECT_SECONDS, _ANSWER_SECONDS = 1.0, 20.0
_LARGEST = 64 << 20
"""Bytes of an answer."""
_ROWS = 1000
"""Starts asked about at once."""
_NO_WAY_CODES = frozenset({154, 170, 171, 442})
"""Valhalla's errors for places too far apart, not connected, not near a road, or without a path."""
_FARTHEST = 3.0
"""Degrees from the first goal; one start beyond the service's limits would spoil the whole table."""
_LINE_METRES = 1.0
"""Half the width of ground that a closed line covers."""
_MEETING_METRES = 3.0
"""Ways so near to one another are the same road."""
_QUICKEST = {
    "maneuver_penalty": 0,
    "service_penalty": 0,
    "service_factor": 1,
    "gate_cost": 0,
    "gate_penalty": 0,
    "country_crossing_cost": 0,
    "country_crossing_penalty": 0,
}
_DRIVING = _QUICKEST | {
    "use_tracks": 0.5,
    "use_living_streets": 0.5,
    "use_highways": 1.0,
    "use_tolls": 1.0,
    "toll_booth_cost": 0,
    "toll_booth_penalty": 0,
    "alley_factor": 1,
    "private_access_penalty": 600,
    "destination_only_penalty": 600,
}
_PASSING = {"private_access_penalty": 0, "destination_only_penalty": 0}
_COSTING: dict[Means, tuple[str, dict[str, Any]]] = {
    Means.FOOT: (
        "pedestrian",
        _QUICKEST
        | _PASSING
        | {
            "walking_speed": 5.1,
            "step_penalty": 0,
            "alley_factor": 1,
            "driveway_factor": 1,
            "use_hills": 1,
            "use_lit": 0,
            "max_hiking_difficulty": 6,
        },
    ),
    Means.BICYCLE: (
        "bicycle",
        _QUICKEST
        | _PASSING
        | {
            "bicycle_type": "hybrid",
            "cycling_speed": 18,
            "use_roads": 1,
            "use_hills": 1,
            "avoid_bad_surfaces": 0,
        },
    ),
    Means.CAR: ("auto", _DRIVING),
    Means.MOTORCYCLE: ("motorcycle", _DRIVING),
    Means.EMERGENCY: ("auto", _DRIVING | _PASSING),
}
"""Name and options of the costing for each means: the quickest way, no tastes."""


class ValhallaRouter:
    """A ``Router`` that asks the service at *url*; safe for use by several threads."""

    def __init__(self, url: str, patience: float = _ANSWER_SECONDS) -> None:
        self._url = url.rstrip("/")
        self._timeout = (_CONNECT_SECONDS, patience)

    def times(
        self,
        starts: Floats,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        facing: Facing | None = None,
    ) -> Times:
        """See ``Router.times``."""
        seconds, _ = self._table(starts, np.array([goal]), means, closures, trip, facing)
        return Times(seconds=seconds[:, 0], by=FoundBy.VALHALLA)

    def matrix(
        self,
        starts: Floats,
        goals: Floats,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
    ) -> Times:
        """See ``Router.matrix``."""
        seconds, _ = self._table(starts, goals, means, closures, trip, None)
        return Times(seconds=seconds, by=FoundBy.VALHALLA)

    def lengths(
        self,
        starts: Floats,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
    ) -> list[float | None]:
        """See ``Router.lengths``."""
        _, metres = self._table(starts, np.array([goal]), means, closures, trip, None)
        return [float(m) if np.isfinite(m) else None for m in metres[:, 0]]

    def route(
        self,
        start: LonLat,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        facing: Facing | None = None,
    ) -> Route | None:
        """See ``Router.route``."""
        found = self._routes(start, goal, means, closures, trip, facing, 0)
        return found[0] if found else None

    def alternatives(
        self,
        start: LonLat,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        count: int = 3,
    ) -> list[Alternative]:
        """See ``Router.alternatives``."""
        found = self._routes(start, goal, means, closures, trip, None, count - 1)
        return [_alternative(route, found[:rank]) for rank, route in enumerate(found)]

    def _table(
        self,
        starts: Floats,
        goals: Floats,
        means: Means,
        closures: Sequence[Closure],
        trip: Trip,
        facing: Facing | None,
    ) -> tuple[Floats, Floats]:
        """(n, m) seconds and metres, inf where no road leads."""
        seconds = np.full((len(starts), len(goals)), np.inf)
        metres = seconds.copy()
        known = np.flatnonzero((np.abs(starts - goals[:1]) < _FARTHEST).all(axis=1))
        targets = [_location(goal) for goal in goals.tolist()]
        for begin in range(0, len(known), _ROWS):
            rows = known[begin : begin + _ROWS]
            body = _request(means, closures, trip) | {
                "sources": [_location(starts[row].tolist(), facing, row) for row in rows.tolist()],
                "targets": targets,
                "verbose": False,
            }
            answer = self._ask("sources_to_targets", body)
            if answer is not None:
                table = answer["sources_to_targets"]
                seconds[rows] = _numbers(table["durations"], (len(rows), len(goals)))
                metres[rows] = _numbers(table["distances"], (len(rows), len(goals))) * 1000
        return seconds / _hurry(means, trip), metres

    def _routes(
        self,
        start: LonLat,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure],
        trip: Trip,
        facing: Facing | None,
        others: int,
    ) -> list[Route]:
        body = _request(means, closures, trip) | {
            "locations": [_location(start, facing, 0), _location(goal)],
            "directions_type": "maneuvers",
            "alternates": others,
        }
        answer = self._ask("route", body)
        if answer is None:
            return []
        trips = [answer["trip"], *(other["trip"] for other in answer.get("alternates", ()))]
        return [_route(found, start, goal, means, _hurry(means, trip)) for found in trips]

    def _ask(self, action: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The service's answer; None when there is no way. Raises RouterDown."""
        try:
            with requests.post(
                f"{self._url}/{action}", json=body, timeout=self._timeout, stream=True
            ) as reply:
                content = bytearray()
                for part in reply.iter_content(1 << 16):
                    content += part
                    if len(content) > _LARGEST:
                        raise RouterDown(f"Valhalla at {self._url} answers at too great length")
                answer = msgspec.json.decode(content)
        except (requests.RequestException, msgspec.DecodeError) as error:
            raise RouterDown(f"Valhalla at {self._url} does not answer: {error}") from error
        if reply.status_code == requests.codes.ok:
            return answer
        if answer.get("error_code") in _NO_WAY_CODES:
            return None
        raise RouterDown(f"Valhalla at {self._url} refuses: {answer.get('error', reply.status_code)}")


def _request(means: Means, closures: Sequence[Closure], trip: Trip) -> dict[str, Any]:
    """Costing and closed ground of a question."""
    name, options = _COSTING[means]
    if trip.counter_flow and means is Means.EMERGENCY:
        options = options | {"ignore_oneways": True}
    return {
        "costing": name,
        "costing_options": {name: options},
        "exclude_polygons": [ring for c in in_force(closures, means, trip.at) for ring in _rings(c)],
    }


def _rings(closure: Closure) -> list[list[list[float]]]:
    """The outlines of closed ground, degrees."""
    latitude = closure.points[0][1]
    ground = closed_ground(closure, latitude)
    if shapely.area(ground) == 0:
        ground = shapely.buffer(ground, _LINE_METRES, cap_style="square")
    scale = to_plane((1.0, 1.0), latitude)[0]
    outlines = shapely.get_exterior_ring(shapely.get_parts(ground))
    return [(shapely.get_coordinates(outline) / scale).tolist() for outline in outlines if outline]


def _location(where: Sequence[float], facing: Facing | None = None, row: int = 0) -> dict[str, Any]:
    place: dict[str, Any] = {"lon": where[0], "lat": where[1]}
    if facing is not None and np.isfinite(facing.heading[row]):
        place |= {"heading": round(float(facing.heading[row])) % 360, "heading_tolerance": 90}
    if facing is not None and np.isfinite(facing.level[row]):
        place["preferred_layer"] = int(facing.level[row])
    return place


def _hurry(means: Means, trip: Trip) -> float:
    """How much faster than the service knows: our table of the hour, and blue light."""
    return traffic(means, trip.at) * (BLUE_LIGHT if means is Means.EMERGENCY else 1.0)


def _numbers(rows: Sequence[Sequence[float | None]], shape: tuple[int, int]) -> Floats:
    """A table of the answer; null is inf. Raises RouterDown when it has another shape."""
    table = np.array([[np.inf if value is None else value for value in row] for row in rows], float)
    if table.shape != shape:
        raise RouterDown(f"Valhalla answers with a table of {table.shape} instead of {shape}")
    return table


def _route(found: dict[str, Any], start: LonLat, goal: LonLat, means: Means, hurry: float) -> Route:
    leg = found["legs"][0]
    path = [start, *_points(leg["shape"]), goal]
    names = (name for step in leg["maneuvers"] for name in step.get("street_names", ())[:1])
    return Route(
        path=tuple(point for point, before in zip(path, [None, *path], strict=False) if point != before),
        metres=found["summary"]["length"] * 1000,
        seconds=found["summary"]["time"] / hurry,
        means=means,
        roads=tuple(dict.fromkeys(names)),
        by=FoundBy.VALHALLA,
    )


def _points(shape: str) -> list[LonLat]:
    """The line of an encoded polyline of six digits."""
    numbers: list[int] = []
    value = shift = 0
    for character in shape:
        bits = ord(character) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    degrees = np.cumsum(np.array(numbers, np.int64).reshape(-1, 2), axis=0) / 1e6
    return [(lon, lat) for lat, lon in degrees.tolist()]


def _alternative(route: Route, better: Sequence[Route]) -> Alternative:
    """*route* beside those that are *better*."""
    taken = {name for other in better for name in other.roads}
    return Alternative(
        route=route,
        shared=_shared(route, better[0]) if better else 1.0,
        more_seconds=route.seconds - better[0].seconds if better else 0.0,
        only_here=tuple(name for name in route.roads if name not in taken)[:3],
    )


def _shared(route: Route, other: Route) -> float:
    """Share of the length of *route* on which *other* runs along."""
    latitude = route.path[0][1]
    own, beside = (shapely.LineString(to_plane(each.path, latitude)) for each in (route, other))
    return float(own.intersection(beside.buffer(_MEETING_METRES)).length / max(own.length, 0.01))
