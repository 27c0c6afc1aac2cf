"""A running server with our plugins on a small real city, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from console.server.app import create_app
from tests.plugins.city import BASE, City, lay_out, make_settings, settle
from tests.support.databases import KINDS, fresh_database, stop_cluster


@pytest.fixture(scope="session", autouse=True)
def _cluster_ends() -> Iterator[None]:
    yield
    stop_cluster()


@pytest.fixture(scope="session")
def districts(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Callable[[str], str]]:
    """URL of the district that is laid out in a database of that kind: made once, to be copied."""
    with ExitStack() as stack:

        @cache
        def district(kind: str) -> str:
            url = stack.enter_context(fresh_database(kind, tmp_path_factory.mktemp("db")))
            lay_out(make_settings(url, tmp_path_factory.mktemp("data")), shared_data)
            return url

        yield district


@pytest.fixture(scope="module", params=KINDS)
def city(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    shared_data: Path,
    districts: Callable[[str], str],
) -> Iterator[City]:
    """The seeded city, one for each test module and database."""
    with fresh_database(request.param, tmp_path_factory.mktemp("db"), districts(request.param)) as url:
        app = create_app(make_settings(url, tmp_path_factory.mktemp("data")))
        with TestClient(app) as client:
            yield settle(app, client, shared_data)


@pytest.fixture
def served(city: City) -> Iterator[str]:
    """The city's application on a port of its own: the URL of its interface."""
    config = uvicorn.Config(
        city.app, port=0, lifespan="off", log_config=None, ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    city.until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}{BASE}"
    server.should_exit = True
    thread.join(10)
