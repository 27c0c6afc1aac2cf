"""Steering from the key in the tile to the head, through the real backend with its rights, turns and feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QRectF, Qt

from console.model.records import Camera, Role, User
from console.model.steering import Steering
from console.model.streams import State
from console.sdk.errors import BackendError
from console.simulation.heads import SimulatedDriver, SimulatedHead
from console.testing import Console, MemoryBackend
from plugins.cameras.server.devices.book import Link
from plugins.cameras.server.devices.driver import VideoDevice
from plugins.cameras.server.streams import Streams
from tests.plugins.city import BASE, DISTRICT, WEST, City

CAMERA = "c12"
Key = Qt.Key


@pytest.fixture
def head(city: City) -> SimulatedHead:
    """That of a camera with a picture."""
    core, driver = city.app.state.core, SimulatedDriver()
    book = core.services.get("cameras.devices")
    book.register(driver)
    device = VideoDevice(id="d1", driver="demo", name="云台", address="http://127.0.0.1:9", area=DISTRICT)
    with core.database.write() as session:
        core.services.get("cameras.streams").put(
            session, CAMERA, Streams(main="rtsp://127.0.0.1:9/1", sub="")
        )
        book.put(session, device)
        book.link(session, Link(CAMERA, device, CAMERA, True, False))
    return driver.head(CAMERA)


@pytest.fixture
def live(city: City, backend: MemoryBackend, activate: Callable[..., Console]) -> Console:
    """West's dispatcher sits at it."""

    def ask(request: Any) -> Any:
        answer = city.call("west", request.method, request.path, request.body)
        if answer.status_code != 200:
            told = answer.json()
            raise BackendError(told["message_zh"], status=answer.status_code, code=told["code"])
        return answer.json()

    for method in ("GET", "POST"):
        backend.answer(method, r"/cameras/.*", ask)
    backend.user = User(id="west", username="west", name="west", role=Role.DISPATCHER, areas=(WEST,))
    return activate("grids", "cameras")


@pytest.fixture
def feed(city: City, head: SimulatedHead, live: Console) -> Iterator[Callable[[], None]]:
    """Call it: the console hears the next that the backend's feed tells of steering."""
    city.ok("west", "GET", "/cameras")  # signs in
    with suppress(CancelledError), city.client.websocket_connect(f"{BASE}/live") as socket:
        socket.send_json({"t": "hello", "token": city.tokens["west"], "format": "json", "areas": None})
        first = socket.receive_json()
        live.put("camera", *(msgspec.convert(each, Camera) for each in first["records"]["camera"]))
        live.clock.advance(0.2)

        def hear() -> None:
            while True:
                for op, kind, key, body in socket.receive_json().get("records", ()):
                    if kind == "steering":
                        _tell(live, op, key, body)
                        return

        yield hear


def _tell(live: Console, op: str, key: str, body: Any) -> None:
    if op == "put":
        live.put("steering", msgspec.convert(body, Steering))
    else:
        live.drop("steering", key)
    live.clock.advance(0.1)


@pytest.mark.parametrize("city", ["sqlite"], indirect=True)
def test_a_key_in_the_tile_turns_the_head_until_somebody_higher_takes_over(
    city: City, head: SimulatedHead, live: Console, feed: Callable[[], None], qtbot: Any
) -> None:
    view = live.host.services.get("cameras").view()
    qtbot.addWidget(view.widget)
    view.widget.resize(640, 360)
    view.widget.show()
    view.show(CAMERA)
    live.clock.advance(0.1)
    live.media.tiles[-1].place = QRectF(0, 0, 640, 360)
    view.tile.become(State.LIVE)
    qtbot.keyClick(view.tile.widget, Key.Key_P)
    feed()
    before = head.pose()
    qtbot.keyPress(view.tile.widget, Key.Key_Right)
    city.until(lambda: head.pose().pan > before.pan + 3)
    qtbot.keyRelease(view.tile.widget, Key.Key_Right)
    live.clock.advance(0.1)
    city.until(lambda: not head.moving)
    qtbot.keyClick(view.tile.widget, Key.Key_2)  # presets came from the device
    city.until(lambda: head.pose() == head.where("2"))
    qtbot.keyPress(view.tile.widget, Key.Key_Left)
    city.until(lambda: head.moving)
    taken = city.ok("whole", "POST", f"/cameras/{CAMERA}/steering", {})
    city.until(lambda: not head.moving)
    feed()
    assert "whole" in live.notifications[-1].text
    stood = head.pose()
    live.clock.advance(2)
    assert head.pose() == stood
    city.ok("whole", "POST", "/cameras/steering/release", {"ids": [taken["claim"]]})
    feed()
    qtbot.keyRelease(view.tile.widget, Key.Key_Left)
    qtbot.keyPress(view.tile.widget, Key.Key_Up)
    city.until(lambda: head.pose().tilt > stood.tilt)
    view.remove()
    live.clock.advance(0.1)
    city.until(lambda: not head.moving)
    feed()
    assert live.live.collection("steering").get(CAMERA) is None
