"""Transforms for VTK."""

from __future__ import annotations

from vtkmodules.vtkCommonMath import vtkMatrix4x4

from console.scene.transforms import Matrix


def vtk_matrix(matrix: Matrix) -> vtkMatrix4x4:
    """*matrix* (4, 4) as VTK has them, in double."""
    made = vtkMatrix4x4()
    made.DeepCopy(matrix.ravel().tolist())
    return made
