"""Which tiles a view needs: CesiumJS's figures, and what must hold from wherever one looks."""

from __future__ import annotations

import numpy as np
import pytest

from console.scene.ellipsoid import east_north_up, to_geodetic
from console.scene.tiles import (
    Camera,
    FolderSource,
    Selection,
    TileTree,
    horizontal_fov,
    open_tileset,
    select,
)
from console.scene.tiles.volumes import Volumes, distances, outside
from tests.support.tilesets import DAYANTA, SAMPLES, unfold


@pytest.fixture(scope="module")
def pagoda() -> tuple[TileTree, np.ndarray]:
    """The whole tree, and the triangles of each tile."""
    tree, contents, _ = unfold(FolderSource(DAYANTA))
    triangles = np.zeros(len(tree), np.int64)
    for tile, found in contents.items():
        triangles[tile] = sum(content.triangles for content in found)
    return tree, triangles


def look_at(tree: TileTree, times: float, pitch: float, heading: float = 0.0, height: int = 1080) -> Camera:
    """At the tileset's middle from *times* its radius away; degrees."""
    center, radius = tree.tiles["center"][0], np.linalg.norm(tree.tiles["axes"][0])
    longitude, latitude, _ = to_geodetic(center[None])[0]
    east, north, up = east_north_up(np.array(longitude), np.array(latitude))
    turn, dip = np.radians([heading, pitch])
    direction = np.cos(dip) * (north * np.cos(turn) + east * np.sin(turn)) + np.sin(dip) * up
    fovy = horizontal_fov(np.pi / 3, 1920, height)
    return Camera(center - direction * times * radius, direction, up, fovy, 1920, height)


VIEWS = [
    (times, pitch, heading)
    for times in (0.1, 0.5, 1.0, 3.0)
    for pitch in (-80, -30, -5)
    for heading in (0, 130)
]


@pytest.mark.parametrize("pitch", [-15, -25, -35, -45])
def test_as_many_tiles_and_triangles_as_in_cesium(pagoda: tuple[TileTree, np.ndarray], pitch: float):
    """45 tiles and 49,167 triangles were measured in CesiumJS at 1920x1080 and 16 pixels.

    The camera was not written down; looking north from 1.2 radii gives just these two numbers.
    """
    tree, triangles = pagoda
    selection = select(tree, look_at(tree, 1.2, pitch))
    assert len(selection.draw) == 45
    assert triangles[selection.draw].sum() == 49_167


@pytest.mark.parametrize(("times", "pitch", "heading"), VIEWS)
def test_what_is_drawn_is_fine_enough_and_no_finer(
    pagoda: tuple[TileTree, np.ndarray], times: float, pitch: float, heading: float
):
    tree, _ = pagoda
    camera = look_at(tree, times, pitch, heading)
    drawn = select(tree, camera).draw
    assert len(np.unique(drawn)) == len(drawn)
    errors = pixel_errors(tree, camera)
    leaves = tree.tiles["child_count"][drawn] == 0
    assert (leaves | (errors[drawn] <= 16)).all()
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
    row = tree.tiles[parent]
    children = set(range(row["first_child"], row["first_child"] + row["child_count"]))
    assert parent not in selection.draw
    assert children.intersection(selection.draw.tolist())
    assert parent in selection.wanted


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


def ancestors(tree: TileTree, tile: int) -> list[int]:
    above = []
    while (tile := int(tree.tiles["parent"][tile])) >= 0:
        above.append(tile)
    return above
