"""Printing the map: what a sheet of paper holds, and who draws it (``ctx.map.printing``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from console.model.records import LonLat
from console.sdk.errors import OneMapError

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
FORMATS = ("pdf", "svg", "png")
LEAST_SCALE, GREATEST_SCALE = 50.0, 50_000_000.0


class PrintFailed(OneMapError):
    """The sheet could not be printed; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSheet:
    """One sheet of paper. Lengths on paper are millimetres, as it is looked at (already turned)."""

    width: float
    height: float
    margin: float = 10.0
    center: LonLat
    """What lies in the middle of the map part."""
    scale: float
    """N of 1:N, exact in the middle, along the meridian and across it."""
    symbols: float = 0.8
    """Size of lines, symbols and names; 1: as on a screen of 96 dpi."""
    colors: Literal["light", "screen"] = "light"
    """For paper, or those of the theme."""
    title: str = ""
    note: str = ""
    author: str = ""
    """Who prints it, and of which unit."""
    legend: Literal["beside", "inside", "none"] = "beside"
    graticule: Literal["none", "ticks", "lines", "kilometres"] = "none"
    """Degrees at the edge of the map, lines of them across it, or the kilometre grid of Gauss-Krueger."""
    furniture: bool = True
    """North arrow, scale bar, scale, date, coordinate system."""
    dpi: float = 300.0
    """Of a PNG, and at most of pictures in a PDF or SVG."""
    without: tuple[str, ...] = ()
    """Layers that are on the map and not on the sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A file that was written."""

    path: str
    bytes: int
    lacking: int = 0
    """Tiles of services that did not come in time."""


class Printing(Protocol):
    """Sheets are drawn by a process of their own; all methods are for the GUI thread and return at once."""

    def frame(self, sheet: PrintSheet) -> Bounds:
        """What the map part of the sheet shows. Raises PrintFailed when the paper has no room for a map."""
        ...

    def scale_to_fit(self, sheet: PrintSheet, bounds: Bounds) -> float:
        """The greatest scale with a round N at which the map part holds *bounds*. Raises PrintFailed."""
        ...

    def preview(self, sheet: PrintSheet, width: int, height: int) -> Awaitable[Any]:
        """A QImage of the whole sheet within so many pixels; a newer wish ends an older one with
        CancelledError. Raises PrintFailed."""
        ...

    def write(self, sheet: PrintSheet, path: str, on_progress: Callable[[float], None]) -> Awaitable[Printed]:
        """A PDF or SVG in vectors, or a PNG, by the suffix. *on_progress* gets 0..1.

        A cancelled await ends the work and leaves nothing behind. Raises PrintFailed with the reason in
        the user's words; a file that was there stays as it was.
        """
        ...
