"""A device on loopback where the backend looks, with an administrator; and a console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.model.records import Role
from console.server.admin import create_account
from plugins.cameras.server.onvif.discovery import Discovery
from tests.plugins.city import DISTRICT, PASSWORD, City
from tests.plugins.desktop_console import activate, backend, clock, console, panel
from tests.support.onvif_device import OnvifDevice

__all__ = ["activate", "backend", "clock", "console", "panel"]


@pytest.fixture(scope="module")
def root(city: City) -> str:
    """Administers the district."""
    with city.app.state.core.database.write() as session:
        create_account(session, "root", PASSWORD, "管理员", Role.ADMINISTRATOR, [DISTRICT])
    return "root"


@pytest.fixture
def found_device(city: City, root: str) -> Iterator[OnvifDevice]:
    """Answers the backend's search."""
    finders = city.app.state.core.services.get("cameras.device_desk").search.finders
    with OnvifDevice(rtsp_port=8554).running() as device:
        before = list(finders)
        finders[:] = [Discovery(["127.0.0.1"], device.discovery_port)]
        yield device
        finders[:] = before
