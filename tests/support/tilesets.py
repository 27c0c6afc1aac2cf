"""Tilesets for tests: the real ones, and walks through them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from console.scene.refusal import SceneRefused
from console.scene.tiles import Content, Fragment, Source, SubtreeRef, TileTree, load, open_tileset
from tests.conftest import SHARED_DATA

DAYANTA = SHARED_DATA / "tileset_dayanta"
SAMPLES = SHARED_DATA / "3d-tiles-samples"


def unfold(
    source: Source, tree: TileTree | None = None
) -> tuple[TileTree, dict[int, list[Content]], list[str]]:
    """Read all there is: the whole *tree* (None: that of 3D Tiles), contents by tile, and refusals."""
    tree = tree or open_tileset(source)
    contents: dict[int, list[Content]] = {}
    refusals: list[str] = []
    tile = 0
    while tile < len(tree):
        for loaded in _loads(source, tree, tile, refusals):
            if isinstance(loaded, Fragment):
                tree.attach(tile, loaded)
            else:
                contents.setdefault(tile, []).append(loaded)
        tile += 1
    return tree, contents, refusals


def _loads(source: Source, tree: TileTree, tile: int, refusals: list[str]) -> Iterator[Content | Fragment]:
    refs = tree.requests(tile)
    if refs and isinstance(refs[0], SubtreeRef):
        try:
            tree.attach(tile, load(source, refs[0]))  # pyright: ignore[reportArgumentType]
        except SceneRefused as error:
            refusals.append(str(error))
            return
        refs = tree.requests(tile)
    for ref in refs:
        try:
            yield load(source, ref)
        except SceneRefused as error:
            refusals.append(str(error))


def vertices(tree: TileTree, tile: int, content: Content) -> np.ndarray:
    """(n, 3) in the world, all instances."""
    frame = tree.transform(tile)
    found = [np.zeros((0, 3))]
    for part in content.parts:
        for draw in part.model.draws:
            local = part.model.primitives[draw.primitive].positions.astype(np.float64)
            for matrix in (part.transforms[:, None] @ draw.transforms[None]).reshape(-1, 4, 4):
                whole = frame @ matrix
                found.append(local @ whole[:3, :3].T + whole[:3, 3])
    return np.concatenate(found)


def excess(tree: TileTree, tile: int, points: np.ndarray) -> float:
    """By how many metres *points* stand out of the tile's box."""
    row = tree.tiles[tile]
    length = np.linalg.norm(row["axes"], axis=1)
    along = np.abs((points - row["center"]) @ (row["axes"] / length[:, None]).T)
    return float((along - length).max(initial=0.0))


def folder_of(path: Path) -> list[Path]:
    """All tilesets' main documents below *path*."""
    return sorted(found for found in path.rglob("tileset.json") if found.parent.name != "city")
