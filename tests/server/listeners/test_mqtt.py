"""OwnTracks by MQTT, with real brokers: who may say what, breaks, orders."""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from nacl.secret import SecretBox

from console.model.positions import PositionFlag, PositionSource
from tests.support.brokers import Broker, mosquitto, nats
from tests.support.certificates import Authority
from tests.support.listening import flags_of, lon_of, quick_settings, refused, running, wait_until
from tests.support.server import Server, running_server

USERS = {name: f"secret of {name}" for name in ("onemap", "p1", "p2", "stranger")}


class Phone:
    """A phone at the broker, with paho's client."""

    def __init__(self, broker: Broker, user: str, ca: Path | None = None) -> None:
        self.heard: list[tuple[str, dict]] = []
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=f"phone-{user}")
        self._client.username_pw_set(user, USERS[user])
        if ca:
            self._client.tls_set_context(ssl.create_default_context(cafile=str(ca)))
        self._client.on_message = lambda _c, _u, m: self.heard.append((m.topic, json.loads(m.payload)))
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        self._client.subscribe(f"owntracks/{user}/phone/cmd", 1)

    def say(self, topic: str, message: object, retain: bool = False) -> None:
        payload = message if isinstance(message, bytes) else json.dumps(message).encode()
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def location(lon: float, at: float | None = None) -> dict:
    return {"_type": "location", "lat": 34.2, "lon": lon, "tst": int(at or time.time()), "acc": 9, "batt": 10}


@contextmanager
def phone_of(broker: Broker, user: str, ca: Path | None = None) -> Iterator[Phone]:
    phone = Phone(broker, user, ca)
    try:
        yield phone
    finally:
        phone.close()


@contextmanager
def server_of(broker: Broker, folder: Path, **listening: str) -> Iterator[Server]:
    given = {
        "MQTT_URL": f"mqtt://127.0.0.1:{broker.port}",
        "MQTT_USER": "onemap",
        "MQTT_PASSWORD": USERS["onemap"],
        "MQTT_TRUST": "broker",
    }
    with running_server(quick_settings(folder, **given | listening)) as server:
        wait_until(lambda: running(server, "mqtt"))
        yield server


