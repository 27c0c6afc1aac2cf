"""Services as sources: what a real server offers, what addresses hide, and what is no service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from console.map.engine.data_refs import SourceTile
from console.map.engine.services import fetch, tile_address
from plugins.sources.desktop.services import asking
from plugins.sources.desktop.services.address import (
    ServiceKind,
    kind_of,
    split_secrets,
    with_query,
    with_secrets,
)
from plugins.sources.desktop.services.asking import ServiceRefused, headers_of
from plugins.sources.desktop.services.features import fetch_features
from plugins.sources.desktop.services.offers import Offer, offers_of
from tests.map.tile_server import TileServer, tile_server

ROADS = 318
INSIDE = {"mercator": (16, 54884, 26777), "geographic": (16, 109768, 21396)}
"""A tile of the roads."""


def colors(offer: Offer) -> set[tuple[int, ...]]:
    """Of one tile in the middle of the roads."""
    assert offer.tiles is not None
    data = fetch(
        tile_address(offer.tiles, SourceTile("x", *INSIDE[offer.tiles.grid])), {}, requests.Session()
    )
    image = QImage.fromData(data)
    assert image.width() == offer.tiles.size
    found = (image.pixelColor(x, y) for x in range(image.width()) for y in range(0, image.height(), 3))
    return {color.getRgb()[:3] for color in found if color.alpha() == 255}


def test_wms_of_a_real_server(roads_served: str):
    offers = {offer.name: offer for offer in offers_of(f"{roads_served}/?service=WMS", {})}
    assert {"roads", "again"} <= set(offers)
    assert offers["roads"].title == "道路"
    bounds = offers["roads"].bounds
    assert bounds is not None
    assert bounds[0] < 121.49 < bounds[2]
    assert (255, 0, 0) in colors(offers["roads"])
    assert (0, 0, 255) in colors(offers["again"])


def test_wmts_of_a_real_server(roads_served: str):
    offers = {offer.name: offer for offer in offers_of(f"{roads_served}/?SERVICE=WMTS", {})}
    tiles = offers["roads"].tiles
    assert tiles is not None
    assert tiles.grid == "mercator"
    assert tiles.max_zoom >= 17
    assert (255, 0, 0) in colors(offers["roads"])


@pytest.mark.parametrize("path", ["/?SERVICE=WFS", "/wfs3"])
def test_features_of_a_real_server(roads_served: str, tmp_path: Path, path: str):
    offers = {offer.name: offer for offer in offers_of(roads_served + path, {})}
    said: list[tuple[int, int | None]] = []
    file = tmp_path / "roads.geojson"
    count = fetch_features(offers["roads"], {}, file, lambda n, total: said.append((n, total)))
    features = json.loads(file.read_text("utf-8"))["features"]
    assert count == len(features) == ROADS
    assert said[-1][0] == ROADS
    lon, lat = features[0]["geometry"]["coordinates"][0][:2]
    assert (int(lon), int(lat)) == (121, 31)
    assert any(feature["properties"]["name"] for feature in features)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://t.example/{z}/{x}/{y}.png", ServiceKind.XYZ),
        ("https://t.example/{z}/{x}/{y}.pbf?key=1", ServiceKind.VECTOR_XYZ),
        ("http://t0.tianditu.gov.cn/vec_c/wmts?tk=abc", ServiceKind.WMTS),
        ("https://maps.example/geoserver/wms", ServiceKind.WMS),
        ("https://maps.example/ows?SERVICE=WFS", ServiceKind.WFS),
        ("https://maps.example/ogc/", ServiceKind.OGC_API),
    ],
)
def test_the_kind_is_seen_in_the_address(address: str, kind: ServiceKind):
    assert kind_of(address) is kind


@given(st.text("abcDEF019+/ =&%", min_size=1, max_size=20))
def test_secrets_leave_the_address_and_come_back_to_the_service(secret: str):
    from urllib.parse import parse_qsl, quote, urlsplit

    address, secrets = split_secrets(f"https://u:p@host.cn/wmts?layer=vec&tk={quote(secret, safe='')}")
    assert secrets["user"] == "u"
    assert address == "https://host.cn/wmts?layer=vec&tk=***"
    asked = with_secrets(address, secrets)
    assert dict(parse_qsl(urlsplit(asked).query, keep_blank_values=True))["tk"] == secret
    assert split_secrets(address) == (address, {})


def test_parameters_are_set_once_whatever_their_case():
    address = with_query("http://h/ows?service=wms&MAP=/a b&Layers=old", SERVICE="WMS", LAYERS="{x}")
    assert address == "http://h/ows?MAP=/a+b&SERVICE=WMS&LAYERS={x}"


def test_a_sign_in_goes_to_the_named_host_alone(server: TileServer):
    sent: list[str] = []
    other = server.url.replace("127.0.0.1", "localhost")
    capabilities = (
        '<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink">'
        "<Service><Name>WMS</Name><Title>t</Title></Service><Capability><Request><GetMap>"
        "<Format>image/png</Format>"
        f'<DCPType><HTTP><Get><OnlineResource xlink:href="{other}/elsewhere?"/></Get></HTTP>'
        "</DCPType></GetMap>"
        "</Request><Layer><Layer><Name>a</Name><Title>a</Title><CRS>EPSG:4326</CRS></Layer></Layer></Capability>"
        "</WMS_Capabilities>"
    )
    server.answer = lambda path: (sent.append(path), (200, capabilities.encode()))[1]
    secrets = {"user": "u", "password": "p"}
    (offer,) = offers_of(f"{server.url}/wms", headers_of(secrets))
    assert server.headers[0]["Authorization"].startswith("Basic ")
    assert offer.tiles is not None
    assert offer.tiles.grid == "geographic"
    assert "{south},{west},{north},{east}" in offer.tiles.url
    assert not offer.tiles.headers


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    b"<WMS_Capabilities>&b;</WMS_Capabilities>"
)


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server(lambda path: (200, b"")) as running:
        yield running


@pytest.mark.parametrize("path", ["/wms", "/wmts", "/wfs", "/api"])
@pytest.mark.parametrize(
    "body",
    [b"", b"<html>portal</html>", BOMB, b"{", b"[]", b"\xff\xfe\x00", b"<a" * 2000, b'{"collections": 3}'],
)
def test_what_is_no_service_is_refused_in_words(server: TileServer, path: str, body: bytes):
    server.answer = lambda _: (200, body)
    with pytest.raises(ServiceRefused):
        offers_of(server.url + path, {})


@pytest.mark.parametrize(("status", "sign_in"), [(401, True), (403, True), (500, False), (404, False)])
def test_refusals_say_whether_a_sign_in_helps(
    server: TileServer, monkeypatch: pytest.MonkeyPatch, status: int, sign_in: bool
):
    monkeypatch.setattr(asking, "PAUSES", (0.0, 0.0))
    server.answer = lambda _: (status, b"")
    with pytest.raises(ServiceRefused) as refused:
        offers_of(f"{server.url}/wms", {})
    assert refused.value.sign_in is sign_in
    assert str(status) in refused.value.text.zh_CN


def test_a_busy_server_is_asked_again(server: TileServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "PAUSES", (0.0, 0.0))
    answers = iter([(503, b""), (500, b""), (200, b'{"collections": [{"id": "roads"}]}')])
    server.answer = lambda _: next(answers)
    (offer,) = offers_of(f"{server.url}/api", {})
    assert offer.name == "roads"
    server.answer = lambda _: (503, b"")
    before = server.asked.total()
    with pytest.raises(ServiceRefused, match="503"):
        offers_of(f"{server.url}/api", {})
    assert server.asked.total() == before + 3


def test_a_server_that_is_slow_or_away_is_told(server: TileServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "TIMEOUT", (5.0, 0.2))
    server.slow = 1.0
    with pytest.raises(ServiceRefused) as slow:
        offers_of(f"{server.url}/api", {})
    assert "超时" in slow.value.text.zh_CN
    with pytest.raises(ServiceRefused) as away:
        offers_of("http://127.0.0.1:9/api", {})
    assert "无法连接" in away.value.text.zh_CN


def test_a_server_that_breaks_off_leaves_the_file_before(server: TileServer, tmp_path: Path):
    file = tmp_path / "x.geojson"
    file.write_text("before")
    pages = iter([json.dumps({"features": [{"n": 1}], "links": [{"rel": "next", "href": "/2"}]}), "{broken"])
    server.answer = lambda _: (200, next(pages).encode())
    offer = Offer(name="a", title="a", items=f"{server.url}/items")
    with pytest.raises(ServiceRefused):
        fetch_features(offer, {}, file, lambda n, total: None)
    assert file.read_text() == "before"
    assert list(tmp_path.glob("x.*")) == [file]


def test_a_server_without_pages_is_not_asked_for_ever(server: TileServer, tmp_path: Path):
    page = json.dumps({"features": [{"n": 1}], "links": [{"rel": "next", "href": "/again"}]}).encode()
    server.answer = lambda _: (200, page)
    offer = Offer(name="a", title="a", items=f"{server.url}/items")
    assert fetch_features(offer, {}, tmp_path / "x", lambda n, total: None) == 1
