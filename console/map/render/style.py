"""Map styles: TOML in ``resources/map_styles`` as typed rules. Sizes are logical pixels at style zooms."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from pathlib import Path

import msgspec

STYLES = Path(__file__).parents[3] / "resources" / "map_styles"
Stops = list[tuple[float, float]]
"""(zoom, value) in rising order; between them values grow as powers do, as the scale does."""


class StyleError(ValueError):
    """The style file is missing or says something that no style can say."""


def at_zoom(stops: Stops, zoom: float) -> float:
    """Value of *stops* at a zoom; constant beyond the ends, 0 without stops."""
    if not stops:
        return 0.0
    i = bisect_right(stops, (zoom, float("inf")))
    if i == 0 or i == len(stops):
        return stops[max(i - 1, 0)][1]
    (z0, v0), (z1, v1) = stops[i - 1], stops[i]
    share = (zoom - z0) / (z1 - z0)
    if v0 <= 0 or v1 <= 0:
        return v0 + (v1 - v0) * share
    return v0 * (v1 / v0) ** share


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all rules have: which features, at which zooms."""

    kind: str
    classes: list[str] = []
    min_zoom: float = 0.0
    max_zoom: float = 30.0

    def applies(self, zoom: float) -> bool:
        return self.min_zoom <= zoom < self.max_zoom


class AreaRule(Rule, frozen=True, kw_only=True):
    """Filled areas."""

    fill: str = ""
    outline: str = ""
    outline_width: Stops = []
    pattern: str = ""
    """``dots`` or ``hatch`` in the outline's colour, or empty."""


class BuildingRule(Rule, frozen=True, kw_only=True):
    """Buildings, filled from low to high; *shadow* is cast to the south-east at high zoom."""

    fill_low: str
    fill_high: str
    high: float = 100.0
    """Metres at which ``fill_high`` is reached."""
    outline: str = ""
    shadow: str = ""
    shadow_zoom: float = 16.5


class LineRule(Rule, frozen=True, kw_only=True):
    """Single lines: waterways, railways, boundaries, grid borders."""

    color: str
    width: Stops
    dash: list[float] = []
    """In multiples of the width."""
    casing: str = ""
    casing_width: float = 1.0
    ties: float = 0.0
    """Length of the ties of a railway in multiples of the width; 0 for none."""
    level: int = -1
    """Only features whose ``level`` column is this, or -1."""


class RoadRule(Rule, frozen=True, kw_only=True):
    """One class of roads; the order in the file is from low to high."""

    fill: str
    casing: str = ""
    width: Stops
    casing_width: Stops = []
    """Pixels of casing on each side."""
    tunnel_fill: str = ""
    dash: list[float] = []
    arrows: bool = True
    """Whether one-way arrows are drawn at high zoom."""


class IconRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A symbol at the place of a label."""

    name: str
    """As ``console.sdk.drawings`` has it."""
    color: str = "#000000"
    """Of marks; its opacity is that of any symbol."""
    size: Stops
    """Logical pixels across."""
    turn: float = 0.0
    """Degrees clockwise; along lines on top of the line's own direction."""
    anchor: str = "center"
    """Which side of it is at the place: ``top``, ``bottom-left`` …"""
    offset: tuple[float, float] = (0.0, 0.0)
    """To the right and down, in shares of its size."""
    overlap: bool = False
    """Drawn whatever stands there already."""
    upright: bool = False
    """Not turned with the line."""
    at_end: bool = False
    """At the end of each line instead of along it."""


class LabelRule(Rule, frozen=True, kw_only=True):
    """Texts, in order of priority from high to low."""

    color: str
    halo: str
    size: Stops
    column: str = "name"
    along: bool = False
    """Along the line (roads, waterways) instead of level at a point."""
    spacing: float = 320.0
    """Pixels between repeats along a line."""
    dot: str = ""
    """Colour of the dot of a point of interest; empty for none."""
    bold: bool = False
    least_area: float = 0.0
    """Square pixels that an area must have on screen to be named."""
    gap: float = 6.0
    """Pixels kept free around the label."""
    letter_spacing: float = 0.0
    halo_width: float = 1.5
    """Logical pixels around the text."""
    anchor: str = "center"
    """Which side of the text is at the place: ``top``, ``bottom-left`` …"""
    offset: tuple[float, float] = (0.0, 0.0)
    """To the right and down, in ems."""
    overlap: bool = False
    """Drawn whatever stands there already."""
    optional: bool = False
    """Where the text finds no room, its symbol stands alone."""
    upright: bool = False
    """At places on a line, but not written along it."""
    icon: IconRule | None = None


class Style(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole style; within each list the drawing order is the file's."""

    title: str
    land: str
    arrow: str
    tunnel_casing: str
    bridge_casing: str
    text: str = "#1b232c"
    text_halo: str = "#ffffffdd"
    """Of texts on data layers whose style leaves their colour open."""
    area: list[AreaRule] = []
    building: list[BuildingRule] = []
    line: list[LineRule] = []
    over: list[LineRule] = []
    """Lines above the roads: boundaries, grids."""
    road: list[RoadRule] = []
    label: list[LabelRule] = []

    @property
    def of_ground(self) -> frozenset[str]:
        """Kinds of layers that are painted below ``over``."""
        return frozenset(rule.kind for rule in (*self.area, *self.building, *self.line, *self.road))

    @property
    def of_over(self) -> frozenset[str]:
        """Kinds of layers that are painted above the roads."""
        return frozenset(rule.kind for rule in self.over)


def load_style(name: str) -> Style:
    """The style *name*, or the one in a file of that path; raises StyleError."""
    path = Path(name) if name.endswith(".toml") else STYLES / f"{name}.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Style)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise StyleError(f"map style {name}: {error}") from error
