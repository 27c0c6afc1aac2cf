"""OGC API Tiles by description: documents as the standard (17-083r4, 20-057) and pygeoapi 0.24 write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.map.engine.data_refs import SourceTile
from console.map.engine.services import tile_address
from plugins.sources.desktop.services import offers, tilesets
from plugins.sources.desktop.services.asking import ServiceRefused
from plugins.sources.desktop.services.offers import Offer, offers_of, resolved
from tests.map.tile_server import TileServer, tile_server

REL = "http://www.opengis.net/def/rel/ogc/1.0/"
MERCATOR_QUAD = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
JSON_TYPE, MVT = "application/json", "application/vnd.mapbox-vector-tile"


def linked(rel: str, href: str, kind: str = JSON_TYPE) -> dict[str, str]:
    return {"rel": rel, "type": kind, "href": href}


def tileset(links: list[dict[str, str]], **more: Any) -> dict[str, Any]:
    return {"dataType": "vector", "tileMatrixSetURI": MERCATOR_QUAD, "links": links} | more


@pytest.fixture
def documents() -> dict[str, Any]:
    """By path: a landing page with one collection of vector tiles."""
    item = linked(
        "item", "/collections/roads/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}?f=mvt", MVT
    )
    return {
        "/": {"title": "t", "links": [linked("data", "/collections")]},
        "/collections": {
            "collections": [
                {
                    "id": "roads",
                    "title": "道路",
                    "extent": {"spatial": {"bbox": [[121.4, 31.2, 121.5, 31.3]]}},
                    "links": [
                        linked("items", "/collections/roads/items", "application/geo+json"),
                        linked(f"{REL}tilesets-vector", "/collections/roads/tiles"),
                    ],
                }
            ]
        },
        "/collections/roads/tiles": {"tilesets": [tileset([linked("self", "/roads/mercator")])]},
        "/roads/mercator": tileset([item]),
    }


@pytest.fixture
def server(documents: dict[str, Any]) -> Iterator[TileServer]:
    def answer(path: str) -> tuple[int, bytes]:
        found = documents.get(path.partition("?")[0])
        return (200, json.dumps(found).encode()) if found is not None else (404, b"")

    with tile_server(answer) as running:
        yield running


def chosen(server: TileServer, name: str) -> Offer:
    return resolved(next(offer for offer in offers_of(server.url + "/", {}) if offer.name == name), {})


def address(server: TileServer, name: str, z: int, x: int, y: int) -> str:
    tiles = chosen(server, name).tiles
    assert tiles is not None
    return tile_address(tiles, SourceTile("x", z, x, y)).removeprefix(server.url)


def test_features_and_tiles_of_a_collection_are_offered_and_tiles_asked_for_when_chosen(server: TileServer):
    offers = offers_of(server.url + "/", {})
    assert [(o.name, o.title, o.vector, bool(o.items)) for o in offers] == [
        ("roads", "道路", False, True),
        ("roads:vector", "道路", True, False),
    ]
    assert not server.asked["/collections/roads/tiles"]
    tiles = resolved(offers[1], {}).tiles
    assert tiles is not None
    assert (tiles.grid, tiles.bounds) == ("mercator", (121.4, 31.2, 121.5, 31.3))
    assert resolved(offers[0], {}) is offers[0]


def test_row_before_column_and_one_address_a_tile(server: TileServer):
    tile = address(server, "roads:vector", 14, 13721, 6694)
    assert tile == "/collections/roads/tiles/WebMercatorQuad/14/6694/13721?f=mvt"


def test_the_address_of_a_collection_will_do(server: TileServer, documents: dict[str, Any]):
    documents["/collections/roads"] = documents["/collections"]["collections"][0]
    assert len(offers_of(server.url + "/collections/roads", {})) == 2


def test_levels_are_those_within_the_limits(server: TileServer, documents: dict[str, Any]):
    limits = [{"tileMatrix": str(z), "minTileRow": 0, "maxTileRow": 9} for z in range(8, 15)]
    documents["/roads/mercator"]["tileMatrixSetLimits"] = limits
    tiles = chosen(server, "roads:vector").tiles
    assert tiles is not None and (tiles.min_zoom, tiles.max_zoom) == (8, 14)


def test_levels_are_those_of_the_tilejson_where_there_are_no_limits(
    server: TileServer, documents: dict[str, Any]
):
    described = linked("describedby", "/roads/{tileMatrixSetId}/metadata?f=json")
    documents["/collections/roads/tiles"]["links"] = [described]
    documents["/roads/WebMercatorQuad/metadata"] = {"tilejson": "3.0.0", "minzoom": 12, "maxzoom": 15}
    tiles = chosen(server, "roads:vector").tiles
    assert tiles is not None and (tiles.min_zoom, tiles.max_zoom) == (12, 15)


def test_map_tiles_in_a_grid_that_the_server_describes(server: TileServer, documents: dict[str, Any]):
    """Levels have names of their own, and the first is level 1."""
    documents["/"]["links"].append(linked(f"{REL}tilesets-map", "/map/tiles"))
    item = linked("item", "/map/tiles/national/{tileMatrix}/{tileRow}/{tileCol}.png", "image/png")
    scheme = linked(f"{REL}tiling-scheme", "/schemes/national")
    documents["/map/tiles"] = {
        "tilesets": [
            {"dataType": "map", "tileMatrixSetURI": "http://example/national", "links": [item, scheme]}
        ]
    }
    documents["/schemes/national"] = {
        "crs": "http://www.opengis.net/def/crs/EPSG/0/4490",
        "tileMatrices": [
            {
                "id": f"L{z}",
                "matrixWidth": 2 << z,
                "matrixHeight": 1 << z,
                "tileWidth": 256,
                "tileHeight": 256,
            }
            for z in range(1, 5)
        ],
    }
    tiles = chosen(server, ":map").tiles
    assert tiles is not None
    assert (tiles.grid, tiles.size, tiles.min_zoom, tiles.max_zoom) == ("geographic", 256, 1, 4)
    assert address(server, ":map", 2, 5, 3) == "/map/tiles/national/L2/3/5.png"


@pytest.mark.parametrize(
    "tilesets",
    [
        [],
        [3, None],
        [tileset([])],
        [tileset([linked("item", "/x/{tileMatrix}/{tileRow}/{tileCol}", "application/geo+json")])],
        [tileset([linked("item", "/x/{z}.pbf", MVT)])],
        [tileset([linked("item", "/{tileMatrix}/{tileRow}/{tileCol}.pbf", MVT)], tileMatrixSetURI="x/Polar")],
    ],
    ids=["none", "odd", "no address", "no format", "no template", "other grid"],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    server: TileServer, documents: dict[str, Any], tilesets: list[Any]
):
    documents["/collections/roads/tiles"] = {"tilesets": tilesets}
    with pytest.raises(ServiceRefused) as refused:
        chosen(server, "roads:vector")
    assert "矩阵集" in refused.value.text.zh_CN


def test_sizes_that_are_none_are_refused(server: TileServer, documents: dict[str, Any]):
    documents["/"]["links"].append(linked(f"{REL}tilesets-map", "/map/tiles"))
    item = linked("item", "/{tileMatrix}/{tileRow}/{tileCol}.png", "image/png")
    scheme = linked(f"{REL}tiling-scheme", "/scheme")
    documents["/map/tiles"] = {"tilesets": [{"tileMatrixSetURI": "x/own", "links": [item, scheme]}]}
    for matrix in (
        {"matrixHeight": "∞"},
        {"id": "0", "matrixWidth": 1, "matrixHeight": None, "tileWidth": 1},
        7,
    ):
        documents["/scheme"] = {"crs": "http://x/EPSG/0/3857", "tileMatrices": [matrix]}
        with pytest.raises(ServiceRefused):
            chosen(server, ":map")
    huge = {"id": "0", "matrixWidth": 10**9, "matrixHeight": 10**9, "tileWidth": 256}
    documents["/scheme"]["tileMatrices"] = [huge]
    with pytest.raises(ServiceRefused):
        chosen(server, ":map")


WORDS = ("links", "rel", "href", "type", "tilesets", "collections", "id", "extent", "spatial", "bbox", "crs")
VALUES = (
    "data",
    "self",
    "item",
    "items",
    f"{REL}tilesets-vector",
    MVT,
    MERCATOR_QUAD,
    "http://[",
    "{tileMatrix}",
)
DOCUMENTS = st.recursive(
    st.none() | st.integers() | st.floats() | st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=30,
)


@given(DOCUMENTS)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_server_says_is_understood_or_refused(monkeypatch: pytest.MonkeyPatch, said: Any):
    for module in (offers, tilesets):
        monkeypatch.setattr(module, "ask", lambda *_: json.dumps(said).encode())
    try:
        for offer in offers_of("http://host.example/api", {}):
            resolved(offer, {})
    except ServiceRefused:
        pass
