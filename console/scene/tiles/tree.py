"""All tiles that are known of a tileset, one row each, so that a frame's questions are numpy's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from console.scene.refusal import refused
from console.scene.tiles.content import Content
from console.scene.tiles.records import (
    Attributes,
    ContentRef,
    ImplicitRoot,
    SubtreeRef,
    content_of,
    subtree_of,
)
from console.scene.tiles.source import Source
from console.scene.tiles.volumes import Volumes
from console.scene.transforms import Matrix

ADD, REPLACE = 0, 1
EXTERNAL, SUBTREE = 1, 2
"""Flags: what the tile stands for is in a further tileset, or in a subtree, still to be read."""
MAX_TILES = 4_000_000

TILE = np.dtype(
    [
        ("parent", np.int32),  # -1: the root
        ("first_child", np.int32),  # children stand side by side
        ("child_count", np.int32),
        ("depth", np.int16),
        ("refine", np.uint8),
        ("flags", np.uint8),
        ("nested", np.bool_),  # its children's boxes lie within its own
        ("error", np.float64),  # metres in the world
        ("center", np.float64, 3),
        ("axes", np.float64, (3, 3)),
        ("radius", np.float64),
        ("request", np.int32),  # row of `volumes`: only seen from inside; -1: from anywhere
        ("content_volume", np.int32),  # row of `volumes`; -1: the tile's own
        ("frame", np.int32),  # of `frames`: tile to world
        ("content", np.int32),  # first of `contents`; an implicit tile's are made when asked for
        ("contents", np.uint16),  # how many; bits instead of a number for an implicit tile
        ("implicit", np.int32),  # of `implicit`; -1: explicit
        ("level", np.uint8),
        ("x", np.uint64),
        ("y", np.uint64),
        ("z", np.uint64),
    ]
)


class OwnRef(Protocol):
    """A content in a format other than 3D Tiles': it knows how it is read. In any thread."""

    @property
    def uri(self) -> str:
        """Its file, as the user may be told."""
        ...

    def read(self, source: Source) -> Content | Fragment:
        """Raises SceneRefused."""
        ...


Ref = ContentRef | SubtreeRef | OwnRef


@dataclass(slots=True)
class Fragment:
    """Tiles read together: a tileset's document, or a subtree. Indices count within it."""

    tiles: NDArray[np.void]
    """(n,) of TILE, parents before children."""
    frames: Matrix
    """(f, 4, 4)."""
    volumes: Volumes | None = None
    contents: list[ContentRef | OwnRef] = field(default_factory=list)
    implicit: list[ImplicitRoot] = field(default_factory=list)
    attributes: dict[int, Attributes] = field(default_factory=dict)
    """Metadata of tiles, by row."""
    grafted: bool = False
    """Its first tile is the one that it is attached to (a subtree), not a child of it."""


def no_tiles(count: int) -> NDArray[np.void]:
    """*count* rows that refer to nothing."""
    tiles = np.zeros(count, TILE)
    for name in ("parent", "first_child", "request", "content_volume", "implicit"):
        tiles[name] = -1
    return tiles


