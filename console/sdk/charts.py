"""Charts on the map: pies, bars and discs of several numbers of each feature.

A chart is a circle layer whose radius grows with the root of the total, so other programs show discs of
the right area; what the parts are stands in its ``metadata``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, cast

import msgspec

from console.model.text import Text
from console.sdk.styling import Class, number_text

CHART = "onemap:chart"
"""Key of the chart in a layer's ``metadata``."""
MOST_PARTS = 12


class ChartKind(StrEnum):
    """What is drawn of a feature's numbers."""

    PIE = "pie"
    """A disc whose area is the total; of one number it is a proportional symbol."""
    BARS = "bars"
    """A bar a number, all on one scale."""


class Part(msgspec.Struct, frozen=True):
    """One number of each feature."""

    field: str
    color: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """How the numbers of features are drawn in the middle of each."""

    kind: ChartKind = ChartKind.PIE
    parts: tuple[Part, ...] = ()
    largest: float = 1.0
    """The greatest total (of pies) or number (of bars) of the layer: it is drawn in full size."""
    size: float = 48.0
    """Logical pixels: across the largest disc, or of the highest bar."""
    outline: str = "#10141a"
    opacity: float = 1.0


def chart_layer(chart: Chart, *, zoom_from: float = 0.0, name: str = "") -> dict[str, Any]:
    """The layer of a style; *name* sets it apart from others. *zoom_from* as the map counts zooms."""
    total: Any = ["+", *([_number(part.field) for part in chart.parts] or [0]), 0]
    share = ["/", total, max(chart.largest, 1e-12)]
    return {
        "id": f"{name}chart",
        "type": "circle",
        "minzoom": max(zoom_from - 1.0, 0.0),  # MapLibre counts zooms of 512-pixel tiles
        "metadata": {CHART: msgspec.to_builtins(chart)},
        "paint": {
            "circle-radius": ["*", chart.size / 2, ["sqrt", ["max", 0, share]]],
            "circle-color": chart.parts[0].color if chart.parts else "#888888",
            "circle-opacity": chart.opacity,
            "circle-stroke-color": chart.outline,
            "circle-stroke-width": 1,
        },
    }


def chart_in(layer: Mapping[str, Any]) -> Chart | None:
    """The chart that a layer carries. Raises ValueError for one that is none."""
    metadata = layer.get("metadata")
    if not isinstance(metadata, dict) or CHART not in metadata:
        return None
    chart = msgspec.convert(cast(Any, metadata)[CHART], Chart)
    if len(chart.parts) > MOST_PARTS or not 0 < chart.largest < 1e300 or not 1 <= chart.size <= 400:
        raise ValueError("a chart has too many parts, or no size")
    return chart


def chart_legend(chart: Chart) -> list[Class]:
    """A line for each number, and what the full size means."""
    lines = [Class(Text(part.field, part.field), part.color) for part in chart.parts]
    most = number_text(float(f"{chart.largest:.6g}"))
    if chart.kind is ChartKind.BARS:
        return [*lines, Class(Text(f"最高的柱：{most}", f"Highest bar: {most}"), "")]
    if len(chart.parts) > 1:
        return [*lines, Class(Text(f"面积为合计，最大 {most}", f"Area is the total, at most {most}"), "")]
    return [*lines, Class(Text(f"面积为数值，最大 {most}", f"Area is the number, at most {most}"), "")]


def _number(field: str) -> list[Any]:
    return ["coalesce", ["get", field], 0]
