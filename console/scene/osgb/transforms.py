"""Transforms of OSG nodes as (4, 4) of column vectors; OSG itself writes row vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.scene.osgb.objects import OsgObject
from console.scene.transforms import rotations

Matrix = NDArray[np.float64]


def local_matrix(node: OsgObject) -> Matrix | None:
    """What *node* does to its children; None: nothing, or nothing that is a number."""
    if node.name == "osg::MatrixTransform":
        values = node.get("Matrix")
        matrix = None if values is None else np.array(values, np.float64).reshape(4, 4).T
    elif node.name == "osg::PositionAttitudeTransform":
        matrix = _attitude(node)
    else:
        return None
    return matrix if matrix is not None and np.isfinite(matrix).all() else None


def _attitude(node: OsgObject) -> Matrix:
    """Move the pivot to the origin, scale, turn, move (osg::PositionAttitudeTransform)."""
    matrix = np.identity(4)
    turn = rotations(np.array([node.get("Attitude", (0.0, 0.0, 0.0, 1.0))]))[0]
    matrix[:3, :3] = turn * np.array(node.get("Scale", (1.0, 1.0, 1.0)))
    pivot = np.array(node.get("PivotPoint", (0.0, 0.0, 0.0)))
    matrix[:3, 3] = np.array(node.get("Position", (0.0, 0.0, 0.0))) - matrix[:3, :3] @ pivot
    return matrix
