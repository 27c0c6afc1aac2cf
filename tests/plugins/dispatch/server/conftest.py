"""Real road graphs, prepared once for all tests of the router; the city on a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from plugins.dispatch.server.routing.graph import build_graph
from plugins.dispatch.server.routing.node_order import order_crossings
from plugins.dispatch.server.routing.router import EmbeddedRouter
from tests.plugins.city import BASE, City, load_roads

EXTRACTS = {"porto": "porto.osm.pbf", "shanghai": "shanghai_center.osm.pbf"}


@pytest.fixture(scope="session", params=EXTRACTS)
def routers(request: pytest.FixtureRequest, shared_data: Path) -> tuple[EmbeddedRouter, EmbeddedRouter]:
    """The same real city twice: with the hierarchy, and with Dijkstra."""
    graph = build_graph(load_roads(shared_data, EXTRACTS[request.param]))
    quick, plain = EmbeddedRouter.of(graph), EmbeddedRouter.of(graph)
    quick.use(order_crossings(quick.graph))
    return quick, plain


@pytest.fixture
def served(city: City) -> Iterator[str]:
    """The city's application on a port of its own: the URL of its interface."""
    config = uvicorn.Config(city.app, port=0, lifespan="off", log_config=None, ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    city.until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}{BASE}"
    server.should_exit = True
    thread.join(10)
