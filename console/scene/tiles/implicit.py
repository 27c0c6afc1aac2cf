"""Implicit tiles (3D Tiles 1.1, 8): a subtree's bits become rows, all of a level at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.refusal import refused
from console.scene.tiles.records import OCTREE, Attributes, ImplicitRoot, SubtreeRef
from console.scene.tiles.source import Source
from console.scene.tiles.subtree import Subtree, read_subtree
from console.scene.tiles.tree import SUBTREE, Fragment, no_tiles
from console.scene.tiles.volumes import REGION, place
from console.scene.transforms import largest_scale

MAX_ROWS = 1 << 20
"""Tiles that one subtree may bring."""


@dataclass(frozen=True, slots=True)
class _Level:
    """The tiles of one level of a subtree."""

    codes: NDArray[np.int64]
    """Morton codes within the subtree, ascending."""
    contents: NDArray[np.uint16]
    """Bits."""
    offset: int = 0
    """Of its first bit."""
    pending: bool = False
    """Roots of further subtrees."""


def load_subtree(source: Source, ref: SubtreeRef) -> Fragment:
    """The tiles of one subtree; its first one is the tile that asked. Raises SceneRefused."""
    key = source.resolve(ref.root.document.key, ref.uri)

    def fetch(uri: str) -> bytes:
        return source.read(source.resolve(key, uri))

    return expand(ref, read_subtree(source.read(key), ref.root, fetch))


def expand(ref: SubtreeRef, subtree: Subtree) -> Fragment:
    """The rows of *subtree*. Tiles without a parent are passed over. Raises SceneRefused: too many."""
    levels = _levels(ref, subtree)
    tiles = no_tiles(sum(len(level.codes) for level in levels))
    base = 0
    for depth, level in enumerate(levels):
        block = tiles[base : base + len(level.codes)]
        _describe(block, ref, depth, level)
        if depth:
            _link(
                tiles,
                base - len(levels[depth - 1].codes),
                base,
                levels[depth - 1],
                level,
                ref.root.dimensions,
            )
        base += len(level.codes)
    _enclose(tiles, ref.root)
    return Fragment(tiles, ref.root.frame[None], attributes=_attributes(subtree, levels), grafted=True)


def _attributes(subtree: Subtree, levels: list[_Level]) -> dict[int, Attributes]:
    """Of each row, from the table that has a line for each available tile."""
    if subtree.attributes is None:
        return {}
    places = np.concatenate([level.offset + level.codes for level in levels if not level.pending])
    lines = np.cumsum(subtree.tiles)[places] - 1
    there = np.flatnonzero(subtree.tiles[places])
    return {int(row): subtree.attributes.row(int(lines[row])) for row in there}


def _levels(ref: SubtreeRef, subtree: Subtree) -> list[_Level]:
    """Level by level what is there and has a parent; the first is always the tile that asked.

    Raises SceneRefused: more than MAX_ROWS.
    """
    dimensions, depth = ref.root.dimensions, min(ref.root.subtree_levels, ref.root.levels - ref.at[0])
    found: list[_Level] = []
    offset = 0
    for level in range(depth):
        size = 1 << dimensions * level
        codes = np.flatnonzero(subtree.tiles[offset : offset + size])
        codes = _born(codes, found[-1], dimensions) if found else np.zeros(1, np.int64)
        contents = np.zeros(len(codes), np.uint16)
        for number, bits in enumerate(subtree.contents):
            there = bits[offset + codes] & subtree.tiles[offset + codes]
            contents |= there.astype(np.uint16) << np.uint16(number)
        found.append(_Level(codes, contents, offset))
        _must_be_few(found)
        offset += size
    if ref.at[0] + ref.root.subtree_levels < ref.root.levels:
        codes = np.flatnonzero(subtree.children)
        codes = _born(codes, found[-1], dimensions)
        found.append(_Level(codes, np.zeros(len(codes), np.uint16), pending=True))
        _must_be_few(found)
    return found


def _must_be_few(levels: list[_Level]) -> None:
    if sum(len(level.codes) for level in levels) > MAX_ROWS:
        raise refused("子树瓦片过多,不予展开", "the subtree has too many tiles")


def _born(codes: NDArray[np.int64], parents: _Level, dimensions: int) -> NDArray[np.int64]:
    """Those of *codes* whose parents are there."""
    return codes[np.isin(codes >> dimensions, parents.codes)]


def _describe(block: NDArray[np.void], ref: SubtreeRef, depth: int, level: _Level) -> None:
    """Fill the rows of one level, all but their kinship."""
    root, (above, *corner) = ref.root, ref.at
    codes = level.codes
    place_in = [np.zeros(len(codes), np.uint64) for _ in range(3)]
    for axis in range(root.dimensions):
        for bit in range(depth):
            place_in[axis] |= ((codes >> (bit * root.dimensions + axis) & 1) << bit).astype(np.uint64)
        place_in[axis] += np.uint64(corner[axis] << depth)
    block["x"], block["y"], block["z"] = place_in
    block["level"] = above + depth
    block["depth"] = depth
    block["implicit"] = ref.number
    block["refine"] = root.refine
    block["error"] = root.error * largest_scale(root.frame) / 2.0 ** (above + depth)
    block["flags"] = SUBTREE if level.pending else 0
    block["contents"] = level.contents


def _enclose(tiles: NDArray[np.void], root: ImplicitRoot) -> None:
    """Give each tile its part of the root's volume."""
    at = np.stack([tiles["x"], tiles["y"], tiles["z"]], axis=1).astype(np.float64)
    numbers = divided(root, tiles["level"].astype(np.float64), at)
    kinds = np.full(len(tiles), root.kind, np.int64)
    volumes = place(kinds, numbers, np.broadcast_to(root.frame, (len(tiles), 4, 4)))
    tiles["center"], tiles["axes"], tiles["radius"] = volumes.center, volumes.axes, volumes.radius


def _link(
    tiles: NDArray[np.void], above: int, base: int, parents: _Level, children: _Level, dimensions: int
) -> None:
    """Parents and children of two levels that begin at rows *above* and *base*."""
    belongs = np.searchsorted(parents.codes, children.codes >> dimensions)
    tiles["parent"][base : base + len(belongs)] = above + belongs
    counts = np.bincount(belongs, minlength=len(parents.codes))
    tiles["child_count"][above:base] = counts
    tiles["first_child"][above:base] = np.where(counts > 0, base + np.cumsum(counts) - counts, -1)


def divided(root: ImplicitRoot, level: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 12) numbers of the volumes of the tiles *at* (n, 3) of their *level* (n,).

    Boxes and regions are halved along each axis, not along z in a quadtree (8.1.2).
    """
    parts = np.repeat(2.0 ** level[:, None], 3, axis=1)
    if root.dimensions != OCTREE:
        parts[:, 2] = 1.0
    numbers = np.zeros((len(at), 12))
    if root.kind == REGION:
        west, south, east, north, low, high = root.numbers[:6]
        start = np.array([west, south, low])
        size = np.array([east - west if east >= west else east - west + 2 * np.pi, north - south, high - low])
        lower, upper = start + size * at / parts, start + size * (at + 1) / parts
        numbers[:, [0, 1, 4]], numbers[:, [2, 3, 5]] = lower, upper
    else:
        axes = root.numbers[3:].reshape(3, 3)
        numbers[:, :3] = root.numbers[:3] + (2 * (at + 0.5) / parts - 1) @ axes
        numbers[:, 3:] = (axes / parts[:, :, None]).reshape(-1, 9)
    return numbers
