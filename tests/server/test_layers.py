"""Layers, areas and search: stored whole, served by version, found in two characters."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

import numpy as np
import pytest
import shapely

from console.model.layers import FeatureShape, LayerKind, LayerPackage, decode_package
from console.server.layer_types import AreaShape, ImportedLayer
from console.server.layers import replace_layers
from tests.support.server import Client, Server


def package(kind: LayerKind, names: Sequence[str], **columns: Sequence[str]) -> LayerPackage:
    """Points in a row, one a name."""
    n = len(names)
    xy = np.column_stack([1_172_000_000 + np.arange(n) * 1000, np.full(n, 342_000_000)]).astype(np.int32)
    made = LayerPackage(
        kind=kind,
        shape=FeatureShape.POINT,
        xy=xy,
        part_start=np.arange(n + 1, dtype=np.int32),
        feature_start=np.arange(n + 1, dtype=np.int32),
        text_columns=("class", "name", *columns),
    )
    for column, texts in {"name": names, "class": [""] * n, **columns}.items():
        made.columns[column] = np.array([_index(made.strings, t) for t in texts], np.int32)
    return made


def _index(strings: list[str], text: str) -> int:
    if text not in strings:
        strings.append(text)
    return strings.index(text)


def layer(kind: LayerKind, names: Sequence[str], **columns: Sequence[str]) -> ImportedLayer:
    made = package(kind, names, **columns)
    return ImportedLayer(
        layer_id=kind,
        kind=kind,
        title_zh="图层",
        title_en="Layer",
        package=made,
        datum="wgs84",
        datum_known="declared",
    )


AREAS = [
    AreaShape(code="320302", name="鼓楼区", name_en="Gulou", geometry=shapely.box(117.0, 34.0, 118.0, 35.0)),
    AreaShape(code="320302001", name="黄楼街道", name_en="", geometry=shapely.box(117.0, 34.0, 117.5, 35.0)),
    AreaShape(
        code="320302001001001", name="网格一", name_en="", geometry=shapely.box(117.0, 34.0, 117.2, 34.5)
    ),
]


@pytest.fixture(scope="module")
def client(server: Server) -> Client:
    layers = [
        layer(LayerKind.ROAD, ["中山北路", "中山北路", "鼓楼大街", "Rua de Cedofeita"]),
        layer(LayerKind.POI, ["鼓楼医院", "徐州鼓楼"]),
        layer(
            LayerKind.ADDRESS, ["", ""], street=["中山北路", "Rua de Cedofeita"], housenumber=["100", "12"]
        ),
    ]
    with server.core.database.write() as session:
        replace_layers(session, layers, AREAS)
    return server.account("reader", "viewer")


def titles(client: Client, query: str) -> list[str]:
    answer = client.get("/search", params={"q": query})
    assert answer.status_code == 200, answer.text
    return [place["title"] for place in answer.json()]


def test_two_chinese_characters_find_roads_places_and_areas(client: Client) -> None:
    assert {"鼓楼区", "鼓楼大街", "鼓楼医院", "徐州鼓楼"} <= set(titles(client, "鼓楼"))
    assert titles(client, "鼓楼区")[0] == "鼓楼区"


def test_an_address_is_found_as_people_shorten_it(client: Client) -> None:
    assert titles(client, "中山北100号")[0] == "中山北路100号"
    assert titles(client, "中山北路")[0] == "中山北路"
    assert titles(client, "cedofeita 12") == ["Rua de Cedofeita 12"]
    assert "Rua de Cedofeita" in titles(client, "cedo")


@pytest.mark.parametrize(
    "query", ["", "   ", '"', "'; DROP TABLE area; --", "a AND", "NEAR(", "*", "%", "鼓" * 90]
)
def test_no_query_breaks_the_search(client: Client, query: str) -> None:
    titles(client, query)


def test_areas_in_the_search_are_cut(server: Server) -> None:
    other = server.account("stranger", "viewer", ("110101",))
    assert "鼓楼区" not in titles(other, "鼓楼")


def test_areas_are_those_of_the_caller(server: Server, client: Client) -> None:
    assert [a["code"] for a in client.get("/areas").json()] == [a.code for a in AREAS]
    street = server.account("street", "viewer", ("320302001",))
    assert [a["code"] for a in street.get("/areas").json()] == ["320302001", "320302001001001"]


def test_the_smallest_area_at_a_place(client: Client) -> None:
    at = client.get("/areas/at", params={"lon": 117.1, "lat": 34.2}).json()
    assert at["code"] == "320302001001001" and at["bounds"] == [117.0, 34.0, 117.2, 34.5]
    assert client.get("/areas/at", params={"lon": 117.7, "lat": 34.2}).json()["code"] == "320302"
    assert client.get("/areas/at", params={"lon": 10, "lat": 10}).status_code == 404


def test_the_outline_of_an_area_is_for_its_readers(server: Server, client: Client) -> None:
    answer = client.get("/areas/320302001001001/outline").json()
    [[shell]] = answer["polygons"]
    assert shell[0] == shell[-1] and min(x for x, _ in shell) == 117.0 and max(y for _, y in shell) == 34.5
    assert client.get("/areas/999999/outline").status_code == 404
    other = server.account("elsewhere", "viewer", ("110101",))
    assert other.get("/areas/320302001001001/outline").status_code == 404


def test_a_package_is_served_by_version(client: Client) -> None:
    [info] = [i for i in client.get("/layers").json() if i["id"] == "road"]
    answer = client.get("/layers/road/package", headers={"Accept-Encoding": "identity"})
    assert answer.headers["ETag"] == f'"{info["version"]}"'
    assert len(answer.content) == info["bytes"]
    assert decode_package(answer.content).text("name", 2) == "鼓楼大街"
    same = client.get("/layers/road/package", headers={"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    part = client.get("/layers/road/package", headers={"Range": "bytes=8-19", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.content) == (206, answer.content[8:20])
    zipped = client.get("/layers/road/package", headers={"Accept-Encoding": "gzip"}, stream=True)
    assert gzip.decompress(zipped.raw.read()) == answer.content
    assert client.get("/layers/none/package").status_code == 404


def test_a_new_import_is_announced_and_replaces_the_old(server: Server, client: Client) -> None:
    changed: list[str] = []
    server.core.layers.on_change(changed.append)
    with client.live() as feed:
        feed.next("snapshot")
        with server.core.database.write() as session:
            replace_layers(session, [layer(LayerKind.POI, ["新医院"])], [])
        [(op, kind, name, record)] = feed.next("delta")["records"]
        assert (op, kind, name, record["count"]) == ("put", "layer", "poi", 1)
    assert titles(client, "医院") == ["新医院"]
    loaded = server.core.layers.load("poi")
    assert loaded is not None and loaded.text("name", 0) == "新医院"
    assert changed == ["poi"]


def test_a_failed_import_changes_nothing(server: Server, client: Client) -> None:
    before = client.get("/layers").json()
    with pytest.raises(ZeroDivisionError), server.core.database.write() as session:
        replace_layers(session, [layer(LayerKind.ROAD, ["错误路"])], AREAS[:1])
        raise ZeroDivisionError
    assert client.get("/layers").json() == before
    assert titles(client, "错误路") == []
    assert len(client.get("/areas").json()) == 3
