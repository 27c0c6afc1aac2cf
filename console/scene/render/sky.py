"""The sky: drawn after all that is solid, where there is nothing. It has no depth: a look at it hits nothing.

As VTK's own gradient under everything it takes a fifth of a frame's time on llvmpipe.
"""

from __future__ import annotations

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

from console.scene.lens import Lens, Part
from console.scene.render.arrays import polydata
from console.scene.stream.drawable import Batch, Mode

Rgb = tuple[float, float, float]
"""0 to 1."""
_FAR = 1e8
"""Metres: it is all around, so that it is never taken for out of view."""
_AT_THE_END = "gl_Position = vec4(sign(vertexMC.xy) * skyPart.xy - skyPart.zw, 1.0, 1.0);\n"
_FINE = """
  float grain = fract(dot(gl_FragCoord.xy, vec2(0.7548777, 0.5698403))) - 0.5;
  gl_FragData[0].rgb += grain / 255.0;
"""
"""So that one sees no bands where the colours are near to one another."""


class Sky:
    """One colour below, another above."""

    def __init__(self, scene: vtkRenderer) -> None:
        self._scene = scene
        self._actor = vtkActor()
        shader = self._actor.GetShaderProperty()
        shader.AddVertexShaderReplacement(
            "//VTK::CustomEnd::Impl", True, f"{_AT_THE_END}//VTK::CustomEnd::Impl\n", False
        )
        shader.AddFragmentShaderReplacement(
            "//VTK::TCoord::Impl", True, f"//VTK::TCoord::Impl\n{_FINE}", False
        )
        shader.AddFragmentShaderReplacement("discard;", True, "", False)  # so that what is hidden is left out
        self._actor.ForceOpaqueOn()
        self._actor.GetProperty().LightingOff()
        self._mixed = False

    def take(self, below: Rgb, above: Rgb) -> None:
        """From now on."""
        self._scene.SetBackground(*below)
        self._mixed = below != above
        if self._mixed:
            mapper = vtkPolyDataMapper()
            mapper.SetInputDataObject(polydata(_sheet(below, above)))
            mapper.SetVBOShiftScaleMethod(0)
            self._actor.SetMapper(mapper)

    def come_last(self, lens: Lens, part: Part) -> None:
        """Before each picture, or *part* of it: what is solid was added to the scene since."""
        self._scene.RemoveActor(self._actor)
        if self._mixed:
            spread = lens.width / part.width, lens.height / part.height
            center = self._scene.GetActiveCamera().GetWindowCenter()
            self._actor.GetShaderProperty().GetVertexCustomUniforms().SetUniform4f(
                "skyPart", [*spread, *center]
            )
            self._scene.AddActor(self._actor)


def _sheet(below: Rgb, above: Rgb) -> Batch:
    corners = np.array([[-1, -1, -1], [1, -1, 1], [1, 1, 1], [-1, 1, -1]], np.float32) * np.float32(_FAR)
    colors = np.array([(*color, 1.0) for color in (below, below, above, above)]) * 255
    indices = np.array([0, 1, 2, 0, 2, 3], np.uint32)
    return Batch(Mode.TRIANGLES, corners, indices, np.identity(4), colors=colors.round().astype(np.uint8))
