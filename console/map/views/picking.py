"""What a click or the resting pointer means: the topmost live symbol or shape there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from console.map.live.layer import LiveLayer
from console.map.live.points import PointsLayer
from console.map.live.shapes import ShapesLayer
from console.map.viewport import Viewport


def click(
    layers: Sequence[LiveLayer], viewport: Viewport, px: float, py: float
) -> Literal["", "hit", "cluster"]:
    """Give a click at a logical pixel to the topmost layer that has something there.

    A count takes no click: ``cluster`` says that the view should come nearer.
    """
    for layer in layers:
        if isinstance(layer, PointsLayer):
            row = layer.hit(viewport, px, py)
            if row is not None:
                layer.click(row)
                return "hit"
            if layer.hit_cluster(viewport, px, py):
                return "cluster"
        elif isinstance(layer, ShapesLayer):
            key = layer.hit(viewport, px, py)
            if key is not None:
                layer.click(key)
                return "hit"
    return ""


def double_click(layers: Sequence[LiveLayer], viewport: Viewport, px: float, py: float) -> bool:
    """Give a double click to the topmost symbol there; False: there is none, or nobody wants it."""
    for layer in layers:
        if isinstance(layer, PointsLayer) and (row := layer.hit(viewport, px, py)) is not None:
            return layer.double_click(row)
    return False


def tip(layers: Sequence[LiveLayer], viewport: Viewport, px: float, py: float) -> str:
    """What the topmost point at a logical pixel has to say; empty for nothing."""
    for layer in layers:
        if isinstance(layer, PointsLayer):
            row = layer.hit(viewport, px, py)
            text = layer.tooltip(row) if row is not None else ""
            if text:
                return text
    return ""
