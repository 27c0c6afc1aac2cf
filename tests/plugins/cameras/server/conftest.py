"""An administrator beside the city's accounts."""

from __future__ import annotations

import pytest

from console.model.records import Role
from console.server.admin import create_account
from tests.plugins.city import DISTRICT, PASSWORD, City


@pytest.fixture(scope="module")
def root(city: City) -> str:
    """Administers the whole district."""
    with city.app.state.core.database.write() as session:
        create_account(session, "root", PASSWORD, "管理员", Role.ADMINISTRATOR, [DISTRICT])
    return "root"
