"""What the user wants of a sheet, as it is remembered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from console.sdk.printing import FORMATS, GREATEST_SCALE, LEAST_SCALE, PrintSheet
from console.sdk.records import LonLat

PAPERS: dict[str, tuple[float, float]] = {
    "a4": (210.0, 297.0),
    "a3": (297.0, 420.0),
    "a2": (420.0, 594.0),
    "a1": (594.0, 841.0),
    "a0": (841.0, 1189.0),
    "screen": (285.75, 508.0),
}
"""Millimetres, upright; the screen is 1920 x 1080 at 96 dpi."""
SYMBOLS = {"small": 0.6, "normal": 0.8, "large": 1.2}
LEAST_SIDE, GREATEST_SIDE = 90.0, 2000.0
GREATEST_MARGIN = 60.0
LEAST_DPI, GREATEST_DPI = 72, 600
CHOICES: dict[str, tuple[str, ...]] = {
    "paper": (*PAPERS, "custom"),
    "symbols": tuple(SYMBOLS),
    "colors": ("light", "screen"),
    "legend": ("beside", "inside", "none"),
    "graticule": ("none", "ticks", "lines", "kilometres"),
    "form": FORMATS,
}
RANGES: dict[str, tuple[float, float]] = {
    "width": (LEAST_SIDE, GREATEST_SIDE),
    "height": (LEAST_SIDE, GREATEST_SIDE),
    "margin": (0.0, GREATEST_MARGIN),
    "scale": (LEAST_SCALE, GREATEST_SCALE),
    "dpi": (LEAST_DPI, GREATEST_DPI),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All but the place and the words of one sheet."""

    paper: str = "a4"
    landscape: bool = True
    width: float = 300.0
    """Millimetres of custom paper."""
    height: float = 200.0
    margin: float = 10.0
    scale: float = 10_000.0
    symbols: str = "normal"
    colors: str = "light"
    legend: str = "beside"
    graticule: str = "none"
    furniture: bool = True
    signed: bool = True
    """Whether the user's name stands on it."""
    form: str = "pdf"
    dpi: float = 300.0
    folder: str = ""

    @property
    def size(self) -> tuple[float, float]:
        """Millimetres of the paper as it is looked at."""
        if self.paper == "custom":
            return self.width, self.height
        short, long = PAPERS[self.paper]
        return (long, short) if self.landscape else (short, long)

    def sheet(self, center: LonLat, title: str, note: str, author: str) -> PrintSheet:
        width, height = self.size
        return PrintSheet(
            width=width,
            height=height,
            margin=self.margin,
            center=center,
            scale=self.scale,
            symbols=SYMBOLS[self.symbols],
            colors="light" if self.colors == "light" else "screen",
            title=title,
            note=note,
            author=author if self.signed else "",
            legend=_legend(self.legend),
            graticule=_graticule(self.graticule),
            furniture=self.furniture,
            dpi=self.dpi,
        )

    def kept(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def _legend(name: str) -> Any:
    return name if name in CHOICES["legend"] else "none"


def _graticule(name: str) -> Any:
    return name if name in CHOICES["graticule"] else "none"


def recipe_from(kept: Any) -> Recipe:
    """What ``kept`` gave; whatever is wrong with it is left out."""
    recipe = Recipe()
    if not isinstance(kept, dict):
        return recipe
    for field in fields(Recipe):
        value = kept.get(field.name)
        if _fits(field.name, value, getattr(recipe, field.name)):
            recipe = replace(recipe, **{field.name: value})
    return recipe


def _fits(name: str, value: Any, usual: Any) -> bool:
    if name in CHOICES:
        return value in CHOICES[name]
    if name in RANGES:
        low, high = RANGES[name]
        return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    return type(value) is type(usual)
