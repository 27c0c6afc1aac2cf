"""How points and shapes on the map look: symbols, lines, fills, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from console.model.records import LonLat
from console.model.text import Text


class SpriteShape(StrEnum):
    """Shapes of point symbols; state is told by shape *and* colour."""

    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    PIN = "pin"
    ARROW = "arrow"
    """Points up; turned by the heading column."""
    CAMERA = "camera"
    TOWER = "tower"
    HOUSE = "house"
    CROSS = "cross"
    RING = "ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprite:
    """One symbol: a shape in a colour, or a drawing. Colours are ``#rrggbb[aa]`` or a theme token such as
    ``staff.on_duty``."""

    shape: SpriteShape = SpriteShape.CIRCLE
    fill: str = "accent"
    outline: str = "map.symbol_outline"
    size: float = 14.0
    """Logical pixels across."""
    glyph: str = ""
    """One character drawn inside, e.g. 火."""
    symbol: str = ""
    """Instead of shape and glyph: a drawing of ``console.sdk.symbol_set.SYMBOLS`` (``fire``), or one of the
    user's own (``own/…``). Marks take *fill*; where there is no such drawing, the shape is drawn."""
    title: Text | None = None
    """What the legend calls it; without one it is left out of the legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointStyle:
    """How a point layer is drawn."""

    sprites: Sequence[Sprite]
    """Symbols that the ``sprite`` column indexes."""
    cluster: bool = False
    """Gather points to counts when far; the density of 100,000 stays readable."""
    cluster_below: float = 13.0
    """Zoom level under which points are gathered."""
    interpolate: bool = False
    """Move points smoothly from fix to fix."""
    labels_from: float | None = None
    """Zoom level from which labels are drawn; None for never."""
    min_zoom: float = 0.0
    max_zoom: float = 24.0
    priority: int = 0
    """Greater lies above, until the user moves the layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeStyle:
    """Stroke and fill of a drawn shape. Colours as in Sprite; fill empty for none."""

    stroke: str = "map.shape"
    width: float = 3.0
    casing: str = ""
    """Wider line beneath, for contrast on any base map."""
    fill: str = ""
    dash: Sequence[float] = ()
    """Lengths of dash and gap in turn, in widths of the line."""
    arrows: bool = False
    """Arrowheads along the line, in its direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One line, polygon (shell first, then holes), circle or text on the map."""

    kind: Literal["line", "polygon", "circle", "text"]
    points: Sequence[LonLat]
    holes: Sequence[Sequence[LonLat]] = ()
    radius: float = 0.0
    """Metres, of a circle."""
    text: str = ""
    style: ShapeStyle = field(default_factory=ShapeStyle)
