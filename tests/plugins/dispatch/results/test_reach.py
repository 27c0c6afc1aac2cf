"""Reach agrees with the times of the router: inside is in time, outside is not."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from console.sdk.records import Closure, ClosureShape, Means
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.results.reach import BESIDE, polygons, reached
from tests.plugins.dispatch.results.conftest import Town


def ground_of(
    town: Town, means: Means, starts: np.ndarray, minutes: float, closures: tuple[Closure, ...] = ()
) -> shapely.Geometry:
    router = town.router
    found = reached(router, router.prepare(means, closures), starts, minutes * 60)
    return polygons(router.graph, found)


def middle(town: Town, means: Means) -> np.ndarray:
    """(1, 2) a place on a road near the middle that one gets away from."""
    graph = town.router.graph
    usable = np.flatnonzero(town.router.prepare(means).profile.usable & (graph.metres > 30))
    places = graph.vertices[graph.first[usable]]
    away = np.abs(places - np.median(graph.vertices, axis=0)).sum(axis=1)
    return places[away.argmin()][None]


@pytest.mark.parametrize(("means", "minutes"), [(Means.FOOT, 8.0), (Means.CAR, 3.0)])
def test_inside_is_in_time_and_outside_is_not(town: Town, means: Means, minutes: float) -> None:
    degrees = 0.009 if means is Means.FOOT else 0.02
    router, graph = town.router, town.router.graph
    start = middle(town, means)
    ground = ground_of(town, means, start, minutes)
    assert ground.is_valid
    usable = router.prepare(means).profile.usable & ((graph.access & 64) == 0)
    near = np.flatnonzero(usable & (np.abs(graph.vertices[graph.first[:-1]] - start).max(axis=1) < degrees))
    chosen = np.random.default_rng(3).choice(near, 60)
    places = graph.vertices[graph.first[chosen]]
    seconds = router.matrix(start, places, means).seconds[0]
    scale = to_plane((1.0, 1.0), graph.latitude)[0]
    plane = shapely.transform(ground, lambda xy: xy * scale)
    off = shapely.distance(plane, shapely.points(places * scale))
    deep = shapely.contains_properly(shapely.buffer(plane, -3 * BESIDE), shapely.points(places * scale))
    in_time = seconds <= minutes * 60
    assert in_time.sum() > 10
    assert (~in_time).sum() > 10
    assert (off[in_time] <= 10).all()
    assert (seconds[deep] <= minutes * 60 + 90).all()
    assert (seconds[off > 2 * BESIDE] > minutes * 60).all()


def test_more_time_and_more_people_reach_more(shanghai: Town) -> None:
    start = middle(shanghai, Means.FOOT)
    small = ground_of(shanghai, Means.FOOT, start, 4)
    large = ground_of(shanghai, Means.FOOT, start, 8)
    other = start + np.array([[0.02, 0.0]])
    both = ground_of(shanghai, Means.FOOT, np.concatenate([start, other]), 4)
    assert small.area < large.area
    assert shapely.difference(small, large).area < 0.02 * small.area
    assert shapely.difference(small, both).area < 0.02 * small.area
    assert both.area > 1.5 * small.area


def test_a_closure_cuts_the_reach_and_a_place_without_roads_reaches_nothing(shanghai: Town) -> None:
    start = middle(shanghai, Means.FOOT)
    lon, lat = start[0].tolist()
    ring = [(lon + dx, lat + dy) for dx, dy in ((-3, 1), (3, 1), (3, 2), (-3, 2))]
    points = tuple((lon + (x - lon) * 0.001, lat + (y - lat) * 0.001) for x, y in ring)
    closure = Closure(id="c", area="1", shape=ClosureShape.POLYGON, points=points)
    free = ground_of(shanghai, Means.FOOT, start, 6)
    cut = ground_of(shanghai, Means.FOOT, start, 6, (closure,))
    assert cut.area < free.area
    assert ground_of(shanghai, Means.FOOT, np.array([[0.0, 0.0]]), 6).is_empty
