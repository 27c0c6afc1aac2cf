"""A picture of the map laid over everything from above, by the shader: no geometry is made for it.

Two levels lie over one another: a fine one around the place looked at, a coarse one around that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkTexture

from console.model.coordinates import MERCATOR_LIMIT, to_mercator
from console.scene.frame import Frame
from console.scene.render.arrays import flat_texture, image_of
from console.scene.render.coat import Coat
from console.scene.render.matrices import vtk_matrix
from console.scene.transforms import Matrix

Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom in world units: 0 to 1 from the west and from the north, in Web Mercator."""
LEVELS = 2
_SAMPLERS = ("anisotropyTex", "materialTex")
"""Coarse and fine. VTK binds pictures of these names and leaves it to us what they mean without PBR."""
_STEP = 50.0
"""Metres over which the way from an actor's axes to the picture is taken for straight."""
_NOWHERE = np.array([[0.0, 0, 0, -9.0], [0, 0, 0, -9.0], [0, 0, 0, 0], [0, 0, 0, 1]])

_DECLARED = "".join(f"out vec2 drape{n};\n" for n in range(LEVELS))
_PLACED = "".join(f"drape{n} = (drapeMatrix{n} * vertexMC).xy;\n" for n in range(LEVELS))
_SEEN = "".join(f"in vec2 drape{n};\n" for n in range(LEVELS))
_LAID = """
  {
    vec4 over = vec4(0.0);
    if (all(greaterThan(drape0, vec2(0.0))) && all(lessThan(drape0, vec2(1.0))))
      over = texture(anisotropyTex, drape0);
    if (all(greaterThan(drape1, vec2(0.0))) && all(lessThan(drape1, vec2(1.0))))
      over = texture(materialTex, drape1);
    gl_FragData[0].rgb = gl_FragData[0].rgb * (1.0 - over.a) + over.rgb;
  }
"""
_COAT = Coat(
    {"//VTK::TCoord::Dec": _DECLARED, "//VTK::TCoord::Impl": _PLACED},
    {"//VTK::TCoord::Dec": _SEEN, "//VTK::TCoord::Impl": _LAID},
)


@dataclass(slots=True)
class _Level:
    texture: vtkTexture
    bounds: Bounds | None = None
    pixels: NDArray[np.uint8] | None = None


class Drape:
    """What lies over all actors of one stage."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._levels = [_Level(flat_texture(_clear())) for _ in range(LEVELS)]

    def lay(self, level: int, bounds: Bounds | None, pixels: NDArray[np.uint8] | None) -> None:
        """*pixels*: (height, width, 4) RGBA, premultiplied, the first row in the north; None: nothing."""
        kept = self._levels[level]
        kept.bounds = bounds if pixels is not None else None
        kept.pixels = _clear() if pixels is None else pixels
        kept.texture.SetInputDataObject(image_of(kept.pixels))

    def place(self, actor: vtkActor, matrix: Matrix) -> None:
        """*matrix*: (4, 4), the actor's axes to the frame: where the levels lie over it now.

        While nothing lies anywhere the actor is drawn without the shader: a sixth of its time on llvmpipe.
        """
        if all(level.bounds is None for level in self._levels):
            self._undress(actor)
            return
        self._dress(actor)
        uniforms = actor.GetShaderProperty().GetVertexCustomUniforms()
        for number, level in enumerate(self._levels):
            found = _NOWHERE if level.bounds is None else self._way(matrix, level.bounds)
            uniforms.SetUniformMatrix(f"drapeMatrix{number}", vtk_matrix(found.T))  # as GLSL has them

    def _dress(self, actor: vtkActor) -> None:
        """Have *actor* show what lies over it."""
        if actor.GetProperty().GetTexture(_SAMPLERS[0]) is not None:
            return
        _COAT.put_on(actor)
        for level, sampler in zip(self._levels, _SAMPLERS, strict=True):
            actor.GetProperty().SetTexture(sampler, level.texture)

    def _undress(self, actor: vtkActor) -> None:
        if actor.GetProperty().GetTexture(_SAMPLERS[0]) is None:
            return
        _COAT.take_off(actor)
        for sampler in _SAMPLERS:
            actor.GetProperty().RemoveTexture(sampler)

    def _way(self, matrix: Matrix, bounds: Bounds) -> Matrix:
        """(4, 4): an actor's axes to the picture's, 0 to 1 from its left and from its top."""
        corners = np.vstack([np.zeros(3), np.eye(3) * _STEP])
        places = self._frame.geographic(corners @ matrix[:3, :3].T + matrix[:3, 3])
        x, y = to_mercator(places[:, 0], places[:, 1])
        left, top, right, bottom = bounds
        world = np.stack([x, -y]) / (2 * MERCATOR_LIMIT) + 0.5
        u = (world[0] - left) / (right - left)
        v = (world[1] - top) / (bottom - top)
        way = np.identity(4)
        for row, values in enumerate((u, v)):
            way[row, :3] = (values[1:] - values[0]) / _STEP
            way[row, 3] = values[0]
        return way


def _clear() -> NDArray[np.uint8]:
    return np.zeros((1, 1, 4), np.uint8)
