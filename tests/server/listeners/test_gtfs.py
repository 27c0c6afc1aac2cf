"""Vehicles by GTFS-realtime, from a real HTTP server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from google.transit.gtfs_realtime_pb2 import FeedMessage

from console.model.positions import PositionSource
from tests.support.listening import lon_of, quick_settings, running, wait_until
from tests.support.server import running_server


def feed(**vehicles: tuple[float, float]) -> FeedMessage:
    """A feed of vehicles at (longitude, metres a second)."""
    made = FeedMessage()
    made.header.gtfs_realtime_version, made.header.timestamp = "2.0", int(time.time())
    for number, (name, (lon, speed)) in enumerate(vehicles.items()):
        entity = made.entity.add(id=f"e{number}")
        entity.vehicle.vehicle.id = name
        entity.vehicle.position.latitude, entity.vehicle.position.longitude = 34.2, lon
        entity.vehicle.position.speed = speed
    return made


class Agency(ThreadingHTTPServer):
    """Serves ``body`` to those with the key."""

    body = b""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/vehicles.pb"


class _Answer(BaseHTTPRequestHandler):
    server: Agency

    def do_GET(self) -> None:
        known = self.headers.get("X-Key") == "key of the tests"
        self.send_response(200 if known else 403)
        self.end_headers()
        self.wfile.write(self.server.body if known else b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def agency() -> Iterator[Agency]:
    made = Agency()
    yield made
    made.shutdown()
    made.server_close()


def test_known_vehicles_move_and_phones_cannot_be_claimed(agency: Agency, tmp_path: Path) -> None:
    header = tmp_path / "header"
    header.touch(0o600)
    header.write_text("X-Key: key of the tests\n")
    agency.body = b"not yet a feed"
    given = {"GTFS_URL": agency.url, "GTFS_SECONDS": "1", "GTFS_HEADER_FILE": str(header)}
    with running_server(quick_settings(tmp_path / "data", **given)) as server:
        bus, _ = server.device("vehicle-bus1")
        phone, _ = server.device("p1")
        assert not running(server, "gtfs")
        agency.body = feed(bus1=(117.21, 8.0), p1=(117.9, 1.0), unknown=(117.3, 2.0)).SerializeToString()
        wait_until(lambda: running(server, "gtfs"))
        wait_until(lambda: lon_of(server, bus) == pytest.approx(117.21, abs=1e-5))
        assert lon_of(server, phone) is None
        wait_until(lambda: len(server.core.tables.history(bus, 0, 4e9)))
        kept = server.core.tables.history(bus, 0, 4e9)
        assert (float(kept.speed[0]), int(kept.source[0])) == (8.0, PositionSource.VEHICLE)
        time.sleep(1.5)  # the same feed again and again
        assert len(server.core.tables.history(bus, 0, 4e9)) == 1
        report = server.account().get("/listeners").json()
        assert report[0]["name"] == "gtfs" and report[0]["refused"]["unknown_device"] >= 2
        assert "key of the tests" not in str(report)
