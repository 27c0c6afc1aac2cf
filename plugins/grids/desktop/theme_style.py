"""The grid map as MapLibre layers: grids by class, borders thinner the smaller the areas and the scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from console.sdk import AreaLevel
from console.sdk.classify import Method, breaks, class_of, whole_range
from console.sdk.ramps import RAMPS
from console.sdk.styling import POLYGON, Class, Symbol, by_value, number_legend, style_layers

NOTHING = "rgba(0,0,0,0)"
"""Grids without a number, and those of others, show the map below."""
SYMBOL = Symbol(opacity=0.72, outline_width=0)
BORDERS: tuple[tuple[AreaLevel, float, list[float]], ...] = (
    (AreaLevel.GRID, 10.5, [10.5, 0.15, 13, 0.6, 16, 1.4]),
    (AreaLevel.COMMUNITY, 9.5, [9.5, 0.3, 13, 1.1, 16, 2.0]),
    (AreaLevel.STREET, 7.5, [7.5, 0.5, 11, 1.2, 16, 2.8]),
    (AreaLevel.DISTRICT, 0.0, [6, 0.8, 11, 2.0, 16, 3.6]),
)
"""Level, zoom of MapLibre's from which its borders are drawn, their widths by zoom."""
BORDER_COLOR = "#0d1117"


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the user chose; remembered."""

    shown: bool = False
    number: str = "open_events"
    """A key of ``theme_numbers.NUMBERS``, ``field:<name>`` of the layer, or ``table:<column>``."""
    table: str = ""
    """Path of the table; empty: none."""
    method: Method = Method.JENKS
    """Counts are small whole numbers, most of them 0: as many grids in each class cannot be had."""
    classes: int = 5
    ramp: str = "oranges"
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Choropleth:
    """What comes of a number: the style, and what the legend says."""

    style: list[dict[str, Any]]
    legend: list[Class]
    counts: list[int]
    """Grids of each class."""


def choropleth(codes: Sequence[str], values: npt.NDArray[np.float64], choices: Choices) -> Choropleth:
    """Colour grids by their values (n); for the worker pool."""
    limits = breaks(values, choices.method, choices.classes)
    colors = RAMPS[choices.ramp].colors(len(limits) + 1, choices.reverse)
    of = class_of(values, limits)
    painted = {code: colors[at] for code, at in zip(codes, of.tolist(), strict=True) if at >= 0}
    legend = number_legend(limits, colors, no_data=False, whole=whole_range(values))
    only = ["==", ["get", "level"], int(AreaLevel.GRID)]
    style = style_layers([POLYGON], by_value("code", painted, NOTHING), SYMBOL, legend=legend, only=only)
    counts = np.bincount(of[of >= 0], minlength=len(colors)).tolist()
    return Choropleth([*style, *borders(BORDER_COLOR)], legend, counts)


def borders(color: str, wider: float = 0.0) -> list[dict[str, Any]]:
    """The borders of all levels in one colour (``#rrggbb``), *wider* by some pixels."""
    return [_border(border, color, wider) for border in BORDERS]


def _border(border: tuple[AreaLevel, float, list[float]], color: str, wider: float) -> dict[str, Any]:
    level, zoom_from, stops = border
    widths = [stop + wider * (at % 2) for at, stop in enumerate(stops)]
    return {
        "id": f"border-{int(level)}",
        "type": "line",
        "minzoom": zoom_from,
        "filter": ["==", ["get", "level"], int(level)],
        "paint": {
            "line-color": color,
            "line-opacity": 0.75,
            "line-width": ["interpolate", ["linear"], ["zoom"], *widths],
        },
    }
