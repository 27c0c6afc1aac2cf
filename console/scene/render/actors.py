"""A tile on the stage: one actor a batch, its vertices about their own origin, its place in double."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkProperty, vtkRenderer

from console.scene.render.arrays import polydata, texture
from console.scene.render.coat import Coat
from console.scene.render.drape import Drape
from console.scene.render.shaping import Piece, Shaping
from console.scene.stream.drawable import Batch, Drawable
from console.scene.transforms import Matrix

_POINT = 3.0
"""Pixels."""
_BACKS = 0.4
"""Light of the insides that a cut lets one see, times that of the outsides: so one sees that it is a cut."""


@dataclass(frozen=True, slots=True, eq=False)
class Surround:
    """What all tiles of one stage have about them."""

    scene: vtkRenderer
    drape: Drape
    shaping: Shaping
    mipmaps: bool


class TileActors:
    """The actors of one tile: one a batch, and one more for each area in which a batch is pressed flat."""

    def __init__(
        self, drawable: Drawable, world: Matrix, about: Surround, layer: str, *, ground: bool = False
    ) -> None:
        """*world*: (4, 4), the world of the tileset to the scene's frame. *ground*: it is seen through
        instead of being shaped."""
        self.drawable = drawable
        self.shown = False
        self._about, self._layer, self._ground = about, layer, ground
        self._pieces = [self._piece(batch) for batch in drawable.batches]
        self._pressed: list[Piece] = []
        self.place(world)

    @property
    def pieces(self) -> list[Piece]:
        return [*self._pieces, *self._pressed]

    @property
    def actors(self) -> list[vtkActor]:
        return [piece.actor for piece in self.pieces]

    def show(self, shown: bool) -> None:
        """On the stage or off it."""
        if shown != self.shown:
            self.shown = shown
            scene = self._about.scene
            for actor in self.actors:
                scene.AddActor(actor) if shown else scene.RemoveActor(actor)

    def place(self, world: Matrix) -> None:
        """Stand where *world* (4, 4) puts the tileset."""
        for piece, batch in zip(self._pieces, self.drawable.batches, strict=True):
            piece.stand(world @ batch.matrix)
        self.reshape()

    def drape(self) -> None:
        """What lies over it lies elsewhere."""
        for piece in self.pieces:
            self._about.drape.place(piece.actor, piece.matrix)

    def reshape(self) -> None:
        """Another form is asked for, or it stands elsewhere."""
        before, self._pressed = self._pressed, []
        for piece, batch in zip(self._pieces, self.drawable.batches, strict=True):
            self._shape(piece, batch)
        self.drape()
        if self.shown:
            for piece in before:
                self._about.scene.RemoveActor(piece.actor)
            for piece in self._pressed:
                self._about.scene.AddActor(piece.actor)

    def swipe(self) -> None:
        """The line between layers is elsewhere."""
        for piece in self.pieces:
            piece.swipe(self._about.shaping.form, self._layer)

    def _shape(self, piece: Piece, batch: Batch) -> None:
        form, areas = self._about.shaping.form, self._about.shaping.areas
        if self._ground:
            piece.see_through(form.underground)
            return
        touched = areas.touched(piece.corners)
        piece.fit(form, self._layer, areas.mask(touched) if touched else None)
        inside = form.cut is not None or form.underground or bool(touched)
        _show_backs(piece, batch, inside=inside)
        for number in touched:
            pressed = Piece(_twin(piece.actor, batch), piece.box, in_area=True)
            pressed.stand(areas.presses[number] @ piece.matrix)
            pressed.fit(form, self._layer, areas.mask((number,)))
            self._pressed.append(pressed)

    def relight(self, ambient: float) -> None:
        """Of what is lit: *ambient* of its colour comes from everywhere, the rest from the sun."""
        for actor in self.actors:
            if actor.GetProperty().GetLighting():
                for about in (actor.GetProperty(), actor.GetBackfaceProperty()):
                    if about is not None:
                        about.SetAmbient(ambient)

    def _piece(self, batch: Batch) -> Piece:
        spots = batch.positions if len(batch.positions) else np.zeros((1, 3))
        sides = zip(spots.min(axis=0), spots.max(axis=0), strict=True)
        return Piece(self._actor(batch), np.array(list(product(*sides)), np.float64))

    def _actor(self, batch: Batch) -> vtkActor:
        actor = _actor_of(polydata(batch), batch)
        if batch.surface.pixels is not None and batch.texcoords is not None:
            actor.SetTexture(texture(batch.surface, mipmaps=self._about.mipmaps))
        return actor


def _actor_of(vertices: vtkPolyData, batch: Batch) -> vtkActor:
    mapper = vtkPolyDataMapper()
    mapper.SetInputDataObject(vertices)
    mapper.SetStatic(1)
    mapper.SetScalarVisibility(batch.colors is not None)
    actor = vtkActor()
    actor.SetMapper(mapper)
    mapper.SetVBOShiftScaleMethod(0)  # what lies over it counts on our vertices
    look = batch.surface
    _paint(actor.GetProperty(), batch)
    if look.blend:
        actor.ForceTranslucentOn()
        return actor
    actor.ForceOpaqueOn()  # whatever its picture says
    if look.cutoff is not None:
        _cut_out(look.cutoff).put_on(actor)
    return actor


@cache
def _cut_out(cutoff: float) -> Coat:
    """Where it covers less than *cutoff* there is nothing of it, elsewhere all: as in glTF's MASK."""
    marker = "//VTK::Coincident::Impl"
    return Coat(fragment={marker: f"if (gl_FragData[0].a < {float(cutoff):.6f}) discard;"})


def _paint(about: vtkProperty, batch: Batch, light: float = 1.0) -> None:
    """Have what *about* is of look like *batch*, by a share of its light."""
    look = batch.surface
    about.SetColor(*(part * light for part in look.color[:3]))
    about.SetOpacity(look.color[3] if look.blend else 1.0)
    about.SetLighting(look.lit)
    about.SetAmbient(1.0)
    about.SetDiffuse(1.0 if look.lit else 0.0)
    about.SetSpecular(0.0)
    about.SetInterpolationToPhong() if batch.normals is not None else about.SetInterpolationToFlat()
    about.SetPointSize(_POINT)


def _show_backs(piece: Piece, batch: Batch, *, inside: bool) -> None:
    """Faces of one side are drawn from there alone (a tenth of a frame's time on llvmpipe), unless one looks
    at the *inside* of things: then their backs are drawn too, darker, so that one sees what they are."""
    mirrored = bool(np.linalg.det(piece.matrix[:3, :3]) < 0)
    one_side = not batch.surface.double_sided and not inside
    about = piece.actor.GetProperty()
    about.SetBackfaceCulling(one_side and not mirrored)
    about.SetFrontfaceCulling(one_side and mirrored)
    backs: Any = None  # which VTK takes, though its types do not say so
    if inside and not mirrored:
        backs = vtkProperty()
        _paint(backs, batch, _BACKS)
        backs.SetAmbient(about.GetAmbient())
    piece.actor.SetBackfaceProperty(backs)


def _twin(actor: vtkActor, batch: Batch) -> vtkActor:
    """Another of the same vertices and looks."""
    twin = _actor_of(actor.GetMapper().GetInputDataObject(0, 0), batch)
    twin.SetTexture(actor.GetTexture())
    twin.GetProperty().SetAmbient(actor.GetProperty().GetAmbient())
    return twin
