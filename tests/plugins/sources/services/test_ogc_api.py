"""OGC API Features and Tiles of a real server that is not QGIS: offered, paged, and drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from console.map.engine.data_refs import SourceTile
from console.map.engine.services import fetch, tile_address
from console.map.render.data.vector_tile import read_tile
from console.map.views.view import MapView
from console.sdk.map import TileService
from console.sdk.tile_stores import unpacked
from plugins.sources.desktop.services.asking import ServiceRefused
from plugins.sources.desktop.services.features import fetch_features
from plugins.sources.desktop.services.offers import Offer, offers_of, resolved
from tests.map.conftest import theme, view
from tests.map.test_tile_services import shown
from tests.map.test_vector_tiles import ARNO, TITLE, WATER
from tests.support.ogc_api import FLORENCE, LAST_LEVEL, PAGE, ROADS, SHANGHAI, ogc_api_server

__all__ = ["theme", "view"]


@pytest.fixture(scope="module")
def served(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ogc_api_server(tmp_path_factory.mktemp("ogc_api"), shared_data) as address:
        yield address


def offered(address: str, name: str) -> Offer:
    return next(offer for offer in offers_of(address, {}) if offer.name == name)


def florence(address: str) -> TileService:
    tiles = resolved(offered(address, "florence:vector"), {}).tiles
    assert tiles is not None
    return tiles


def test_features_and_tiles_are_told_apart(served: str):
    """The server names items of its tiles, too, and has none."""
    offers = offers_of(served, {})
    assert [(offer.name, offer.title, offer.vector) for offer in offers] == [
        ("roads", "道路", False),
        ("florence:vector", "佛罗伦萨", True),
    ]
    assert [offer.bounds for offer in offers] == [SHANGHAI, FLORENCE]


def test_all_pages_of_features_come(served: str, tmp_path: Path):
    said: list[tuple[int, int | None]] = []
    file = tmp_path / "roads.geojson"
    count = fetch_features(offered(served, "roads"), {}, file, lambda n, total: said.append((n, total)))
    features = json.loads(file.read_text("utf-8"))["features"]
    assert count == len(features) == ROADS
    assert said == [(PAGE, ROADS), (2 * PAGE, ROADS), (3 * PAGE, ROADS), (ROADS, ROADS)]
    assert len({feature["id"] for feature in features}) == ROADS
    lon, lat = features[0]["geometry"]["coordinates"][0]
    assert (int(lon), int(lat)) == (121, 31)
    assert any(feature["properties"]["name"] for feature in features)


def test_tiles_are_asked_for_by_row_and_column(served: str):
    tiles = florence(served)
    assert (tiles.grid, tiles.min_zoom, tiles.max_zoom) == ("mercator", 0, LAST_LEVEL)
    there, beyond = SourceTile("x", 14, 8704, 5971), SourceTile("x", 14, 8704, 5900)
    with requests.Session() as session:
        data = fetch(tile_address(tiles, there), {}, session)
        assert fetch(tile_address(tiles, beyond), {}, session) == b"", "204 of a tile that is not there"
    found = read_tile(unpacked(data), (14, 8704, 5971), {"water", "roads"})
    assert {part.source_layer for part in found} == {"water", "roads"}


def test_the_river_is_drawn_where_it_is(served: str, view: MapView):
    view.facet.center_on(*ARNO, 15)
    view.facet.add_vector_tiles("t", florence(served), title=TITLE, style=WATER)
    shown(view, *ARNO, (0, 0, 255))


def test_an_address_of_it_that_is_none_is_refused(served: str):
    with pytest.raises(ServiceRefused) as refused:
        offers_of(f"{served}/collections/nothing", {})
    assert "404" in refused.value.text.zh_CN
