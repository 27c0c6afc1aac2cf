"""osg::LOD and osg::PagedLOD as levels from coarse to fine.

Source: OpenSceneGraph 3.6, src/osg/LOD.cpp, PagedLOD.cpp: a child is shown while its range holds the size on
the screen or the distance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from console.scene.osgb.model import RangeMode
from console.scene.osgb.objects import OsgObject
from console.scene.osgb.stream import cut_off

MAX_LEVELS = 12
"""Levels of one LOD: real ones have two."""

Draft = tuple[float, list[OsgObject], tuple[str, ...]]
"""Start of a level, its children, its files."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the graph we are: (4, 4) to the model's frame, and the states, outermost first."""

    matrix: NDArray[np.float64] = field(default_factory=lambda: np.identity(4))
    states: list[OsgObject] = field(default_factory=list)

    def within(self, matrix: NDArray[np.float64] | None, state: OsgObject | None) -> Place:
        """The place of the children of a node with this transform and state."""
        return Place(
            self.matrix if matrix is None else self.matrix @ matrix,
            self.states if state is None else [*self.states, state],
        )


def levels_of(node: OsgObject) -> tuple[RangeMode, list[Draft]]:
    """The levels of an LOD, coarsest first; children with the same start are shown together.

    Raises SceneRefused for more than MAX_LEVELS.
    """
    mode = RangeMode.PIXELS if node.get("RangeMode") == RangeMode.PIXELS else RangeMode.DISTANCE
    names: list[str] = node.get("RangeDataList", [])
    inline = iter(node.get("Children", []))
    ranges = node.get("RangeList", [])
    drafts: dict[float, tuple[list[OsgObject], list[str]]] = {}
    for at in range(max(len(names), len(node.get("Children", [])))):
        name = names[at] if at < len(names) else ""
        child = None if name else next(inline, None)
        low, high = ranges[at] if at < len(ranges) else (0.0, math.inf)
        children, files = drafts.setdefault(_start(mode, low, high), ([], []))
        if child is not None:
            children.append(child)
        if name:
            files.append(name)
    if len(drafts) > MAX_LEVELS:
        raise cut_off()
    finest_last = sorted(drafts.items(), reverse=mode == RangeMode.DISTANCE)
    return mode, [(start, children, tuple(files)) for start, (children, files) in finest_last]


def _start(mode: RangeMode, low: float, high: float) -> float:
    """Where a range begins, seen from the coarse side; what is no number is the coarsest."""
    if mode == RangeMode.PIXELS:
        return float(low) if low > 0.0 else 0.0
    return float(high) if high >= 0.0 else math.inf


def sphere_of(node: OsgObject, matrix: NDArray[np.float64]) -> tuple[tuple[float, float, float], float]:
    """Centre in the model's frame and radius that the node itself gives; radius 0 without one."""
    sphere = node.get("UserCenter")
    if sphere is None or not np.isfinite(sphere).all() or sphere[3] <= 0.0:
        return (0.0, 0.0, 0.0), 0.0
    x, y, z = (matrix[:3, :3] @ np.array(sphere[:3]) + matrix[:3, 3]).tolist()
    scale = float(np.cbrt(abs(np.linalg.det(matrix[:3, :3]))))
    return (x, y, z), float(sphere[3]) * scale
