"""What is known of the present roads beside ways and times: one place to ask, for all plugins.

Services: ``roads.match`` is ``RoadFacts.match``, ``roads.where`` is ``RoadFacts.where``.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import shapely

from console.sdk.records import Closure, LonLat, Means, Route
from console.sdk.server import Router, ServerContext, Trip
from plugins.dispatch.model import MatchedRun, Reach, Step, Tour, Whereabouts
from plugins.dispatch.server.results.arcs import Course, Leaving
from plugins.dispatch.server.results.landmarks import Landmarks
from plugins.dispatch.server.results.matching import Matcher, Run
from plugins.dispatch.server.results.reach import polygons, reached
from plugins.dispatch.server.results.steps import Guide
from plugins.dispatch.server.results.tour import EXACT, best_order
from plugins.dispatch.server.results.where import Namer
from plugins.dispatch.server.routing.graph import Floats
from plugins.dispatch.server.routing.roads import Roads
from plugins.dispatch.server.routing.router import EmbeddedRouter
from plugins.dispatch.server.routing.way import stretch_points

_LAYERS = frozenset({"road", "poi", "address"})
_FREELY = Trip(counter_flow=True)
"""A way that was found is not judged again: an emergency vehicle may have gone against one-way streets."""


@dataclass(frozen=True, slots=True)
class _Present:
    """What is made of one version of the layers."""

    router: EmbeddedRouter
    leaving: Leaving
    guide: Guide
    namer: Namer


class RoadFacts:
    """Answers from the imported roads; every method raises NoRoads. For threads of the pool."""

    def __init__(self, server: ServerContext, roads: Roads, router: Router) -> None:
        self._server, self._roads, self._router = server, roads, router
        self._lock = threading.Lock()
        self._present: _Present | None = None

    def layer_changed(self, kind: str) -> None:
        """Forget what was made of a layer that was imported anew."""
        if kind in _LAYERS:
            with self._lock:
                self._present = None

    def steps(self, route: Route) -> list[Step]:
        """How *route* is told, whichever router found it."""
        present = self._now()
        path = np.array(route.path, float).reshape(-1, 2)
        if not len(path):
            return []
        matcher = self._matcher(present, route.means, _FREELY)
        stretches = [stretch for run in matcher.trace(path) for stretch in run.stretches]
        weights = present.router.prepare(route.means, trip=_FREELY).profile.weights
        return present.guide.steps(stretches, route.path[0], route.path[-1], weights, route.means)

    def match(
        self, lonlat: Floats, times: Floats | None, accuracy: Floats | None, means: Means
    ) -> list[MatchedRun]:
        """A track brought to the roads: (n, 2) degrees, (n,) seconds since 1970, (n,) metres or NaN."""
        present = self._now()
        runs = self._matcher(present, means, Trip()).match(lonlat, times, accuracy)
        return [_matched(present, run) for run in runs]

    def where(self, where: LonLat) -> Whereabouts | None:
        """A place in words; None where no named road is near."""
        return self._now().namer.at(where)

    def reach(self, groups: dict[Means, Floats], minutes: float, closures: Sequence[Closure]) -> Reach:
        """What is reached by anybody of *groups*: places ((n, 2) degrees) by means."""
        router = self._now().router
        grounds: list[shapely.Geometry] = []
        for means, starts in groups.items():
            found = reached(router, router.prepare(means, closures), starts, minutes * 60)
            grounds.append(polygons(router.graph, found))
        ground = shapely.union_all(grounds) if len(grounds) > 1 else grounds[0]
        return Reach(
            minutes=minutes,
            starts=sum(len(starts) for starts in groups.values()),
            polygons=tuple(_rings(part) for part in shapely.get_parts(ground) if part.area > 0),
        )

    def tour(
        self, stops: Floats, means: Means, closures: Sequence[Closure], *, closed: bool, last: bool
    ) -> Tour | None:
        """The quickest order of *stops* ((n, 2) degrees) from the first one; None: not all are connected.

        *closed*: back to the first. *last*: the last stop stays the last.
        """
        seconds = self._router.matrix(stops, stops, means, closures).seconds
        np.fill_diagonal(seconds, 0.0)
        order, total = best_order(seconds, closed=closed, end=len(stops) - 1 if last and not closed else None)
        if not np.isfinite(total):
            return None
        around = [*order, order[0]] if closed else order
        return Tour(
            order=tuple(order),
            seconds=total,
            legs=tuple(float(seconds[a, b]) for a, b in pairwise(around)),
            exact=len(stops) <= EXACT,
        )

    def _matcher(self, present: _Present, means: Means, trip: Trip) -> Matcher:
        router = present.router
        profile = router.prepare(means, trip=trip).profile
        return Matcher(router.graph, router.snapper, present.leaving, profile)

    def _now(self) -> _Present:
        router = self._roads.router()
        with self._lock:
            if self._present is None or self._present.router is not router:
                self._present = self._make(router)
            return self._present

    def _make(self, router: EmbeddedRouter) -> _Present:
        graph, layers = router.graph, self._server.layers
        leaving = Leaving(graph)
        return _Present(
            router,
            leaving,
            Guide(graph, leaving, Landmarks(layers.load("poi"), graph.latitude)),
            Namer(graph, router.snapper, leaving, layers.load("address")),
        )


def _matched(present: _Present, run: Run) -> MatchedRun:
    graph = present.router.graph
    lines = [stretch_points(graph, *stretch) for stretch in run.stretches]
    path = np.round(np.concatenate(lines), 7)
    keep = np.append(True, np.any(np.diff(path, axis=0) != 0, axis=1))
    points = tuple((float(lon), float(lat)) for lon, lat in path[keep])
    names = [name for name, _ in groupby(graph.names[piece] for piece, _, _ in run.stretches) if name]
    return MatchedRun(
        rows=run.rows,
        path=points,
        metres=Course.of(graph, run.stretches, points[0], points[-1]).metres,
        roads=tuple(names),
        pieces=run.stretches,
    )


def _rings(part: shapely.Polygon) -> tuple[tuple[LonLat, ...], ...]:
    rings = [part.exterior, *part.interiors]
    return tuple(tuple((lon, lat) for lon, lat in ring.coords) for ring in rings)
