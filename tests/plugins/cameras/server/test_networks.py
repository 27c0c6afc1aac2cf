"""A backend talks only to the camera networks of its deployment, whoever names another address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from console.sdk.records import Role
from console.server.admin import create_account
from console.server.app import create_app
from plugins.cameras.server.health.watch import Pace
from plugins.cameras.server.streams import Streams
from tests.plugins.city import PASSWORD, WEST, City, make_settings, settle
from tests.support.clips import encode
from tests.support.databases import fresh_database
from tests.support.rtsp import RtspServer

OUTSIDE = "127.0.0.1"


@pytest.fixture(scope="module")
def city(
    tmp_path_factory: pytest.TempPathFactory, shared_data: Path, districts: Callable[[str], str]
) -> Iterator[City]:
    """Whose cameras are in 10.9.0.0/16."""
    with fresh_database("sqlite", tmp_path_factory.mktemp("db"), districts("sqlite")) as url:
        settings = replace(make_settings(url, tmp_path_factory.mktemp("data")), camera_networks="10.9.0.0/16")
        app = create_app(settings)
        with TestClient(app) as client:
            with app.state.core.database.write() as session:
                create_account(session, "root-west", PASSWORD, "root-west", Role.ADMINISTRATOR, [WEST])
            yield settle(app, client, shared_data)


def refused(city: City, method: str, path: str, body: dict[str, Any]) -> bool:
    answer = city.call("root-west", method, path, body)
    return (answer.status_code, answer.json()["code"]) == (422, "device_barred")


def device(host: str) -> dict[str, Any]:
    return {"driver": "onvif", "name": "", "address": f"http://{host}:5432"}


def test_a_device_or_recorder_outside_is_not_taken_in(city: City) -> None:
    assert refused(city, "POST", "/cameras/devices", device(OUTSIDE))
    assert refused(city, "POST", "/cameras/devices", device("[::ffff:127.0.0.1]"))
    city.ok("root-west", "POST", "/cameras/devices", device("10.9.1.2"))
    patterns = "rtsp://10.9.1.2/{channel}?begin={begin} http://127.0.0.1/{channel}"
    recorder = {"name": "录像机", "address": patterns, "channels": {}}
    assert refused(city, "PUT", "/cameras/recorders/r9", recorder)


def test_lines_outside_are_told_with_their_reason(city: City) -> None:
    place = {"lon": city.places[WEST][0][0], "lat": city.places[WEST][0][1], "name": "点位"}
    lines = [
        {"id": "n1", "main": "rtsp://10.9.1.2/1", **place},
        {"id": "n2", "main": "rtsp://10.9.1.2/1", "sub": f"http://{OUTSIDE}:5432/", **place},
        {"id": "n3", "main": "udp://239.1.1.1:5000", **place},
    ]
    told = city.ok("root-west", "POST", "/cameras/import", {"lines": lines, "preview": True})
    assert [(each["id"], "网段" in each["reason_zh"]) for each in told["rejected"]] == [("n2", True)]


def test_a_name_that_leads_outside_is_not_asked(city: City) -> None:
    known = city.ok("root-west", "POST", "/cameras/devices", device("localhost"))
    assert refused(city, "GET", f"/cameras/devices/{known['id']}/channels", {})


def test_cameras_that_were_stored_before_are_not_asked_any_more(city: City) -> None:
    core = city.app.state.core
    watch = core.services.get("cameras.health")
    with RtspServer({"main": encode(64, 64, 5, seconds=1)}).running() as rtsp:
        with core.database.write() as session:
            core.services.get("cameras.streams").put(session, "c11", Streams(main=rtsp.url("main")))
        watch.pace = Pace(turn=0.05, first=0.1)

        def fault() -> str:
            gone = city.ok("whole", "GET", "/cameras/health/gone")
            return next((each["fault"] for each in gone if each["camera"] == "c11"), "")

        assert city.until(fault) == "barred"
        assert rtsp.asked.total() == 0
