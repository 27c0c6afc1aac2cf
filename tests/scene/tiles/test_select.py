"""Which tiles a view needs: CesiumJS's figures, and what must hold from wherever one looks."""

from __future__ import annotations

import json

import numpy as np
import pytest

from console.scene.ellipsoid import east_north_up, to_geodetic
from console.scene.tiles import (
    Camera,
    FolderSource,
    Fragment,
    Selection,
    Source,
    TileTree,
    horizontal_fov,
    load,
    open_tileset,
    select,
)
from console.scene.tiles.volumes import Volumes, distances, outside
from tests.support.tileset_writer import Blocks, Quadtree, frame
from tests.support.tilesets import DAYANTA, SAMPLES, unfold


@pytest.fixture(scope="module")
def pagoda() -> tuple[TileTree, np.ndarray]:
    """The whole tree, and the triangles of each tile."""
    tree, contents, _ = unfold(FolderSource(DAYANTA))
    triangles = np.zeros(len(tree), np.int64)
    for tile, found in contents.items():
        triangles[tile] = sum(content.triangles for content in found)
    return tree, triangles


def look_at(
    tree: TileTree, times: float, pitch: float, heading: float = 0.0, radius: float | None = None
) -> Camera:
    """At the tileset's middle from *times* its radius away, 1920x1080; degrees."""
    center = tree.tiles["center"][0]
    radius = radius or float(np.linalg.norm(tree.tiles["axes"][0]))
    longitude, latitude, _ = to_geodetic(center[None])[0]
    east, north, up = east_north_up(np.array(longitude), np.array(latitude))
    turn, dip = np.radians([heading, pitch])
    direction = np.cos(dip) * (north * np.cos(turn) + east * np.sin(turn)) + np.sin(dip) * up
    fovy = horizontal_fov(np.pi / 3, 1920, 1080)
    return Camera(center - direction * times * radius, direction, up, fovy, 1920, 1080)


VIEWS = [
    (times, pitch, heading)
    for times in (0.1, 0.5, 1.0, 3.0)
    for pitch in (-80, -30, -5)
    for heading in (0, 130)
]


CESIUM = [
    (1.2, -15, 0, 45, 49_167),
    (1.2, -25, 0, 45, 49_167),
    (1.2, -35, 0, 45, 49_167),
    (1.2, -45, 0, 45, 49_167),
    (0.3, -30, 10, 40, 45_485),
    (0.7, -10, 200, 61, 63_775),
    (1.2, -89, 45, 28, 31_407),
    (3, -40, 300, 9, 14_369),
]
"""Seen in CesiumJS 1.145 at 1920x1080 and 16 pixels; the files were the same, too."""


@pytest.mark.parametrize(("times", "pitch", "heading", "tiles", "count"), CESIUM)
def test_as_many_tiles_and_triangles_as_in_cesium(
    pagoda: tuple[TileTree, np.ndarray], times: float, pitch: float, heading: float, tiles: int, count: int
):
    tree, triangles = pagoda
    drawn = select(tree, look_at(tree, times, pitch, heading)).draw
    assert (len(drawn), triangles[drawn].sum()) == (tiles, count)


@pytest.mark.parametrize(
    ("source", "times", "pitch", "heading", "tiles"),
    [
        (Quadtree(), 0.3, -30, 10, 178),
        (Quadtree(), 1.2, -89, 45, 108),
        (Quadtree(), 3, -40, 300, 163),
        (Blocks(4, 3), 0.3, -30, 10, 158),
    ],
)
def test_generated_towns_as_in_cesium(source: Source, times: float, pitch: float, heading: float, tiles: int):
    """Among them coarse tiles at the edge of the view of which no child is seen."""
    tree = open_tileset(source)
    camera = look_at(tree, times, pitch, heading, radius=320.0)
    while len(pending := select(tree, camera).expand):
        for tile in pending.tolist():
            for ref in tree.requests(tile):
                fragment = load(source, ref)
                assert isinstance(fragment, Fragment)
                tree.attach(tile, fragment)
    assert len(select(tree, camera).draw) == tiles