class TileTree:
    """The tiles of one tileset. Only its owner's thread changes it; fragments are read anywhere."""

    def __init__(self, root: Fragment, error: float = np.inf) -> None:
        self.error = error
        """Metres: the tileset is worth drawing where this is seen."""
        self._rows = no_tiles(0)
        self._count = 0
        self.frames: list[Matrix] = []
        self.contents: list[ContentRef | OwnRef] = []
        self.implicit: list[ImplicitRoot] = []
        self.volumes = Volumes(np.zeros((0, 3)), np.zeros((0, 3, 3)), np.zeros(0))
        """Rare volumes: of requests and of contents."""
        self.attributes: dict[int, Attributes] = {}
        """Metadata of tiles, by row."""
        self._append(root, 0)

    def __len__(self) -> int:
        return self._count

    @property
    def tiles(self) -> NDArray[np.void]:
        """(n,) of TILE: a view that the next attach() may leave behind."""
        return self._rows[: self._count]

    def attach(self, tile: int, fragment: Fragment) -> None:
        """Hang what was read for *tile* under it. Raises SceneRefused when that makes too many tiles."""
        row = self._rows[tile]
        if fragment.grafted:
            self._graft(tile, fragment)
        elif row["child_count"]:
            raise refused("瓦片结构有误", "a tile has both children and a further tileset")
        else:
            base = self._append(fragment, int(row["depth"]) + 1)
            first = self._rows[base]
            first["parent"] = tile
            self._rows[tile]["first_child"] = base
            self._rows[tile]["child_count"] = 1
        self._rows[tile]["flags"] &= ~np.uint8(SUBTREE)

    def requests(self, tile: int) -> tuple[Ref, ...]:
        """What is to be read for *tile*: its contents, or first the subtree that says what they are."""
        row = self.tiles[tile]
        if row["implicit"] < 0:
            return tuple(self.contents[row["content"] : row["content"] + row["contents"]])
        root = self.implicit[row["implicit"]]
        at = (int(row["level"]), int(row["x"]), int(row["y"]), int(row["z"]))
        if row["flags"] & SUBTREE:
            return (subtree_of(root, at, int(row["implicit"])),)
        bits = int(row["contents"])
        return tuple(
            content_of(root, at, number) for number in range(len(root.contents)) if bits >> number & 1
        )

    def transform(self, tile: int) -> Matrix:
        """(4, 4): tile to world."""
        return self.frames[self.tiles[tile]["frame"]]

    def _graft(self, tile: int, fragment: Fragment) -> None:
        """A subtree's first row is *tile* itself: it learns its contents, the others are appended."""
        head, rest = fragment.tiles[0], fragment.tiles[1:].copy()
        depth = int(self._rows[tile]["depth"])
        base = self._reserve(len(rest))
        shift = base - 1
        rest["parent"] = np.where(rest["parent"] == 0, tile, rest["parent"] + shift)
        rest["first_child"][rest["child_count"] > 0] += shift
        rest["depth"] += depth
        rest["frame"] = self._rows[tile]["frame"]
        self._rows[base : base + len(rest)] = rest
        row = self._rows[tile]
        row["contents"], row["child_count"] = head["contents"], head["child_count"]
        row["first_child"] = head["first_child"] + shift if head["child_count"] else -1
        self.attributes.update(
            {(tile if at == 0 else at + shift): what for at, what in fragment.attributes.items()}
        )

    def _append(self, fragment: Fragment, depth: int) -> int:
        base = self._reserve(len(fragment.tiles))
        tiles = fragment.tiles.copy()
        tiles["parent"][1:] += base
        tiles["first_child"][tiles["child_count"] > 0] += base
        tiles["depth"] += depth
        tiles["frame"] += len(self.frames)
        tiles["content"] += len(self.contents)
        tiles["implicit"][tiles["implicit"] >= 0] += len(self.implicit)
        for name in ("request", "content_volume"):
            tiles[name][tiles[name] >= 0] += len(self.volumes.radius)
        self._rows[base : base + len(tiles)] = tiles
        self.frames.extend(fragment.frames)
        self.contents.extend(fragment.contents)
        self.implicit.extend(fragment.implicit)
        self.attributes.update({at + base: what for at, what in fragment.attributes.items()})
        if fragment.volumes is not None:
            self.volumes = joined(self.volumes, fragment.volumes)
        return base

    def _reserve(self, count: int) -> int:
        """Room for *count* more rows: the first one's index. Raises SceneRefused."""
        base = self._count
        if base + count > MAX_TILES:
            raise refused(f"瓦片超过 {MAX_TILES} 个,不再展开", f"the tileset has more than {MAX_TILES} tiles")
        if base + count > len(self._rows):
            rows = np.zeros(max(base + count, 2 * len(self._rows)), TILE)
            rows[:base] = self._rows[:base]
            self._rows = rows
        self._count = base + count
        return base


def joined(first: Volumes, second: Volumes) -> Volumes:
    """Both, one after the other."""
    return Volumes(
        np.concatenate([first.center, second.center]),
        np.concatenate([first.axes, second.axes]),
        np.concatenate([first.radius, second.radius]),
    )
