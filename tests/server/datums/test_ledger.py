"""The ledger over REST: layers and feeds, measuring, mending, a city's own datum, rights and audit."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests

from console.model.coordinates import Datum, from_wgs84, haversine
from console.model.layers import LayerKind, LayerPackage, decode_package
from console.server.core import build_core
from console.server.datums.known import datum_named
from console.server.layer_types import ImportedLayer
from console.server.layers import replace_layers
from console.server.settings import ServerSettings, SettingError
from tests.support.roads import halves, placed, roads_of, taken
from tests.support.server import Client, Server, running_server

Roads = tuple[LayerPackage, LayerPackage]
CRS = "+proj=tmerc +lat_0=0 +lon_0=121.4667 +x_0=0 +y_0=-3457000 +ellps=krass +units=m +type=crs"
LOCAL = {
    "name": "shanghai",
    "title_zh": "上海城建坐标",
    "title_en": "Shanghai city plane",
    "crs": CRS,
    "helmert": {"dx": 15.8, "dy": -154.4, "dz": -82.3, "rx": 0.3, "ry": -0.2, "rz": 2.1, "scale": -2.4},
}


def imported(layer_id: str, package: LayerPackage, datum: str, known: str = "declared") -> ImportedLayer:
    return ImportedLayer(
        layer_id=layer_id,
        kind=str(package.kind),
        title_zh=layer_id,
        title_en=layer_id,
        package=package,
        datum=datum,
        datum_known=known,
    )


@pytest.fixture(scope="module")
def city(shared_data: Path) -> Roads:
    """A layer's roads (a sixth) and the reference's (half), all where they should be."""
    roads = roads_of(shared_data / "shanghai_center.osm.pbf")
    return taken(roads, roads.columns["way"] % 6 == 1), halves(roads)[1]


@pytest.fixture(scope="module")
def server(settings: ServerSettings) -> Iterator[Server]:
    with running_server(replace(settings, feed_datums="owntracks=gcj02")) as running:
        yield running


@pytest.fixture(scope="module")
def admin(server: Server) -> Client:
    return server.account("chief")


@pytest.fixture(scope="module")
def layers(server: Server, city: Roads) -> None:
    """The reference; roads shifted once and twice that passed for WGS84; and good ones, by a guess."""
    layer, reference = city
    stored = [
        imported("road", reference, "wgs84"),
        imported("once", placed(layer, "wgs84", "gcj02"), "wgs84", "guessed"),
        imported("twice", placed(layer, "gcj02", "gcj02+gcj02"), "gcj02"),
        imported("good", layer, "wgs84", "guessed"),
        imported("old", layer, "wgs84"),
        imported("grid", replace(layer, kind=LayerKind.GRID), "wgs84"),
    ]
    with server.core.database.write() as session:
        replace_layers(session, stored, ())


def line(client: Client, layer: str) -> dict[str, Any]:
    lines = client.get("/datums").json()["layers"]
    return next(line for line in lines if line["layer"]["id"] == layer)


def measured(client: Client, layer: str, reference: str = "road") -> dict[str, Any]:
    answer = client.post("/datums/checks", json={"layer": layer, "reference": reference})
    assert answer.status_code == 200, answer.text
    return answer.json()


def finished(client: Client, job: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while (state := client.get(f"/imports/{job}").json())["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.05)
    return state


def read_as(client: Client, layer: str, datum: str) -> requests.Response:
    return client.post(f"/layers/{layer}/datum", json={"datum": datum})


def put_local(client: Client, name: str, definition: dict[str, Any]) -> requests.Response:
    return client.http.put(f"{client.url}/datums/local/{name}", json=definition, timeout=10)


def package(client: Client, layer: str) -> LayerPackage:
    return decode_package(client.get(f"/layers/{layer}/package").content)


@pytest.mark.usefixtures("layers")
def test_a_layer_that_was_shifted_once_is_found_and_mended(admin: Client, city: Roads) -> None:
    assert line(admin, "once")["check"] is None
    found = measured(admin, "once")
    assert (found["state"], found["datum"], found["by"]) == ("shifted", "gcj02", "chief 姓名")
    assert found["residual"] == pytest.approx(500, abs=200)
    assert line(admin, "once")["check"] == found, "kept for everybody"

    assert finished(admin, read_as(admin, "once", "gcj02").json()["id"])["state"] == "done"
    after = line(admin, "once")
    assert (after["layer"]["datum"], after["layer"]["datum_known"]) == ("gcj02", "detected")
    assert after["check"] is None, "what was measured is no longer so"
    assert haversine(*package(admin, "once").degrees.T, *city[0].degrees.T).max() < 0.03
    assert measured(admin, "once")["state"] == "fits"


@pytest.mark.usefixtures("layers")
def test_a_layer_that_was_shifted_twice_is_found(admin: Client) -> None:
    found = measured(admin, "twice")
    assert (found["state"], found["datum"]) == ("shifted", "gcj02+gcj02")
    assert found["residual"] == pytest.approx(500, abs=200) and found["after"] < 1


@pytest.mark.usefixtures("layers")
def test_a_guess_that_fits_is_detected_from_then_on(admin: Client) -> None:
    with admin.live() as feed:
        feed.next("snapshot")
        assert measured(admin, "good")["state"] == "fits"
        assert line(admin, "good")["layer"]["datum_known"] == "detected"
        changed = feed.next("delta")
    assert "good" in json.dumps(changed)
    assert line(admin, "good")["check"]["residual"] < 1


@pytest.mark.usefixtures("layers")
def test_what_was_measured_falls_with_either_layer(server: Server, admin: Client, city: Roads) -> None:
    measured(admin, "good", reference="old")
    assert line(admin, "good")["check"]
    with server.core.database.write() as session:
        replace_layers(session, [imported("old", placed(city[0], "wgs84", "bd09"), "wgs84")], ())
    assert line(admin, "good")["check"] is None


@pytest.mark.usefixtures("layers")
def test_a_clear_result_stays_when_another_reference_tells_nothing(
    server: Server, admin: Client, city: Roads
) -> None:
    far = replace(city[1], xy=city[1].xy + np.array([20_000_000, 0], np.int32))
    with server.core.database.write() as session:
        replace_layers(session, [imported("far", far, "wgs84")], ())
    assert measured(admin, "good")["state"] == "fits"
    assert measured(admin, "good", reference="far")["state"] == "apart", "is told"
    kept = line(admin, "good")["check"]
    assert (kept["state"], kept["reference"]) == ("fits", "road")


@pytest.mark.usefixtures("layers")
def test_who_may_do_what(server: Server, admin: Client) -> None:
    viewer, operator = server.account("viewer", "viewer"), server.account("operator", "operator")
    asked = {"layer": "good", "reference": "road"}
    assert viewer.get("/datums").status_code == 200
    assert requests.get(server.url + "/datums", timeout=10).status_code == 401
    assert viewer.post("/datums/checks", json=asked).status_code == 403
    assert operator.post("/datums/checks", json=asked).status_code == 200
    for client in (viewer, operator):
        assert read_as(client, "once", "gcj02").status_code == 403
        assert (
            client.http.put(client.url + "/datums/local/shanghai", json=LOCAL, timeout=10).status_code == 403
        )
        assert client.delete("/datums/local/shanghai").status_code == 403
    audit = admin.get("/audit").json()
    assert "layers.measure" in {entry["action"] for entry in audit}


@pytest.mark.usefixtures("layers")
def test_what_cannot_be_is_refused_in_words(admin: Client) -> None:
    assert admin.post("/datums/checks", json={"layer": "nowhere", "reference": "road"}).status_code == 404
    assert admin.post("/datums/checks", json={"layer": "road", "reference": "road"}).status_code == 422
    assert read_as(admin, "nowhere", "gcj02").status_code == 404
    for layer, datum, status in (
        ("old", "wgs84", 422),
        ("old", "EPSG:4549", 422),
        ("old", "mars", 422),
        ("old", "x" * 17, 422),
        ("grid", "gcj02", 409),
    ):
        answer = read_as(admin, layer, datum)
        assert answer.status_code == status and answer.json()["message_zh"], (layer, datum)


def test_a_local_datum_is_entered_used_at_import_and_kept_while_used(
    server: Server, admin: Client, city: Roads
) -> None:
    assert put_local(admin, "shanghai", LOCAL).status_code == 204
    assert [local["title_zh"] for local in admin.get("/datums").json()["locals"]] == ["上海城建坐标"]
    bad = put_local(admin, "bad", LOCAL | {"crs": "EPSG:4326"})
    assert bad.status_code == 422 and "参数" in bad.json()["message_zh"]

    with server.core.database.read() as session:
        there = datum_named(session, "local:shanghai")
    lon, lat = city[0].degrees[:50].T
    points = np.column_stack(there.from_wgs84(lon, lat)).tolist()
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": point}}
        for point in points
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features})
    data = {"datum": "local:shanghai", "layer": "poi"}
    started = admin.post("/imports", files={"files": ("points.geojson", body)}, data=data)
    assert finished(admin, started.json()["id"])["state"] == "done"
    assert line(admin, "poi")["layer"]["datum"] == "local:shanghai"
    assert haversine(*package(admin, "poi").degrees.T, lon, lat).max() < 0.02

    assert put_local(admin, "shanghai", LOCAL | {"helmert": None}).status_code == 409
    assert admin.delete("/datums/local/shanghai").status_code == 409
    assert admin.delete("/datums/local/nobody").status_code == 404
    unknown = admin.post(
        "/imports", files={"files": ("points.geojson", body)}, data={"datum": "local:nobody"}
    )
    assert unknown.status_code == 422


@pytest.mark.usefixtures("layers")
def test_an_import_whose_datum_nobody_said_is_measured_at_once(admin: Client, city: Roads) -> None:
    lines = placed(city[0], "wgs84", "gcj02")
    pieces = np.split(lines.degrees, lines.part_start[1:-1])
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": each.tolist()},
        }
        for each in pieces
    ]
    files = {"files": ("lanes.geojson", json.dumps({"type": "FeatureCollection", "features": features}))}
    started = admin.post("/imports", files=files, data={"layer": "other"})
    assert finished(admin, started.json()["id"])["state"] == "done"
    lanes = line(admin, "other")
    assert lanes["layer"]["datum_known"] == "guessed"
    assert (lanes["check"]["state"], lanes["check"]["datum"]) == ("shifted", "gcj02")


def test_a_feed_that_is_shifted_is_turned_back_at_the_door(server: Server, admin: Client) -> None:
    feeds = {feed["id"]: feed["datum"] for feed in admin.get("/datums").json()["feeds"]}
    assert feeds["owntracks"] == "gcj02" and feeds["osmand"] == "wgs84"
    handle, secret = server.device("phone1")
    lon, lat = from_wgs84(np.array([121.47]), np.array([31.23]), Datum.GCJ02)
    told = {"_type": "location", "lon": lon[0], "lat": lat[0], "tst": int(time.time())}
    answer = requests.post(server.url + "/ingest/owntracks", json=told, auth=("phone1", secret), timeout=10)
    assert answer.status_code == 200, answer.text
    board = server.core.board
    at = board.columns(board.handles_to_rows([handle]))
    assert haversine(at.lon[0], at.lat[0], 121.47, 31.23) < 0.02


@pytest.mark.parametrize("text", ["owntracks", "nobody=gcj02", "osmand=mars", "osmand="])
def test_a_wrong_setting_of_feeds_is_told_at_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingError, match="ONEMAP_FEED_DATUMS"):
        build_core(ServerSettings(data_dir=tmp_path, plugin_dirs=(), feed_datums=text))