def test_a_tile_stays_where_a_child_is_not_to_be_seen_from_here():
    """Replacing it would leave a hole."""
    source = Asking()
    tree = open_tileset(source)
    far, close = (look_at(tree, 1.0, -80, radius=radius) for radius in (200.0, 40.0))
    assert select(tree, far, 0.1).draw.tolist() == [0]
    assert sorted(select(tree, close, 0.1).draw.tolist()) == [1, 2]


class Asking(Blocks):
    """A tile with two children, one of which is only seen from less than 100 metres."""

    def __init__(self) -> None:
        super().__init__(1, 1)

    def read(self, key: str) -> bytes:
        if key != self.start:
            return super().read(key)
        document = json.loads(super().read("b0_0.json"))
        root = document["root"]
        root["transform"] = frame().T.ravel().tolist()
        root["children"] = [child | {"children": []} for child in root["children"][:2]]
        root["children"][1]["viewerRequestVolume"] = {"sphere": [0, 0, 32, 100]}
        return json.dumps(document).encode()


@pytest.mark.parametrize(("times", "pitch", "heading"), VIEWS)
def test_what_is_drawn_is_fine_enough_and_no_finer(
    pagoda: tuple[TileTree, np.ndarray], times: float, pitch: float, heading: float
):
    tree, _ = pagoda
    camera = look_at(tree, times, pitch, heading)
    drawn = select(tree, camera).draw
    assert len(np.unique(drawn)) == len(drawn)
    errors = pixel_errors(tree, camera)
    childless = np.array([all(hidden(tree, camera, c) for c in children(tree, int(t))) for t in drawn])
    assert (childless | (errors[drawn] <= 16)).all()
    for tile in drawn:  # of a REPLACE tree: no drawn tile above another, and all above were too coarse
        for ancestor in ancestors(tree, int(tile)):
            assert ancestor not in drawn
            assert errors[ancestor] > 16 or tree.tiles["flags"][ancestor]
    assert not outside(volumes_of(tree, drawn), camera.planes()).any()


