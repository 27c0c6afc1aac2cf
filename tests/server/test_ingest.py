"""Devices report over HTTP: secrets, limits, what reaches board and history, what survives a restart."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import requests

from console.model.positions import PositionFlag, Positions
from console.sdk.server import PositionFix
from console.server.middleware import redact_path
from console.server.settings import ServerSettings
from tests.support.server import Server, running_server


class Phone:
    """A device with its secret."""

    def __init__(self, server: Server) -> None:
        self.id = f"p{uuid.uuid4().hex[:8]}"
        self.url = server.url
        self.handle, self.secret = server.device(self.id)

    def osmand(self, secret: str | None = None, **query: str | float) -> requests.Response:
        shown_query: dict[str, str | float] = {
            "id": self.id,
            "lat": 34.2,
            "lon": 117.2,
            "timestamp": time.time(),
        } | query
        shown = (self.id, self.secret if secret is None else secret)
        return requests.get(self.url + "/ingest/osmand", params=shown_query, auth=shown, timeout=10)


@pytest.fixture
def phone(server: Server) -> Phone:
    return Phone(server)


def position(server: Server, handle: int) -> tuple[float, int]:
    """Longitude and flags on the board."""
    board = server.core.board
    shown = board.columns(board.handles_to_rows([handle]))
    return float(shown.lon[0]), int(shown.flags[0])


def history(server: Server, handle: int, count: int) -> list[float]:
    """Longitudes in history, once *count* are written."""
    until = time.monotonic() + 10
    while True:
        found = server.core.tables.history(handle, 0, 4e9)
        if len(found) >= count or time.monotonic() > until:
            return found.lon.tolist()
        time.sleep(0.02)


def test_a_fix_is_shown_and_kept(server: Server, phone: Phone) -> None:
    assert phone.osmand(lon=117.25).status_code == 200
    assert position(server, phone.handle) == (117.25, 0)
    assert history(server, phone.handle, 1) == [117.25]


def test_late_and_repeated_fixes_are_history_only(server: Server, phone: Phone) -> None:
    now = time.time()
    phone.osmand(lon=117.2001, timestamp=now)
    phone.osmand(lon=117.2000, timestamp=now - 30)
    phone.osmand(lon=117.2001, timestamp=now)
    assert position(server, phone.handle)[0] == 117.2001
    assert history(server, phone.handle, 2) == [117.2, 117.2001]


def test_a_jump_is_flagged_beside_the_last_good_place(server: Server, phone: Phone) -> None:
    now = time.time()
    phone.osmand(lon=117.2, timestamp=now - 10)
    phone.osmand(lon=118.9, timestamp=now)
    assert position(server, phone.handle) == (117.2, 1)


def test_secret_in_the_path_and_owntracks(server: Server, phone: Phone) -> None:
    path = f"{server.url}/ingest/osmand/{phone.id}/{phone.secret}"
    assert (
        requests.post(path, params={"id": phone.id, "lat": 34.2, "lon": 117.2}, timeout=10).status_code == 200
    )
    message = {"_type": "location", "lat": 34.2, "lon": 117.2001, "tst": int(time.time()) + 1}
    answer = requests.post(
        f"{server.url}/ingest/owntracks", json=message, auth=(phone.id, phone.secret), timeout=10
    )
    assert (answer.status_code, answer.text) == (200, "[]")
    empty = requests.post(
        f"{server.url}/ingest/owntracks", data=b"", auth=(phone.id, phone.secret), timeout=10
    )
    assert empty.status_code == 200


def test_calls_for_help_reach_those_who_listen(server: Server, phone: Phone) -> None:
    heard: list[tuple[int, int]] = []

    def listen(fixes: Positions) -> None:
        heard.extend(zip(fixes.handle.tolist(), fixes.flags.tolist(), strict=True))

    def called() -> bool:
        return any(h == phone.handle and f & PositionFlag.SOS for h, f in heard)

    server.core.intake.on_batch(listen)
    now = time.time()
    calls: list[dict[str, str | float]] = [
        {"lat": 34.2, "lon": 117.2, "timestamp": now - 5},  # late
        {"lat": 0.0, "lon": 0.0},  # indoors, without a fix
        {"lat": 34.2, "lon": 118.9},  # a jump
    ]
    phone.osmand(lon=117.2, timestamp=now - 2)
    for n, call in enumerate(calls):
        heard.clear()
        phone.osmand(**{"timestamp": now + n / 10, "alarm": "sos"} | call)
        phone.osmand(lon=117.2, timestamp=now + n / 10 + 0.05)
        until = time.monotonic() + 10
        while not called():
            assert time.monotonic() < until, call
            time.sleep(0.02)


def test_a_call_of_who_never_had_a_place_reaches_those_who_listen(server: Server, phone: Phone) -> None:
    heard: list[Positions] = []
    server.core.intake.on_batch(heard.append)
    phone.osmand(lat=0.0, lon=0.0, alarm="sos")
    until = time.monotonic() + 10
    while not heard:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert heard[0].handle.tolist() == [phone.handle]
    assert heard[0].flags[0] & PositionFlag.SOS
    assert np.isnan(heard[0].lon[0])
    assert not len(server.core.board.handles_to_rows([phone.handle]))  # nothing that could be drawn


def test_a_call_for_help_without_a_place_is_one(server: Server, phone: Phone) -> None:
    phone.osmand(lon=117.2, timestamp=time.time() - 10)
    url = f"{server.url}/ingest/osmand/{phone.id}/{phone.secret}"
    assert requests.post(url, params={"id": phone.id, "alarm": "sos"}, timeout=10).status_code == 200
    lon, flags = position(server, phone.handle)
    assert lon == 117.2 and flags & PositionFlag.SOS


def test_a_phone_that_repeats_for_ever_makes_nothing_grow(server: Server, phone: Phone) -> None:
    device = server.core.devices.find(phone.id)
    assert device is not None
    same = PositionFix(lon=117.2, lat=34.2, time=time.time() - 60)
    for _ in range(5000):
        server.core.intake.take(device, [same])
    assert server.core.intake.waiting < 100
    assert history(server, phone.handle, 1) == [117.2]


def test_strangers_are_refused(server: Server, phone: Phone) -> None:
    assert phone.osmand(secret="wrong").status_code == 401
    assert requests.get(server.url + "/ingest/osmand", params={"id": phone.id}, timeout=10).status_code == 401
    assert phone.osmand(id="another").status_code == 403
    assert requests.get(server.url + f"/ingest/nonsense/{phone.id}/x", timeout=10).status_code == 404


def test_limits(server: Server, phone: Phone) -> None:
    path = f"{server.url}/ingest/owntracks/{phone.id}/{phone.secret}"
    assert requests.post(path, data=b"x" * (65 << 10), timeout=10).status_code == 413
    assert phone.osmand(lat="nan").status_code == 400
    codes = [phone.osmand().status_code for _ in range(22)]
    assert codes[-1] == 429 and 200 in codes


def test_secrets_are_not_logged(server: Server, phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        requests.get(f"{server.url}/ingest/osmand/{phone.id}/{phone.secret}?id={phone.id}", timeout=10)
        requests.get(f"{server.url}/ingest/osmand/{phone.id}/{phone.secret}/more", timeout=10)
    assert "/ingest/osmand/" in caplog.text
    # urllib3 is the test's own client; uvicorn.access has no handler but pytest's
    lines = [r.getMessage() for r in caplog.records if not r.name.startswith(("urllib3", "uvicorn.access"))]
    assert not any(phone.secret in line for line in lines)
    assert not logging.getLogger("uvicorn.access").propagate
    assert redact_path("/api/v1/ingest/osmand/p1/secret") == "/api/v1/ingest/osmand/p1/***"


@pytest.fixture
def own_settings(
    settings: ServerSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerSettings]:
    yield replace(settings, data_dir=tmp_path_factory.mktemp("again"))


def test_last_positions_survive_a_restart(own_settings: ServerSettings) -> None:
    with running_server(own_settings) as server:
        phone = Phone(server)
        phone.osmand(lon=117.33)
    with running_server(own_settings) as server:
        assert position(server, phone.handle)[0] == 117.33
