"""Administrators beside the city's accounts."""

from __future__ import annotations

import pytest

from console.model.records import Role
from console.server.admin import create_account
from tests.plugins.city import DISTRICT, EAST, PASSWORD, City


@pytest.fixture(scope="module")
def root(city: City) -> str:
    """Administers the whole district; ``root-east`` one street."""
    with city.app.state.core.database.write() as session:
        create_account(session, "root", PASSWORD, "管理员", Role.ADMINISTRATOR, [DISTRICT])
        create_account(session, "root-east", PASSWORD, "街道管理员", Role.ADMINISTRATOR, [EAST])
    return "root"