@pytest.mark.parametrize(("times", "pitch", "heading"), VIEWS)
def test_while_loading_there_is_no_hole(
    pagoda: tuple[TileTree, np.ndarray], times: float, pitch: float, heading: float
):
    """Whatever is ready already: each tile of the final view is drawn itself, or something above or below it,
    as soon as anything on its way is ready; and what is wanted ends in the final view."""
    tree, _ = pagoda
    camera = look_at(tree, times, pitch, heading)
    final = select(tree, camera).draw
    rng = np.random.default_rng(7)
    ready = np.zeros(len(tree), bool)
    while True:
        selection = select(tree, camera, ready=ready)
        assert ready[selection.draw].all()
        shown = set(selection.draw.tolist())
        for tile in shown:
            assert not shown.intersection(ancestors(tree, tile))
        for tile in final.tolist():
            way = [tile, *ancestors(tree, tile)]
            if any(ready[step] for step in way if not tree.tiles["flags"][step]):
                assert shown.intersection(way)
        if not len(selection.wanted):
            break
        assert not ready[selection.wanted].any()
        ready[rng.choice(selection.wanted, (len(selection.wanted) + 3) // 4, replace=False)] = True
    assert sorted(selection.draw) == sorted(final)


def test_backing_away_keeps_the_fine_tiles_until_the_coarse_one_is_there(pagoda: tuple[TileTree, np.ndarray]):
    tree, _ = pagoda
    ready = np.ones(len(tree), bool)
    coarse = select(tree, look_at(tree, 3.0, -30)).draw
    parent = next(int(tile) for tile in coarse if tree.tiles["child_count"][tile])
    ready[parent] = False
    selection = select(tree, look_at(tree, 3.0, -30), ready=ready)
    assert parent not in selection.draw
    assert set(children(tree, parent)).intersection(selection.draw.tolist())
    assert parent in selection.wanted


@pytest.mark.parametrize(("times", "pitch", "heading"), VIEWS[:6])
def test_what_cannot_be_read_is_stood_in_for(
    pagoda: tuple[TileTree, np.ndarray], times: float, pitch: float, heading: float
):
    """Whichever of the finest tiles are lost: a coarser one is read, however coarse it is."""
    tree, _ = pagoda
    camera = look_at(tree, times, pitch, heading)
    final = select(tree, camera).draw
    lost, ready = np.zeros(len(tree), bool), np.zeros(len(tree), bool)
    lost[final[::3]] = True
    lost[[above for tile in final[::9].tolist() for above in ancestors(tree, tile)[:1]]] = True
    while len(wanted := [t for t in select(tree, camera, 16.0, ready, lost).wanted.tolist() if not lost[t]]):
        ready[wanted] = True
    drawn = set(select(tree, camera, 16.0, ready, lost).draw.tolist())
    for tile in final.tolist():
        way = [tile, *ancestors(tree, tile)]
        there = [step for step in way if not lost[step] and tree.tiles["contents"][step]]
        assert drawn.intersection(way) or all(tree.tiles["flags"][step] for step in there)


def test_only_what_is_seen_is_expanded():
    tree = open_tileset(FolderSource(DAYANTA))
    assert len(tree) == 15
    assert select(tree, look_at(tree, 1.0, -30)).expand.tolist() == [14]
    away = look_at(tree, 3.0, -5)
    behind = Camera(away.position, -away.direction, away.up, away.fovy, away.width, away.height)
    empty = select(tree, behind)
    assert (len(empty.draw), len(empty.wanted), len(empty.expand)) == (0, 0, 0)


def test_points_are_shown_only_to_who_stands_in_their_request_volume():
    tree, _, _ = unfold(FolderSource(SAMPLES / "1.0/TilesetWithRequestVolume"))
    (asked,) = np.flatnonzero(tree.tiles["request"] >= 0)
    assert asked in near(tree, int(asked), 12.0).draw
    assert asked not in near(tree, int(asked), 20.0).draw


def near(tree: TileTree, tile: int, metres: float) -> Selection:
    center = tree.tiles["center"][tile]
    up = center / np.linalg.norm(center)
    return select(tree, Camera(center + up * metres, -up, np.array([0.0, 0.0, 1.0]), 1.0, 800, 600))


def test_add_refinement_draws_parents_and_children():
    tree, _, _ = unfold(FolderSource(SAMPLES / "1.1/SparseImplicitOctree"))
    filled = np.flatnonzero(tree.tiles["contents"])
    camera = Camera(
        np.array([0.5, -2.0, 0.5]), np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]), 1.0, 800, 800
    )
    assert sorted(select(tree, camera, 0.001).draw) == sorted(filled)
    assert len(select(tree, camera, 1e9).draw) == 0


def pixel_errors(tree: TileTree, camera: Camera) -> np.ndarray:
    """By the formula of the specification, tile by tile."""
    away = distances(volumes_of(tree, np.arange(len(tree))), camera.position)
    scale = camera.height / (2 * np.tan(camera.fovy / 2))
    return tree.tiles["error"] * scale / np.maximum(away, 1e-7)


def volumes_of(tree: TileTree, rows: np.ndarray) -> Volumes:
    return Volumes(tree.tiles["center"][rows], tree.tiles["axes"][rows], tree.tiles["radius"][rows])


def children(tree: TileTree, tile: int) -> list[int]:
    row = tree.tiles[tile]
    return list(range(row["first_child"], row["first_child"] + row["child_count"]))


def hidden(tree: TileTree, camera: Camera, tile: int) -> bool:
    """Whether it, or all that it is refined to, is out of view."""
    if outside(volumes_of(tree, np.array([tile])), camera.planes())[0]:
        return True
    below = children(tree, tile)
    return bool(below) and all(hidden(tree, camera, child) for child in below)


def ancestors(tree: TileTree, tile: int) -> list[int]:
    above = []
    while (tile := int(tree.tiles["parent"][tile])) >= 0:
        above.append(tile)
    return above
