"""Contrast of a theme's colours (WCAG 2.2, level AA): every pair that the style sheet makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor

from console.sdk.ui.theming import luminance

_SURFACES = (
    "surface",
    "surface.raised",
    "surface.overlay",
    "surface.input",
    "surface.hover",
    "surface.chrome",
)
_TEXTS = ("text", "text.strong", "text.muted", "accent.text", "success", "warning", "error", "info")
_TEXT_PAIRS = (
    *((text, surface) for text in _TEXTS for surface in _SURFACES),
    ("text.strong", "surface.selected"),
    ("text", "surface.selected"),
    ("text", "surface.pressed"),
    ("accent.on", "accent"),
    ("accent.on", "accent.hover"),
    ("text", "banner.warning"),
    ("text", "banner.error"),
)
_GRAPHIC_PAIRS = tuple(
    (token, surface)
    for token in ("icon", "focus", "accent", "border.strong")
    for surface in ("surface", "surface.raised", "surface.chrome", "surface.input")
)
_LEAST_OF_TEXT, _LEAST_OF_GRAPHICS = 4.5, 3.0


@dataclass(frozen=True, slots=True)
class Faint:
    """Two colours that are too much alike; *ratio* and *least* as WCAG counts, 1 to 21."""

    token: str
    surface: str
    ratio: float
    least: float


def contrast(a: str, b: str) -> float:
    """Ratio of two colours ``#rrggbb``, 1 to 21."""
    high, low = sorted((luminance(QColor(a)), luminance(QColor(b))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def faint_pairs(tokens: Mapping[str, str]) -> list[Faint]:
    """Pairs of *tokens* below level AA, the faintest first."""
    measured = [
        Faint(token, surface, contrast(tokens[token], tokens[surface]), least)
        for pairs, least in ((_TEXT_PAIRS, _LEAST_OF_TEXT), (_GRAPHIC_PAIRS, _LEAST_OF_GRAPHICS))
        for token, surface in pairs
    ]
    return sorted((pair for pair in measured if pair.ratio < pair.least), key=lambda pair: pair.ratio)
