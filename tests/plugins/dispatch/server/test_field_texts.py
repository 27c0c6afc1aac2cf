"""Orders reach devices that listen otherwise than by HTTP, and what their people write comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from console.sdk.server import DeviceDoor, Message
from console.server.app import create_app
from tests.plugins.city import BASE, WEST, City, make_settings, settle
from tests.support.databases import fresh_database


class Radio:
    """A listener as a plugin would contribute it: hears orders, answers each with a text."""

    def __init__(self) -> None:
        self.heard: list[Message] = []

    async def listen(self, door: DeviceDoor) -> None:
        self.door, self.loop = door, asyncio.get_running_loop()
        door.ready()
        while True:
            message = await door.next_message()
            self.heard.append(message)
            for _ in range(2):  # the second is a mere repeat
                door.said(message.device, f"收到：{message.id[:4]}", message.id + str(len(self.heard)))


@pytest.fixture
def radio() -> Radio:
    return Radio()


@pytest.fixture
def city(tmp_path: Path, shared_data: Path, districts: Callable[[str], str], radio: Radio) -> Iterator[City]:
    with fresh_database("sqlite", tmp_path, districts("sqlite")) as url:
        app = create_app(make_settings(url, tmp_path))
        app.state.core.listeners.add("radio", radio.listen)
        with TestClient(app) as client:
            yield settle(app, client, shared_data)


def test_an_order_goes_out_once_a_state_and_the_answer_is_its_note(city: City, radio: Radio) -> None:
    city.report("s101", city.places[WEST][5])
    event = city.new_event(place=5, title="路面塌陷")
    body = {"event": event["id"], "staff": "s101", "text": "请立即前往"}
    order = city.ok("whole", "POST", "/dispatch/orders", body)

    def notes() -> list[str]:
        steps = city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/history")
        return [step["note"] for step in steps if step["action"] == "note"]

    city.until(notes)
    message = radio.heard[0]
    assert (message.id, message.text) == (order["id"], "指令：路面塌陷：请立即前往")
    assert message.where == pytest.approx(event["where"])
    assert message.device.subject == "s101"
    city.ok("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
    city.until(lambda: len(radio.heard) == 2)
    assert radio.heard[1].text.startswith("指令已取消")
    assert notes() == [f"收到：{order['id'][:4]}"]


def messages_of(city: City, who: str) -> list[dict[str, Any]]:
    """What a console of *who* gets at its start."""
    city.ok(who, "GET", "/events")  # signs in
    found: list[dict[str, Any]] = []
    # the test client cancels the server's side of a socket that it leaves
    with suppress(CancelledError), city.client.websocket_connect(f"{BASE}/live") as feed:
        feed.send_json({"t": "hello", "token": city.tokens[who], "format": "json", "areas": None})
        found = feed.receive_json()["records"]["field_text"]
    return found


def test_a_text_without_an_order_is_a_message_in_its_area_once(city: City, radio: Radio) -> None:
    city.report("s102", city.places[WEST][5])
    (device,) = city.app.state.core.devices.of_subject("s102")
    for _ in range(2):
        radio.loop.call_soon_threadsafe(radio.door.said, device, "巷口有积水，已设警示", "text-1")
    (message,) = city.until(lambda: messages_of(city, "west"))
    assert (message["staff"], message["text"]) == ("s102", "巷口有积水，已设警示")
    assert message["area"].startswith(WEST)
    assert [each["id"] for each in messages_of(city, "whole")] == [message["id"]]
    assert messages_of(city, "east") == []
