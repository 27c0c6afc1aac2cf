"""What an actor's shaders do besides: lines that follow markers of VTK's own text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vtkmodules.vtkRenderingCore import vtkActor


@dataclass(frozen=True, eq=False)
class Coat:
    """Coats that an actor wears together must not use the same markers."""

    vertex: Mapping[str, str] = field(default_factory=dict[str, str])
    """What follows which marker."""
    fragment: Mapping[str, str] = field(default_factory=dict[str, str])

    def put_on(self, actor: vtkActor) -> None:
        """Its shaders are made anew."""
        shader = actor.GetShaderProperty()
        for marker, lines in self.vertex.items():
            shader.AddVertexShaderReplacement(marker, True, f"{marker}\n{lines}", False)
        for marker, lines in self.fragment.items():
            shader.AddFragmentShaderReplacement(marker, True, f"{marker}\n{lines}", False)

    def take_off(self, actor: vtkActor) -> None:
        """As it was before."""
        shader = actor.GetShaderProperty()
        for marker in self.vertex:
            shader.ClearVertexShaderReplacement(marker, True)
        for marker in self.fragment:
            shader.ClearFragmentShaderReplacement(marker, True)
