"""A dispatcher that looks often, and real road graphs, prepared once for all tests of the router."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.dispatch.server import follower
from plugins.dispatch.server.routing.graph import build_graph
from plugins.dispatch.server.routing.node_order import order_crossings
from plugins.dispatch.server.routing.router import EmbeddedRouter
from tests.plugins.city import load_roads

EXTRACTS = {"porto": "porto.osm.pbf", "shanghai": "shanghai_center.osm.pbf"}


@pytest.fixture(scope="package", autouse=True)
def _looks_often() -> Iterator[None]:
    """Orders are looked at as often as the cities of tests tick."""
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(follower, "TURN_SECONDS", 0.2)
        quick.setattr(follower, "IDLE_SECONDS", 0.5)
        yield


@pytest.fixture(scope="session", params=EXTRACTS)
def routers(request: pytest.FixtureRequest, shared_data: Path) -> tuple[EmbeddedRouter, EmbeddedRouter]:
    """The same real city twice: with the hierarchy, and with Dijkstra."""
    graph = build_graph(load_roads(shared_data, EXTRACTS[request.param]))
    quick, plain = EmbeddedRouter.of(graph), EmbeddedRouter.of(graph)
    quick.use(order_crossings(quick.graph))
    return quick, plain
