"""Which tiles a view needs, and which it can show now: all tiles of a level are asked at once.

The rules are those of 3D Tiles 1.1 (7.3) as CesiumJS reads them, so that both show the same tiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.tiles.camera import Camera
from console.scene.tiles.tree import ADD, EXTERNAL, REPLACE, SUBTREE, TileTree
from console.scene.tiles.volumes import Volumes, distances, inside, outside

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
_NEAREST = 1e-7
_SKIP = 8.0
"""A coarse tile is loaded first when it is at most this many times coarser than asked for."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What one view needs of a tree. All are rows of the tree."""

    draw: Rows
    """To be drawn now, without holes where something coarser or finer is ready."""
    wanted: Rows
    """Contents to be read, the most urgent first."""
    expand: Rows
    """Tiles whose further tileset or subtree is to be read, the most urgent first."""
    errors: NDArray[np.float64]
    """Pixels, of *draw*."""
    visited: int


@dataclass(slots=True)
class _Level:
    """The visible tiles of one depth."""

    rows: Rows
    parents: Rows
    """Where each one's parent stands in the level above."""
    errors: NDArray[np.float64]
    """Pixels."""
    refine: Flags
    """Whether its children are wanted."""
    add: Flags
    filled: Flags
    """Whether it has contents of its own in view."""
    ready: Flags
    pending: Flags
    covered: Flags
    """Whether what is wanted of it can be drawn."""
    whole: Flags
    """Whether what is wanted of its children can be."""
    bridged: Flags
    """Itself is wanted, its children are shown meanwhile."""


def select(
    tree: TileTree,
    camera: Camera,
    limit: float = 16.0,
    ready: Flags | None = None,
    lost: Flags | None = None,
) -> Selection:
    """The tiles of *tree* that *camera* needs for an error of at most *limit* pixels.

    *ready*: (n,), whose contents can be drawn; None: all, which gives the selection once all is loaded.
    *lost*: (n,), whose contents cannot be read: coarser ones are wanted to stand in for them.
    """
    return _Walk(tree, camera, limit, ready, lost).selection()


