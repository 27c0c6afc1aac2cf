"""Tiles in tiles as rows of a tree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from console.scene.osgb.errors import joined_error
from console.scene.osgb.files import union
from console.scene.osgb.models import Points
from console.scene.osgb.site import Site
from console.scene.tiles.tree import EXTERNAL, REPLACE, Fragment, OwnRef, no_tiles
from console.scene.tiles.volumes import BOX, volumes_of

_FLAT = 0.001
"""Half a side that a box has at least, metres."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A tile."""

    box: Points
    """(2, 3) in the site's frame."""
    error: float
    ref: OwnRef | None = None
    external: bool = False
    """What *ref* gives is further tiles."""
    children: list[Row] = field(default_factory=list)


def joined(children: Sequence[Row], limit: float = math.inf) -> Row:
    """A tile without content around *children*: refined at once."""
    box = union(child.box for child in children)
    assert box is not None
    error = joined_error((child.error for child in children), float(np.linalg.norm(box[1] - box[0])))
    return Row(box, min(error, limit), children=list(children))


def fragment_of(root: Row, site: Site) -> Fragment:
    """*root* and all below it: breadth first, so that children stand side by side."""
    rows, parents, depths = [root], [-1], [0]
    tiles_of: list[tuple[int, int]] = []
    for at, row in enumerate(rows):  # grows as it goes
        tiles_of.append((len(rows) if row.children else -1, len(row.children)))
        rows.extend(row.children)
        parents.extend([at] * len(row.children))
        depths.extend([depths[at] + 1] * len(row.children))
    tiles = no_tiles(len(rows))
    tiles["parent"], tiles["depth"] = parents, depths
    tiles["first_child"], tiles["child_count"] = np.array(tiles_of).T
    tiles["refine"] = REPLACE
    tiles["flags"] = [EXTERNAL if row.external else 0 for row in rows]
    tiles["error"] = [row.error for row in rows]
    contents: list[OwnRef] = []
    for tile, row in zip(tiles, rows, strict=True):
        tile["content"], tile["contents"] = len(contents), row.ref is not None
        contents.extend([] if row.ref is None else [row.ref])
    frames = np.broadcast_to(site.frame, (len(rows), 4, 4))
    placed = volumes_of([(BOX, _numbers(row.box)) for row in rows], frames)
    tiles["center"], tiles["axes"], tiles["radius"] = placed.center, placed.axes, placed.radius
    return Fragment(tiles, site.frame[None], contents=[*contents])


def _numbers(box: Points) -> list[float]:
    """Middle and half axes, as 3D Tiles write a box."""
    half = np.maximum((box[1] - box[0]) / 2, _FLAT)
    return [*box.mean(axis=0).tolist(), *np.diag(half).ravel().tolist()]
