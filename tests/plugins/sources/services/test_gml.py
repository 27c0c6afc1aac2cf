"""WFS servers that speak GML only: a real one whose offer of GeoJSON is struck out, and bad ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from console.formats.messages import Read
from console.formats.reader import answer
from console.model.sources import FileLayers
from plugins.sources.desktop.services import features
from plugins.sources.desktop.services.asking import ServiceRefused
from plugins.sources.desktop.services.features import fetch_gml
from plugins.sources.desktop.services.offers import Offer, offers_of
from tests.formats.conftest import package, request_for
from tests.map.tile_server import TileServer, tile_server
from tests.plugins.sources.services.test_services import ROADS

JSON_NAMES = ("application/vnd.geo+json", "application/geo+json", "application/json", "geojson", "GeoJSON")
EMPTY = b'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" numberReturned="0"/>'


@pytest.fixture
def gml_only(roads_served: str) -> Iterator[TileServer]:
    def answer(path: str) -> tuple[int, bytes]:
        got = requests.get(roads_served + path, timeout=60)
        body = got.content.replace(roads_served.encode(), gml_only.url.encode())
        if "GetCapabilities" in path:
            for name in JSON_NAMES:
                body = body.replace(f">{name}<".encode(), b"><")
        return got.status_code, body

    with tile_server(answer) as gml_only:
        yield gml_only


def read(path: Path, cache: Path) -> FileLayers:
    said = answer(request_for(path, cache))
    assert isinstance(said, Read), said
    return said.layers


def ignored(count: int, total: int | None) -> None:
    """Progress that nobody looks at."""


def test_features_of_a_real_server_as_gml(
    gml_only: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(features, "PAGE", 200)
    offers = {offer.name: offer for offer in offers_of(gml_only.url + "/?SERVICE=WFS", {})}
    roads = offers["roads"]
    assert roads.gml and "gml" in roads.items.lower()
    (tmp_path / "roads-7.gml").write_text("of before")
    files = fetch_gml(roads, {}, tmp_path / "roads", ignored)
    assert [file.name for file in files] == ["roads-0.gml", "roads-1.gml"]
    assert not (tmp_path / "roads-7.gml").exists()
    pages = [read(file, tmp_path / "cache") for file in files]
    assert sum(page.packages[0].features for page in pages) == ROADS
    lon, lat = package(pages[0]).degrees[0]
    assert (int(lon), int(lat)) == (121, 31), "latitude stands first in the file"


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server(lambda path: (200, EMPTY)) as running:
        yield running


def asked_of(server: TileServer, tmp_path: Path) -> list[Path]:
    offer = Offer(name="a", title="a", items=f"{server.url}/wfs?REQUEST=GetFeature", gml=True)
    return fetch_gml(offer, {}, tmp_path / "a", ignored)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (EMPTY, "没有要素"),
        (b"<ows:ExceptionReport><ows:ExceptionText> no such type </ows:ExceptionText></x>", "no such type"),
        (b"<html>portal</html>", "不是服务说明"),
        (json.dumps({"features": []}).encode(), "不是服务说明"),
    ],
    ids=["empty", "exception", "portal", "json"],
)
def test_what_is_no_page_is_told(server: TileServer, tmp_path: Path, body: bytes, said: str):
    server.answer = lambda _: (200, body)
    with pytest.raises(ServiceRefused) as refused:
        asked_of(server, tmp_path)
    assert said in refused.value.text.zh_CN


def test_a_server_that_never_ends_is_stopped(
    server: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(features, "MOST", 50)
    monkeypatch.setattr(features, "PAGE", 10)
    server.answer = lambda _: (200, EMPTY.replace(b'"0"', b'"10"'))
    with pytest.raises(ServiceRefused, match="Too many"):
        asked_of(server, tmp_path)
    assert server.asked.total() < 10
