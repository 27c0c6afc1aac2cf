"""Real cities with both makes of the router."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from console.sdk.records import Means
from plugins.dispatch.server.routing.graph import build_graph
from plugins.dispatch.server.routing.node_order import order_crossings
from plugins.dispatch.server.routing.router import EmbeddedRouter
from plugins.dispatch.server.routing.valhalla import ValhallaRouter
from tests.plugins.city import load_roads
from tests.support.valhalla import valhalla_service

EXTRACTS = {"porto": "porto.osm.pbf", "shanghai": "shanghai_center.osm.pbf"}


@dataclass(frozen=True, slots=True)
class Makes:
    """Both makes on one extract."""

    embedded: EmbeddedRouter
    valhalla: ValhallaRouter

    def places(self, count: int, seed: int) -> np.ndarray:
        """(count, 2) middles of random public pieces that everybody may use, so that both snap alike."""
        graph = self.embedded.graph
        usable = [self.embedded.prepare(means).profile.usable for means in MEANS]
        public = np.logical_and.reduce(usable) & (graph.metres > 15) & ((graph.access & 64) == 0)
        chosen = np.random.default_rng(seed).choice(np.flatnonzero(public), count)
        return np.array([middle_of(self.embedded, piece) for piece in chosen])


MEANS = (Means.FOOT, Means.BICYCLE, Means.CAR)


def middle_of(router: EmbeddedRouter, piece: int) -> tuple[float, float]:
    """The place half-way along a piece."""
    graph = router.graph
    rows = slice(graph.first[piece], graph.first[piece + 1])
    half, along, line = graph.metres[piece] / 2, graph.along[rows], graph.vertices[rows]
    return (float(np.interp(half, along, line[:, 0])), float(np.interp(half, along, line[:, 1])))


@pytest.fixture(scope="session", params=EXTRACTS)
def makes(request: pytest.FixtureRequest, shared_data: Path) -> Iterator[Makes]:
    """The same real city for both."""
    name = EXTRACTS[request.param]
    with valhalla_service(shared_data / name) as url:
        router = EmbeddedRouter.of(build_graph(load_roads(shared_data, name)))
        router.use(order_crossings(router.graph))
        yield Makes(router, ValhallaRouter(url))
