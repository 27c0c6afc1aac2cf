"""A running server with our plugins on a small real city, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from console.server.app import create_app
from tests.plugins.city import City, fill_city, make_settings
from tests.support.databases import KINDS, fresh_database, stop_cluster


@pytest.fixture(scope="session", autouse=True)
def _cluster_ends() -> Iterator[None]:
    yield
    stop_cluster()


@pytest.fixture(scope="module", params=KINDS)
def city(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared_data: Path
) -> Iterator[City]:
    """The seeded city, one for each test module and database."""
    with fresh_database(request.param, tmp_path_factory.mktemp("db")) as url:
        app = create_app(make_settings(url, tmp_path_factory.mktemp("data")))
        with TestClient(app) as client:
            yield fill_city(app, client, shared_data)
