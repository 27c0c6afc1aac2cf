"""Databases and running servers for the tests of the server core."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.server.settings import ServerSettings
from tests.support.databases import KINDS, fresh_database, stop_cluster
from tests.support.server import Server, running_server


@pytest.fixture(scope="session", autouse=True)
def _cluster_ends() -> Iterator[None]:
    yield
    stop_cluster()


@pytest.fixture(scope="module", params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh database for each test module, on both kinds."""
    with fresh_database(request.param, tmp_path_factory.mktemp("db")) as url:
        yield url


@pytest.fixture(scope="module")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> ServerSettings:
    """Settings without plugins and with a quick tick."""
    return ServerSettings(
        data_dir=tmp_path_factory.mktemp("data"), database_url=database_url, plugin_dirs=(), position_tick=0.1
    )


@pytest.fixture(scope="module")
def server(settings: ServerSettings) -> Iterator[Server]:
    """A running server on that database."""
    with running_server(settings) as running:
        yield running
