"""Colours laid over the features of a tile, and features left out, by an attribute of the vertices.

The colours are the geometry's, so whatever is drawn of it wears them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkRenderingCore import vtkActor

from console.scene.render.actors import TileActors
from console.scene.render.coat import Coat

Tints = NDArray[np.float32]
"""(n, 4) of vertices: red, green, blue, and how much of it is seen, 0 to 1; below 0: it is not drawn."""
_NAME = "featureTint"
_COAT = Coat(
    {
        "//VTK::Picking::Dec": "in vec4 featureTint;\nout vec4 featureOver;\n",
        "//VTK::CustomBegin::Impl": "featureOver = featureTint;\n",
    },
    {
        "//VTK::Picking::Dec": "in vec4 featureOver;\n",
        "//VTK::Picking::Impl": "if (featureOver.a < -0.5) discard;\n"
        "gl_FragData[0].rgb = mix(gl_FragData[0].rgb, featureOver.rgb, clamp(featureOver.a, 0.0, 1.0));\n",
    },
)


class TileTint:
    """The colours of one tile."""

    def __init__(self, tile: TileActors) -> None:
        self._tile = tile
        self._worn: set[vtkActor] = set()

    def lay(self, tints: Sequence[Tints | None]) -> None:
        """Of each batch: these colours from now on; None: its own."""
        for actor, colors in zip(self._tile.actors, tints, strict=False):
            geometry = _geometry(actor)
            if colors is not None:
                array = numpy_to_vtk(np.ascontiguousarray(colors, np.float32), deep=False)
                array.SetName(_NAME)
                geometry.GetPointData().AddArray(array)
            elif geometry.GetPointData().HasArray(_NAME):
                geometry.GetPointData().RemoveArray(_NAME)
            else:
                continue
            geometry.Modified()
        self.dress()

    def dress(self) -> None:
        """Whatever is drawn of the tile by now shows the colours of its geometry."""
        actors = set(self._tile.actors)
        self._worn &= actors
        for actor in actors:
            tinted, worn = bool(_geometry(actor).GetPointData().HasArray(_NAME)), actor in self._worn
            if tinted and not worn:
                self._worn.add(actor)
                points = vtkDataObject.FIELD_ASSOCIATION_POINTS
                _mapper(actor).MapDataArrayToVertexAttribute(_NAME, _NAME, points, -1)
                _COAT.put_on(actor)
            elif worn and not tinted:
                self._worn.discard(actor)
                _mapper(actor).RemoveVertexAttributeMapping(_NAME)
                _COAT.take_off(actor)


def _geometry(actor: vtkActor) -> Any:
    return actor.GetMapper().GetInputDataObject(0, 0)


def _mapper(actor: vtkActor) -> Any:
    return actor.GetMapper()
