"""A tileset's triangles at one fixed level, whatever is shown of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from console.scene.ellipsoid import to_geodetic
from console.scene.frame import Frame
from console.scene.gltf import Mode
from console.scene.refusal import SceneRefused, refused
from console.scene.sight.mesh import MeshBuilder
from console.scene.tiles import Content, Fragment, Source, SubtreeRef, TileTree, load
from console.scene.tiles.tree import ADD, EXTERNAL, SUBTREE
from console.scene.transforms import Matrix

DETAIL = 0.5
"""Metres of geometric error that are good enough."""
_DEEP = 4_000_000.0
"""Metres from the Earth's middle under which no place is."""

Progress = Callable[[float, str], None]


class GatheringCancelled(Exception):
    """The user broke it off; nothing is kept."""


@dataclass(slots=True)
class Gathered:
    """What was read of a tileset."""

    tiles: int = 0
    triangles: int = 0
    unread: list[str] = field(default_factory=list)
    """Contents that can't be read, and why, in English; what they would refine is taken instead."""


def frame_of(tree: TileTree) -> Frame:
    """A frame at the middle of a tileset. Raises SceneRefused: it has no place."""
    middle = tree.tiles["center"][0]
    if not np.linalg.norm(middle) > _DEEP:
        raise refused(
            "模型没有地理位置,无法分析通视", "the model has no place on the Earth: nothing to look out from"
        )
    lon, lat, height = to_geodetic(middle[None])[0].tolist()
    lon, lat = math.degrees(lon), math.degrees(lat)
    return Frame(round(lon, 4), round(lat, 4), round(height))


def gather_tileset(
    opened: tuple[TileTree, Source],
    builder: MeshBuilder,
    detail: float,
    progress: Progress,
    cancelled: Callable[[], bool],
    placed: Matrix | None = None,
    touches: Callable[[Any], bool] | None = None,
) -> Gathered:
    """Give *builder* all that a tileset shows where its geometric error is at most *detail* metres.

    *opened*: of ``open_source``, by nobody else used: the tree grows. *placed*: (4, 4) where the model was
    moved to, Earth-centred. *touches*: whether a tile (row of TILE) and what is below it is wanted; None: all
    are. For a worker thread or a process of its own; a tile takes some milliseconds.
    Raises TooFine, GatheringCancelled.
    """
    walk = _Walk(opened, builder, detail, placed, touches or (lambda _: True))
    return walk.run(progress, cancelled)


class _Walk:
    def __init__(
        self,
        opened: tuple[TileTree, Source],
        builder: MeshBuilder,
        detail: float,
        placed: Matrix | None,
        touches: Callable[[Any], bool],
    ) -> None:
        self._tree, self._source = opened
        self._touches = touches
        self._builder, self._detail = builder, detail
        self._placed = np.identity(4) if placed is None else placed
        self._left = [0]
        self._taken: set[int] = set()
        self._found = Gathered()

    def run(self, progress: Progress, cancelled: Callable[[], bool]) -> Gathered:
        before = self._builder.triangles
        done = 0
        while self._left:
            if cancelled():
                raise GatheringCancelled
            tile = self._left.pop()
            self._visit(tile)
            done += 1
            progress(min(done / max(len(self._tree), done + len(self._left)), 1.0), "")
        self._found.triangles = self._builder.triangles - before
        return self._found

    def _visit(self, tile: int) -> None:
        """Open what the tile stands for, take what it shows if it is fine enough, else what is below it."""
        if not self._touches(self._tree.tiles[tile]):
            return
        if self._tree.tiles[tile]["flags"] & SUBTREE and not self._open_subtree(tile):
            return
        row = self._tree.tiles[tile]
        fine = float(row["error"]) <= self._detail
        further = False
        if row["flags"] & EXTERNAL or not row["child_count"] or fine or row["refine"] == ADD:
            further = self._take(tile)
        row = self._tree.tiles[tile]
        if row["child_count"] and (not fine or further or not self._tree.requests(tile)):
            first = int(row["first_child"])
            self._left.extend(range(first, first + int(row["child_count"])))

    def _open_subtree(self, tile: int) -> bool:
        (ref,) = self._tree.requests(tile)
        assert isinstance(ref, SubtreeRef)
        try:
            loaded = load(self._source, ref)
            assert isinstance(loaded, Fragment)
            self._tree.attach(tile, loaded)
        except SceneRefused as error:
            self._missing(tile, error)
            return False
        return True

    def _take(self, tile: int) -> bool:
        """Give what the tile shows; whether it turned out to stand for a further tileset."""
        self._taken.add(tile)
        further = False
        for ref in self._tree.requests(tile):
            try:
                loaded = load(self._source, ref)
                if isinstance(loaded, Fragment):
                    self._tree.attach(tile, loaded)
                    further = True
                    continue
            except SceneRefused as error:
                self._missing(tile, error)
                continue
            self._give(loaded, self._placed @ self._tree.transform(tile))
        return further

    def _missing(self, tile: int, error: SceneRefused) -> None:
        """The next one above that shows something stands in for what is not there."""
        self._found.unread.append(error.message.en)
        above = int(self._tree.tiles[tile]["parent"])
        while above >= 0 and not self._shows(above):
            above = int(self._tree.tiles[above]["parent"])
        if above >= 0 and above not in self._taken:
            self._take(above)

    def _shows(self, tile: int) -> bool:
        row = self._tree.tiles[tile]
        return not row["flags"] & (EXTERNAL | SUBTREE) and bool(self._tree.requests(tile))

    def _give(self, content: Content, frame: Matrix) -> None:
        self._found.tiles += 1
        for part in content.parts:
            for draw in part.model.draws:
                primitive = part.model.primitives[draw.primitive]
                if primitive.mode != Mode.TRIANGLES:
                    continue
                for matrix in (part.transforms[:, None] @ draw.transforms[None]).reshape(-1, 4, 4):
                    self._builder.add(primitive.positions, primitive.indices, frame @ matrix)
