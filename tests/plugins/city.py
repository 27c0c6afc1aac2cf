"""A small real city for tests of the plugins' server halves: the centre of Shanghai in two streets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient

from console.model.layers import LayerPackage
from console.model.records import Camera, Duty, Event, EventClass, LonLat, Means, Role, Staff, Station
from console.server.admin import create_account
from console.server.app import create_app
from console.server.importing import ImportOptions, import_files
from console.server.layer_types import AreaShape, ImportedLayer
from console.server.layers import replace_layers
from console.server.settings import ServerSettings, bundled_plugins

DISTRICT = "310101"
WEST, EAST = "310101001", "310101002"
STAFF_A_STREET = 12
PASSWORD = "correct horse battery"
ACCOUNTS = {
    "whole": (Role.DISPATCHER, (DISTRICT,)),
    "west": (Role.DISPATCHER, (WEST,)),
    "east": (Role.DISPATCHER, (EAST,)),
    "looker": (Role.VIEWER, (DISTRICT,)),
}
BASE = "/api/v1"


def grid_of(street: str) -> str:
    """The one grid of the one community of *street*."""
    return f"{street}001001"


def load_roads(data: Path, name: str) -> LayerPackage:
    """The roads of a file, as the importer reads them."""
    path = data / name
    return _road_layer(path, path.read_bytes() if path.stat().st_size < 100_000 else b"").package


@cache
def _road_layer(path: Path, _content: bytes) -> ImportedLayer:
    """Read once for all modules of a run, as a city takes seconds; small files are made anew by tests."""
    result = import_files([path], ImportOptions(), lambda _done, _text: None, lambda: False)
    return next(layer for layer in result.layers if layer.layer_id == "road")


def make_settings(url: str, folder: Path) -> ServerSettings:
    """Settings with our own plugins and a quick tick."""
    return ServerSettings(
        data_dir=folder,
        database_url=url,
        plugin_dirs=(bundled_plugins(),),
        position_tick=0.05,
        camera_networks="0.0.0.0/0, ::/0",
    )


@dataclass(slots=True)
class City:
    """A running server with a seeded district, and callers of it."""

    app: FastAPI
    client: TestClient
    middle: LonLat
    places: dict[str, list[LonLat]]
    """Places on roads by street."""
    devices: dict[str, tuple[str, str]]
    tokens: dict[str, str] = field(default_factory=dict)

    def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request of the account *who*."""
        if who not in self.tokens:
            answer = self.client.post(f"{BASE}/session", json={"username": who, "password": PASSWORD})
            self.tokens[who] = answer.json()["access_token"]
        headers["Authorization"] = f"Bearer {self.tokens[who]}"
        return self.client.request(method, BASE + path, json=body, headers=headers)

    def ok(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer of a request that must succeed."""
        answer = self.call(who, method, path, body, **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def device(self, staff: str, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request of the device of *staff*."""
        return self.client.request(method, BASE + path, json=body, headers=headers, auth=self.devices[staff])

    def report(self, staff: str, where: LonLat, **more: Any) -> None:
        """A fix of *staff*'s device, through the real protocol."""
        device, secret = self.devices[staff]
        query = {"id": device, "lon": where[0], "lat": where[1], "timestamp": time.time(), **more}
        answer = self.client.get(f"{BASE}/ingest/osmand", params=query, auth=(device, secret))
        assert answer.status_code == 200, answer.text

    def new_event(self, who: str = "whole", street: str = WEST, place: int = 0, **more: Any) -> Any:
        """Report an event at one of the places of *street*."""
        body = {"title": "下水道堵塞", "where": self.places[street][place], "kind": "facility", **more}
        return self.ok(who, "POST", "/events", body)

    def until(self, check: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait until *check* gives something true."""
        end = time.monotonic() + seconds
        while True:
            found = check()
            if found:
                return found
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.05)


def lay_out(settings: ServerSettings, data: Path) -> None:
    """Import the roads and lay out two streets, with accounts, in an empty database; then let it rest."""
    core = create_app(settings).state.core
    roads = _roads(data)
    with core.database.write() as session:
        replace_layers(session, [roads], _areas(_middle(roads)))
        for name, (role, areas) in ACCOUNTS.items():
            create_account(session, name, PASSWORD, name, role, areas)
    finish_roads(core)
    core.database.close()


def finish_roads(core: Any) -> None:
    """Have the roads prepared to the end: their order is kept, for this backend and later ones."""
    core.services.get("router:embedded").router()
    for thread in threading.enumerate():
        if thread.name in ("roads", "road order"):
            thread.join(60)


def settle(app: FastAPI, client: TestClient, data: Path) -> City:
    """Seed staff, cameras, stations and an event in each street of a district that is laid out."""
    roads = _roads(data)
    vertices, middle = roads.package.degrees, _middle(roads)
    places = {WEST: _places(vertices, middle, -1), EAST: _places(vertices, middle, 1)}
    devices: dict[str, tuple[str, str]] = {}
    for street in (WEST, EAST):
        devices |= _seed_street(app.state.core, street, places[street])
    return City(app, client, middle, places, devices)


def _roads(data: Path) -> ImportedLayer:
    return _road_layer(data / "shanghai_center.osm.pbf", b"")


def _middle(roads: ImportedLayer) -> LonLat:
    vertices = roads.package.degrees
    return (float(np.median(vertices[:, 0])), float(np.median(vertices[:, 1])))


def _areas(middle: LonLat) -> list[AreaShape]:
    lon, lat = middle
    boxes = {
        WEST: shapely.box(lon - 0.2, lat - 0.2, lon, lat + 0.2),
        EAST: shapely.box(lon, lat - 0.2, lon + 0.2, lat + 0.2),
    }
    areas = [_area(DISTRICT, "黄浦区", shapely.union_all(list(boxes.values())))]
    for street, box in boxes.items():
        for code in (street, f"{street}001", grid_of(street)):
            areas.append(_area(code, f"区域{code}", box))
    return areas


def _area(code: str, name: str, geometry: shapely.Geometry) -> AreaShape:
    return AreaShape(code=code, name=name, name_en="", geometry=geometry)


def _places(vertices: np.ndarray, middle: LonLat, side: int) -> list[LonLat]:
    """Forty places on roads within a kilometre of the middle, on one side of it."""
    away = (vertices - middle) * [side * 95_000, 111_000]
    near = np.flatnonzero((away[:, 0] > 60) & (away[:, 0] < 1000) & (np.abs(away[:, 1]) < 800))
    chosen = np.random.default_rng(5).choice(near, 40, replace=False)
    return [(float(lon), float(lat)) for lon, lat in vertices[chosen]]


def _seed_street(core: Any, street: str, places: list[LonLat]) -> dict[str, tuple[str, str]]:
    area, end = grid_of(street), street[-1]
    staff = [
        Staff(
            id=f"s{end}{i:02d}",
            handle=0,
            name=f"王小{'明芳伟娜'[i % 4]}{end}{i:02d}",
            area=area,
            duty=Duty.OFF if i == STAFF_A_STREET - 1 else Duty.ON,
            means=Means.BICYCLE if i % 3 == 0 else Means.FOOT,
            phone=f"1380000{end}{i:03d}",
        )
        for i in range(STAFF_A_STREET)
    ]
    event = Event(
        id=f"e{end}",
        number="",
        title=f"路面积水{end}",
        area=area,
        where=places[0],
        kind=EventClass.FLOOD,
        reporter="李建国",
        reporter_phone="13912345678",
        reported_at=time.time() - 600,
    )
    cameras = [
        Camera(id=f"c{end}{i}", name=f"路口{end}{i}", area=area, where=places[i], high=i == 0)
        for i in range(5)
    ]
    stations = [Station(id=f"st{end}", name=f"社区中心{end}", area=area, where=places[1])]
    with core.database.write() as session:
        devices = core.services.get("seed:staff")(session, staff)
        core.services.get("seed:event")(session, [event])
        core.services.get("seed:camera")(session, cameras)
        core.services.get("seed:station")(session, stations)
    return devices
