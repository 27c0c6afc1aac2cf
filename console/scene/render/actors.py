"""A tile on the stage: one actor a batch, its vertices about their own origin, its place in double."""

from __future__ import annotations

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from console.scene.render.arrays import polydata, texture
from console.scene.render.drape import Drape
from console.scene.render.matrices import vtk_matrix
from console.scene.stream.drawable import Batch, Drawable, Surface
from console.scene.transforms import Matrix

_POINT = 3.0
"""Pixels."""


class TileActors:
    """The actors of one tile, and where its batches stand in the scene's frame."""

    def __init__(self, drawable: Drawable, world: Matrix, drape: Drape, *, mipmaps: bool) -> None:
        """*world*: (4, 4), the world of the tileset to the scene's frame."""
        self.drawable = drawable
        self.shown = False
        self._mipmaps, self._drape = mipmaps, drape
        self.actors = [self._actor(batch) for batch in drawable.batches]
        self.place(world)

    def place(self, world: Matrix) -> None:
        """Stand where *world* (4, 4) puts the tileset."""
        self.matrices = [world @ batch.matrix for batch in self.drawable.batches]
        for actor, matrix, batch in zip(self.actors, self.matrices, self.drawable.batches, strict=True):
            actor.SetUserMatrix(vtk_matrix(matrix))
            _hide_backs(actor, matrix, batch.surface)
        self.drape()

    def drape(self) -> None:
        """What lies over it lies elsewhere."""
        for actor, matrix in zip(self.actors, self.matrices, strict=True):
            self._drape.place(actor, matrix)

    def relight(self, ambient: float) -> None:
        """Of what is lit: *ambient* of its colour comes from everywhere, the rest from the sun."""
        for actor, batch in zip(self.actors, self.drawable.batches, strict=True):
            if batch.surface.lit:
                actor.GetProperty().SetAmbient(ambient)

    def _actor(self, batch: Batch) -> vtkActor:
        mapper = vtkPolyDataMapper()
        mapper.SetInputDataObject(polydata(batch))
        mapper.SetStatic(1)
        mapper.SetScalarVisibility(batch.colors is not None)
        actor = vtkActor()
        actor.SetMapper(mapper)
        mapper.SetVBOShiftScaleMethod(0)  # what lies over it counts on our vertices
        look = batch.surface
        about = actor.GetProperty()
        about.SetColor(*look.color[:3])
        about.SetOpacity(look.color[3] if look.blend else 1.0)
        about.SetLighting(look.lit)
        about.SetAmbient(1.0)
        about.SetDiffuse(1.0 if look.lit else 0.0)
        about.SetSpecular(0.0)
        about.SetInterpolationToPhong() if batch.normals is not None else about.SetInterpolationToFlat()
        about.SetPointSize(_POINT)
        if look.pixels is not None and batch.texcoords is not None:
            actor.SetTexture(texture(look, mipmaps=self._mipmaps))
        if look.blend or (look.cutoff is not None):
            actor.ForceTranslucentOn() if look.blend else actor.ForceOpaqueOn()
        return actor


def _hide_backs(actor: vtkActor, matrix: Matrix, look: Surface) -> None:
    """Faces of one side are drawn from there alone (a tenth of a frame's time on llvmpipe)."""
    mirrored = bool(np.linalg.det(matrix[:3, :3]) < 0)
    about = actor.GetProperty()
    about.SetBackfaceCulling(not look.double_sided and not mirrored)
    about.SetFrontfaceCulling(not look.double_sided and mirrored)