@pytest.fixture(params=[mosquitto, nats], ids=["mosquitto", "nats"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    made = request.param(tmp_path, USERS)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def plain_broker(tmp_path: Path) -> Iterator[Broker]:
    made = mosquitto(tmp_path, USERS)
    made.start()
    yield made
    made.stop()


def test_phones_are_seen_and_none_speaks_for_another(broker: Broker, tmp_path: Path) -> None:
    with server_of(broker, tmp_path / "data") as server, phone_of(broker, "p1") as p1:
        one, _ = server.device("p1")
        two, _ = server.device("p2")
        p1.say("owntracks/p1/phone", location(117.21), retain=True)
        wait_until(lambda: lon_of(server, one) == 117.21)
        with phone_of(broker, "p2") as p2:
            p2.say("owntracks/p2/phone", location(117.3))
            wait_until(lambda: lon_of(server, two) == 117.3)
            p2.say("owntracks/p1/phone", location(117.2101, time.time() + 2))
            p2.say("owntracks/p2/phone", location(117.3001, time.time() + 2))
            wait_until(lambda: lon_of(server, two) == 117.3001)
        assert lon_of(server, one) == 117.21
        with phone_of(broker, "stranger") as stranger:
            stranger.say("owntracks/stranger/phone", location(117.2))
            wait_until(lambda: refused(server, "mqtt", "unknown_device"))


def test_a_broken_connection_a_transition_and_a_waypoint(plain_broker: Broker, tmp_path: Path) -> None:
    now = time.time()
    with server_of(plain_broker, tmp_path / "data") as server, phone_of(plain_broker, "p1") as phone:
        handle, _ = server.device("p1")
        phone.say("owntracks/p1/phone", location(117.21, now - 60))
        wait_until(lambda: lon_of(server, handle) == 117.21)
        assert flags_of(server, handle) == PositionFlag.LOW_BATTERY
        phone.say("owntracks/p1/phone/waypoint", {"_type": "waypoint", "lat": 34.2, "lon": 117.9, "tst": 1})
        phone.say("owntracks/p1/phone", {"_type": "waypoints", "waypoints": []})
        phone.say("owntracks/p1/phone", {"_type": "lwt", "tst": int(now - 3600)})
        wait_until(lambda: flags_of(server, handle) & PositionFlag.AWAY)
        assert lon_of(server, handle) == 117.21
        arrived = {"_type": "transition", "event": "enter", "lat": 34.2, "lon": 117.211, "tst": int(now)}
        phone.say("owntracks/p1/phone/event", arrived)
        wait_until(lambda: lon_of(server, handle) == 117.211)
        assert not flags_of(server, handle) & PositionFlag.AWAY
        phone.say("owntracks/p1/phone", location(117.2105, now - 30))  # late: fills the track only
        phone.say("owntracks/p1/phone", b"{ no JSON")
        wait_until(lambda: refused(server, "mqtt", "not_understood"))
        wait_until(lambda: len(server.core.tables.history(handle, 0, 4e9)) == 3)
        history = server.core.tables.history(handle, 0, 4e9)
        assert history.lon.tolist() == [117.21, 117.2105, 117.211]
        assert set(history.source.tolist()) == {PositionSource.OWNTRACKS}
        assert lon_of(server, handle) == 117.211


def test_the_broker_starts_anew_and_orders_wait_for_it(plain_broker: Broker, tmp_path: Path) -> None:
    with server_of(plain_broker, tmp_path / "data") as server:
        handle, _ = server.device("p1")
        with phone_of(plain_broker, "p1") as phone:
            phone.say("owntracks/p1/phone", location(117.21))
            wait_until(lambda: lon_of(server, handle) == 117.21)
        plain_broker.stop()
        wait_until(lambda: not running(server, "mqtt"))
        server.core.listeners.send("staff-p1", "o1", "指令：去中山北路", (117.3, 34.3))
        plain_broker.start()
        with phone_of(plain_broker, "p1") as phone:
            phone.say("owntracks/p1/phone", location(117.2101, time.time() + 3))
            wait_until(lambda: lon_of(server, handle) == 117.2101)
            wait_until(lambda: len(phone.heard) == 2)
            (topic, text), (_, place) = phone.heard
        assert topic == "owntracks/p1/phone/cmd"
        assert text == {"_type": "cmd", "action": "action", "content": "指令：去中山北路"}
        assert place["waypoints"]["waypoints"][0]["lon"] == 117.3


def test_what_the_backend_missed_is_kept_by_the_broker(plain_broker: Broker, tmp_path: Path) -> None:
    with server_of(plain_broker, tmp_path / "data") as server:
        handle, _ = server.device("p1")
    with phone_of(plain_broker, "p1") as phone:
        for n in range(5):
            phone.say("owntracks/p1/phone", location(117.21 + n / 1e4, time.time() - 50 + n * 10))
    with server_of(plain_broker, tmp_path / "data") as server:
        wait_until(lambda: len(server.core.tables.history(handle, 0, 4e9)) == 5)
        assert lon_of(server, handle) == pytest.approx(117.2104)


def test_without_a_trusted_broker_messages_must_be_sealed(plain_broker: Broker, tmp_path: Path) -> None:
    def sealed(key: bytes, lon: float) -> dict:
        data = SecretBox(key).encrypt(json.dumps(location(lon)).encode())
        return {"_type": "encrypted", "data": base64.b64encode(data).decode()}

    with server_of(plain_broker, tmp_path / "data", MQTT_TRUST="encrypted") as server:
        handle, _ = server.device("p1")
        other, _ = server.device("p2")
        key, foreign = (server.core.devices.message_key(name) for name in ("p1", "p2"))
        assert key and foreign and key != foreign and len(key) == 32
        with phone_of(plain_broker, "p1") as phone:
            phone.say("owntracks/p1/phone", location(117.9))
            wait_until(lambda: refused(server, "mqtt", "not_encrypted") == 1)
            phone.say("owntracks/p1/phone", sealed(foreign, 117.8))
            wait_until(lambda: refused(server, "mqtt", "not_understood") == 1)
            assert lon_of(server, handle) is None and lon_of(server, other) is None
            phone.say("owntracks/p1/phone", sealed(key, 117.21))
            wait_until(lambda: lon_of(server, handle) == 117.21)
            server.core.listeners.send("staff-p1", "o1", "指令", None)
            wait_until(lambda: phone.heard)
            data = base64.b64decode(phone.heard[0][1]["data"])
            assert json.loads(SecretBox(key).decrypt(data))["content"] == "指令"


def test_tls_with_our_own_authority(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    broker = mosquitto(tmp_path, USERS, authority.issue("broker"))
    broker.start()
    try:
        listening = {"MQTT_URL": f"mqtts://127.0.0.1:{broker.port}", "MQTT_CA": str(authority.ca)}
        with server_of(broker, tmp_path / "data", **listening) as server:
            handle, _ = server.device("p1")
            with phone_of(broker, "p1", authority.ca) as phone:
                phone.say("owntracks/p1/phone", location(117.21))
                wait_until(lambda: lon_of(server, handle) == 117.21)
    finally:
        broker.stop()


def test_a_phone_that_repeats_for_ever_makes_nothing_grow(plain_broker: Broker, tmp_path: Path) -> None:
    with server_of(plain_broker, tmp_path / "data") as server, phone_of(plain_broker, "p1") as phone:
        handle, _ = server.device("p1")
        same = location(117.21)
        for _ in range(300):
            phone.say("owntracks/p1/phone", same)
        phone.say("owntracks/p1/phone", location(117.2101, time.time() + 1))
        wait_until(lambda: lon_of(server, handle) == 117.2101)
        wait_until(lambda: len(server.core.tables.history(handle, 0, 4e9)) == 2)