class _Walk:
    def __init__(
        self, tree: TileTree, camera: Camera, limit: float, ready: Flags | None, lost: Flags | None
    ) -> None:
        self._tree = tree
        self._tiles = tree.tiles
        self._camera = camera
        self._planes = camera.planes()
        self._limit = limit
        self._ready, self._lost = ready, lost

    def selection(self) -> Selection:
        levels = self._levels()
        self._cover(levels)
        drawn = self._drawn(levels)
        draw = _joined([level.rows[shown] for level, shown in zip(levels, drawn, strict=True)])
        errors = [level.errors[shown] for level, shown in zip(levels, drawn, strict=True)]
        return Selection(
            draw=draw,
            wanted=self._wanted(levels),
            expand=_urgent(levels, [level.pending for level in levels]),
            errors=np.concatenate(errors) if errors else np.zeros(0),
            visited=sum(len(level.rows) for level in levels),
        )

    def _levels(self) -> list[_Level]:
        """From the root down, what is visible, as far as it is to be refined."""
        levels: list[_Level] = []
        rows, parents = np.zeros(min(len(self._tiles), 1), np.int64), np.zeros(1, np.int64)
        above: _Level | None = None
        while len(rows):
            level = self._level(rows, parents, above)
            if not len(level.rows):
                break
            if above is not None:
                _keep_childless(above, level)
            levels.append(level)
            rows, parents = self._children(level)
            above = level
        if levels:
            _keep_childless(levels[-1], None)
        return levels

    def _level(self, rows: Rows, parents: Rows, above: _Level | None) -> _Level:
        """*rows* that are in view, with what is to be done about each."""
        seen, distance = self._seen_through(rows)
        rows, parents = rows[seen], parents[seen]
        scale = self._camera.pixels_a_radian / np.maximum(distance, _NEAREST)
        if above is None:
            near = self._tree.error * scale > self._limit
        else:
            early = above.add[parents] & ~_flag(self._tiles["flags"][above.rows[parents]], EXTERNAL)
            near = ~early | (self._tiles["error"][above.rows[parents]] * scale > self._limit)
        rows, parents, scale = rows[near], parents[near], scale[near]
        return self._judged(rows, parents, self._tiles["error"][rows] * scale)

    def _judged(self, rows: Rows, parents: Rows, errors: NDArray[np.float64]) -> _Level:
        flags, children = self._tiles["flags"][rows], self._tiles["child_count"][rows]
        external = _flag(flags, EXTERNAL)
        pending = _flag(flags, SUBTREE) | (external & (children == 0))
        filled = (self._tiles["contents"][rows] > 0) & ~external & ~pending
        filled &= ~self._contents_outside(rows)
        ready = np.ones(len(rows), bool) if self._ready is None else self._ready[rows]
        refine = (children > 0) & ((errors > self._limit) | external)
        refine &= ~filled | ~self._keeps_children_back(rows, refine)
        bridged = self._bridged(rows, ~refine & filled & ~ready & (children > 0))
        nothing = np.zeros(len(rows), bool)
        return _Level(
            rows=rows,
            parents=parents,
            errors=errors,
            refine=refine,
            add=self._tiles["refine"][rows] == ADD,
            filled=filled,
            ready=ready,
            pending=pending,
            covered=nothing,
            whole=nothing,
            bridged=bridged,
        )

    def _seen_through(self, rows: Rows) -> tuple[Flags, NDArray[np.float64]]:
        """As _seen, without those that are in view only where none of their children is."""
        seen, distance = self._seen(rows)
        tiles = self._tiles[rows[seen]]
        nested = tiles["nested"] & (tiles["refine"] == REPLACE)
        stands_for = nested | (_flag(tiles["flags"], EXTERNAL) & (tiles["child_count"] > 0))
        at = np.flatnonzero(stands_for)
        at = at[~self._inside(rows[seen][at])]
        if not len(at):
            return seen, distance
        children, parents = self._below(rows[seen][at])
        found, _ = self._seen(children)
        lost = at[np.bincount(parents, weights=found, minlength=len(at)) == 0]
        seen[np.flatnonzero(seen)[lost]] = False
        return seen, np.delete(distance, lost)

    def _inside(self, rows: Rows) -> Flags:
        """Which of *rows*, all in view, are wholly in it: then so are their children."""
        tiles = self._tiles[rows]
        return inside(Volumes(tiles["center"], tiles["axes"], tiles["radius"]), self._planes)

    def _seen(self, rows: Rows) -> tuple[Flags, NDArray[np.float64]]:
        """Which of *rows* are in view and asked for from here; metres to those."""
        tiles = self._tiles[rows]
        volumes = Volumes(tiles["center"], tiles["axes"], tiles["radius"])
        seen = ~outside(volumes, self._planes) & self._asked_for(rows)
        return seen, distances(_taken(volumes, np.flatnonzero(seen)), self._camera.position)

    def _asked_for(self, rows: Rows) -> Flags:
        """Which of *rows* are to be seen from here, if at all."""
        request = self._tiles["request"][rows]
        asked = np.ones(len(rows), bool)
        given = np.flatnonzero(request >= 0)
        if len(given):
            asked[given] = distances(_taken(self._tree.volumes, request[given]), self._camera.position) == 0
        return asked

    def _keeps_children_back(self, rows: Rows, refine: Flags) -> Flags:
        """Which REPLACE tiles of *rows* have a child not to be seen from here, which would leave a hole."""
        kept = np.zeros(len(rows), bool)
        if len(self._tree.volumes.radius):
            at = np.flatnonzero(refine & (self._tiles["refine"][rows] == REPLACE))
            children, parents = self._below(rows[at])
            kept[at[parents[~self._asked_for(children)]]] = True
        return kept

    def _contents_outside(self, rows: Rows) -> Flags:
        """Whose contents have a volume of their own that is out of view."""
        volume = self._tiles["content_volume"][rows]
        hidden = np.zeros(len(rows), bool)
        given = np.flatnonzero(volume >= 0)
        if len(given):
            hidden[given] = outside(_taken(self._tree.volumes, volume[given]), self._planes)
        return hidden

    def _bridged(self, rows: Rows, missing: Flags) -> Flags:
        """Which of those *missing* have children that are all ready to stand in."""
        bridged = np.zeros(len(rows), bool)
        if self._ready is not None:
            for at in np.flatnonzero(missing):
                first, count = (int(self._tiles[name][rows[at]]) for name in ("first_child", "child_count"))
                replaces = self._tiles["refine"][rows[at]] == REPLACE
                bridged[at] = replaces and bool(self._ready[first : first + count].all())
        return bridged

    def _children(self, level: _Level) -> tuple[Rows, Rows]:
        """All children of what is refined, and where their parents stand in *level*."""
        parents = np.flatnonzero(level.refine | level.bridged)
        rows, at = self._below(level.rows[parents])
        return rows, parents[at]

    def _below(self, tiles: Rows) -> tuple[Rows, Rows]:
        """All children of *tiles*, and which of *tiles* is the parent of each."""
        counts = self._tiles["child_count"][tiles].astype(np.int64)
        starts = np.cumsum(counts) - counts
        offsets = np.arange(counts.sum()) - np.repeat(starts, counts)
        rows = np.repeat(self._tiles["first_child"][tiles].astype(np.int64), counts) + offsets
        return rows, np.repeat(np.arange(len(tiles)), counts)

    def _cover(self, levels: list[_Level]) -> None:
        """From the leaves up: where what is wanted can be drawn without a hole."""
        below: _Level | None = None
        for level in reversed(levels):
            holes = np.zeros(len(level.rows))
            if below is not None:
                holes = np.bincount(below.parents, weights=~below.covered, minlength=len(level.rows))
            level.whole = (holes == 0) & ~level.pending
            own = level.ready | ~level.filled
            through = level.refine & (~level.add | ~level.filled)
            level.covered = np.where(through, level.whole, own) & ~level.pending
            level.covered |= (level.ready & level.filled) | (level.bridged & level.whole)
            below = level

    def _drawn(self, levels: list[_Level]) -> list[Flags]:
        """From the root down: which tiles of each level are drawn."""
        drawn: list[Flags] = []
        opened: Flags | None = None
        for level in levels:
            reached = np.ones(len(level.rows), bool) if opened is None else opened[level.parents]
            own = level.ready & level.filled
            stands_in = level.refine & ~level.add & ~level.whole
            shown = own & (~level.refine | level.add | stands_in)
            opened = reached & (level.refine | level.bridged) & ~(own & stands_in)
            drawn.append(reached & shown)
        return drawn

    def _wanted(self, levels: list[_Level]) -> Rows:
        """What is missing: coarse tiles first where nothing at all could be shown, then what is asked for."""
        coarse: list[Flags] = []
        asked: list[Flags] = []
        shown: Flags | None = None
        for level in levels:
            behind = np.zeros(len(level.rows), bool) if shown is None else shown[level.parents]
            missing = level.filled & ~level.ready
            near = level.refine & ~level.add & (level.errors <= _SKIP * self._limit)
            coarse.append(missing & near & ~behind)
            asked.append(missing & (~level.refine | level.add))
            shown = behind | coarse[-1] | (level.filled & level.ready & ~level.add)
        if self._lost is not None and self._lost.any():
            for instead, stands_in in zip(coarse, self._instead(levels, self._lost), strict=True):
                instead |= stands_in
        return np.concatenate([_urgent(levels, coarse), _urgent(levels, asked)])

    def _instead(self, levels: list[_Level], lost: Flags) -> list[Flags]:
        """From the leaves up: what is to be read because nothing finer can be."""
        found: list[Flags] = []
        below: tuple[Rows, Flags] | None = None
        for level in reversed(levels):
            gone = lost[level.rows] & level.filled & ~level.ready
            holes = np.zeros(len(level.rows), bool)
            if below is not None:
                holes[below[0][below[1]]] = True
            holes &= level.refine & ~level.add
            found.append(holes & level.filled & ~level.ready & ~gone)
            holes &= ~level.filled | gone
            below = level.parents, holes | (gone & ~level.refine)
        return found[::-1]


def _keep_childless(level: _Level, below: _Level | None) -> None:
    """What is refined, and none of its children is in view, is drawn itself."""
    children = np.zeros(len(level.rows), np.int64)
    if below is not None:
        children = np.bincount(below.parents, minlength=len(level.rows))
    level.refine &= (children > 0) | ~level.filled


def _flag(flags: NDArray[np.uint8], flag: int) -> Flags:
    return (flags & flag) != 0


def _taken(volumes: Volumes, rows: Rows) -> Volumes:
    return Volumes(volumes.center[rows], volumes.axes[rows], volumes.radius[rows])


def _joined(pieces: list[Rows]) -> Rows:
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int64)


def _urgent(levels: list[_Level], chosen: list[Flags]) -> Rows:
    """The rows that are *chosen*, the worst error first."""
    rows = _joined([level.rows[flags] for level, flags in zip(levels, chosen, strict=True)])
    errors = [level.errors[flags] for level, flags in zip(levels, chosen, strict=True)]
    return rows[np.argsort(-np.concatenate(errors), kind="stable")] if len(rows) else rows
