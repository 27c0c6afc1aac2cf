"""Places in words: the right road, the right side, the crossing, the number."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from console.model.layers import FeatureShape, LayerKind, LayerPackage
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.results.arcs import Leaving
from plugins.dispatch.server.results.where import Namer
from tests.plugins.dispatch.results.conftest import Town

OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}


def namer_of(town: Town, addresses: LayerPackage | None = None) -> Namer:
    graph = town.router.graph
    return Namer(graph, town.router.snapper, Leaving(graph), addresses)


def beside(town: Town, piece: int, metres: float) -> tuple[float, float]:
    """A place so far left (negative: right) of the middle of a piece."""
    graph = town.router.graph
    line = shapely.LineString(
        to_plane(graph.vertices[graph.first[piece] : graph.first[piece + 1]], graph.latitude)
    )
    half = line.length / 2
    a, b = (np.array(line.interpolate(at).coords[0]) for at in (half - 4, half + 4))
    ahead = (b - a) / np.hypot(*(b - a))
    place = (a + b) / 2 + np.array([-ahead[1], ahead[0]]) * metres
    lon, lat = (place / to_plane((1.0, 1.0), graph.latitude)[0]).tolist()
    return lon, lat


def test_sides_of_named_roads(town: Town) -> None:
    graph, namer = town.router.graph, namer_of(town)
    named = np.flatnonzero([bool(name) and m > 60 for name, m in zip(graph.names, graph.metres, strict=True)])
    checked = opposite = 0
    for piece in np.random.default_rng(2).choice(named, 60).tolist():
        left, right = (namer.at(beside(town, piece, off)) for off in (8.0, -8.0))
        assert left is not None
        assert right is not None
        if {left.road, right.road} != {graph.names[piece]} or max(left.metres, right.metres) < 7.5:
            continue  # the other carriageway, or a road above, is nearer
        if not left.side or not right.side:
            continue  # between the two carriageways
        checked += 1
        assert (left.side, right.side) == ("left", "right")
        opposite += left.compass == OPPOSITE[right.compass]
        assert left.zh.startswith(graph.names[piece])
        assert "侧" in left.zh
        assert left.crossing != left.road
    assert checked > 25
    assert opposite >= 0.95 * checked  # else the road bends between the two


def addresses(*houses: tuple[str, str, tuple[float, float]]) -> LayerPackage:
    count = len(houses)
    strings = ["", *(street for street, _, _ in houses), *(number for _, number, _ in houses)]
    return LayerPackage(
        kind=LayerKind.ADDRESS,
        shape=FeatureShape.POINT,
        xy=np.round(np.array([where for _, _, where in houses]) * 1e7).astype(np.int32),
        part_start=np.arange(count + 1, dtype=np.int32),
        feature_start=np.arange(count + 1, dtype=np.int32),
        columns={
            "street": np.arange(1, count + 1, dtype=np.int32),
            "housenumber": np.arange(count + 1, 2 * count + 1, dtype=np.int32),
        },
        text_columns=("street", "housenumber"),
        strings=strings,
    )


def test_number_and_crossing_stand_in_the_text(shanghai: Town) -> None:
    graph = shanghai.router.graph
    piece = next(
        at
        for at, (name, m) in enumerate(zip(graph.names, graph.metres, strict=True))
        if name == "打浦路" and m > 40
    )
    where = beside(shanghai, piece, 8)
    houses = addresses(("打浦路", "120号", where), ("别的路", "7", where), ("打浦路", "300", (121.9, 31.0)))
    found = namer_of(shanghai, houses).at(where)
    assert found is not None
    assert found.number == "120号"
    assert found.zh.endswith("约120号")
    assert found.crossing
    assert f"靠近{found.crossing.removesuffix('路')}" in found.zh
    assert "about no. 120" in found.en


@pytest.mark.parametrize("where", [(0.0, 0.0), (-170.0, 80.0)])
def test_far_from_roads_there_are_no_words(shanghai: Town, where: tuple[float, float]) -> None:
    assert namer_of(shanghai).at(where) is None
