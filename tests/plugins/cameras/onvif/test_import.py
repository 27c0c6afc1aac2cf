"""An ONVIF device on its way into the console: found, added, linked, seen and steered by the endpoints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.model.records import Role
from console.server.admin import create_account
from plugins.cameras.server.onvif.discovery import Discovery
from tests.plugins.city import DISTRICT, PASSWORD, WEST, City
from tests.support.onvif_device import PASSWORD as SECRET
from tests.support.onvif_device import USER, OnvifDevice


@pytest.fixture
def device(city: City) -> Iterator[OnvifDevice]:
    """On loopback, where the backend looks; with an administrator."""
    core = city.app.state.core
    with core.database.write() as session:
        create_account(session, "root", PASSWORD, "管理员", Role.ADMINISTRATOR, [DISTRICT])
    with OnvifDevice(rtsp_port=8554).running() as device:
        finders = core.services.get("cameras.device_desk").search.finders
        before = list(finders)
        finders[:] = [Discovery(["127.0.0.1"], device.discovery_port)]
        yield device
        finders[:] = before


def test_a_device_is_found_added_linked_seen_and_steered(city: City, device: OnvifDevice) -> None:
    found = city.ok("root", "POST", "/cameras/devices/discover", {"seconds": 0.5})
    assert [each["address"] for each in found] == [device.address]
    body = {"driver": found[0]["driver"], "address": found[0]["address"], "name": "大院"}
    known = city.ok("root", "POST", "/cameras/devices", {**body, "user": USER, "password": "wrong"})
    path = f"/cameras/devices/{known['id']}"
    refused = city.call("root", "GET", f"{path}/channels")
    assert refused.json()["code"] == "device_sign-in" and "wrong" not in refused.text
    city.ok("root", "POST", "/cameras/devices", {**body, "user": USER, "password": SECRET})
    offered = {each["id"]: each for each in city.ok("root", "GET", f"{path}/channels")}
    assert offered["s1"]["steerable"] and offered["s1"]["where"] is None
    wish = {"channels": [{"channel": "s1", "where": city.places[WEST][0]}]}
    camera = city.ok("root", "POST", f"{path}/link", wish)["cameras"]["s1"]
    ticket = city.ok("root", "POST", f"/cameras/{camera}/ticket", {"height": 200})
    assert ticket["main"] == "rtsp://127.0.0.1:8554/main" and ticket["sub"].endswith("/small")
    assert (ticket["user"], ticket["password"], ticket["prefer"]) == (USER, SECRET, "sub")
    claim = city.ok("root", "POST", f"/cameras/{camera}/steering", {})["claim"]
    target = {"pan": 60.0, "tilt": -10.0, "zoom": 0.25}
    city.ok("root", "POST", f"/cameras/{camera}/steering/{claim}/point", target)
    city.until(lambda: abs(device.head.pose().pan - 60.0) < 0.1)
    city.ok("root", "POST", "/cameras/steering/release", {"ids": [claim]})
