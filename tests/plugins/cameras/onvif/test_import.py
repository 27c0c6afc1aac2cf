"""An ONVIF device on its way into the console: found, added, linked, seen and steered by the endpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QLineEdit, QTreeWidget

from console.sdk.ui import RecordTable, Toolbar
from console.testing import Console, MemoryBackend
from console.testing.backend import Request
from tests.plugins.city import WEST, City
from tests.support.onvif_device import PASSWORD as SECRET
from tests.support.onvif_device import USER, OnvifDevice, send


def test_a_device_is_found_added_linked_seen_and_steered(city: City, found_device: OnvifDevice) -> None:
    device = found_device
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


def test_cameras_follow_their_device(city: City, found_device: OnvifDevice) -> None:
    body = {"driver": "onvif", "address": found_device.address, "user": USER, "password": SECRET}
    path = f"/cameras/devices/{city.ok('root', 'POST', '/cameras/devices', body)['id']}"
    wish = {"channels": [{"channel": "s2", "where": city.places[WEST][1]}]}
    camera = city.ok("root", "POST", f"{path}/link", wish)["cameras"]["s2"]
    watch = city.app.state.core.services.get("cameras.onvif")

    def online() -> bool:
        return next(each["online"] for each in city.ok("root", "GET", "/cameras") if each["id"] == camera)

    watch.turn()
    assert online()
    found_device.answer = lambda request: send(request, b"", 503)
    watch.turn()
    assert online()  # once is not yet gone
    watch.turn()
    assert not online()
    assert camera in {each["camera"] for each in city.ok("root", "GET", "/cameras/health/gone")}
    found_device.answer = None
    watch.turn()
    assert online()
    city.ok("root", "DELETE", path)


def test_the_panel_and_the_endpoints_understand_one_another(
    city: City,
    found_device: OnvifDevice,
    backend: MemoryBackend,
    activate: Callable[..., Console],
    panel: Callable[[str], Any],
) -> None:
    def real(each: Request) -> Any:
        body = {"seconds": 0.4} if each.path.endswith("discover") else each.body
        return city.ok("root", each.method, each.path, body)

    for method in ("GET", "POST"):
        backend.answer(method, "/cameras/devices.*", real)
    console = activate("grids", "cameras")
    widget = panel("onemap.cameras.devices")
    add, search, *_, link = [each for each in widget.findChildren(QAbstractButton) if each.text()]
    address, user, password = widget.findChildren(QLineEdit)[:3]
    table, rows = widget.findChild(RecordTable), widget.findChild(QTreeWidget)
    search.click()
    table.select_key(found_device.address)
    assert address.text() == found_device.address
    user.setText(USER)
    password.setText(SECRET)
    add.click()
    assert [rows.topLevelItem(at).data(0, 256) for at in range(2)] == ["s1", "s2"]
    console.map.answer = city.places[WEST][2]
    place = [action for bar in widget.findChildren(Toolbar) for action in bar.actions()][-1]
    place.trigger()
    console.clock.advance(0.1)
    before = len(city.ok("root", "GET", "/cameras"))
    link.click()
    cameras = city.ok("root", "GET", "/cameras")
    assert len(cameras) == before + 1 and not link.isEnabled()
    assert any("东门" in each["name"] and each["id"].startswith("dev-") for each in cameras)
