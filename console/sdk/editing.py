"""Geometry under the user's hands: what ``ctx.map.edit`` is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from console.model.records import LonLat

SketchKind = Literal["point", "line", "polygon"]
LEAST: dict[SketchKind, int] = {"point": 1, "line": 2, "polygon": 3}
"""Vertices without which it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """One point, line or polygon in WGS84 degrees; rings do not repeat their first vertex.

    Without points it is yet to be drawn. Vertices of several sketches that lie at the same
    place (to 1e-7 degrees) are one vertex for the user: they move, come and go together.
    """

    kind: SketchKind
    points: tuple[LonLat, ...] = ()
    """The vertex, the line, or the polygon's shell."""
    holes: tuple[tuple[LonLat, ...], ...] = ()

    @property
    def rings(self) -> tuple[tuple[LonLat, ...], ...]:
        """The shell or line, then the holes."""
        return (self.points, *self.holes)


Check = Callable[[Sequence[Sketch]], str]
"""What is wrong with the sketches in the user's words; empty when they may be kept."""
