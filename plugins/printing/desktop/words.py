"""Tables of texts that are translated when they are shown, and scales as they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from console.sdk import Context
from plugins.printing.desktop.recipe import RANGES

PAPER_TITLES: dict[str, str] = {
    "a4": "A4",
    "a3": "A3",
    "a2": "A2",
    "a1": "A1",
    "a0": "A0",
    "screen": "Screen 16:9",
    "custom": "Custom size",
}
LEGENDS = {"beside": "Beside the map", "inside": "In the map", "none": "None"}
GRATICULES = {
    "none": "None",
    "ticks": "Degrees at the edge",
    "lines": "Lines of degrees",
    "kilometres": "Kilometre grid",
}
COLORS = {"light": "For paper", "screen": "As on the screen"}
SYMBOL_TITLES = {"small": "Small", "normal": "Normal", "large": "Large"}


def titled(ctx: Context, table: Mapping[str, str]) -> list[tuple[str, str]]:
    """Keys with their titles in the user's language."""
    return [(key, ctx.tr(title)) for key, title in table.items()]


def parse_scale(text: str) -> float | None:
    """N of “1:10,000”, “1：10 000”, “10000” or “1 万”; None for what is no scale of a map."""
    found = re.fullmatch(r"\s*(?:1\s*[:：/]\s*)?([\d.,，\s]+?)\s*(万)?\s*", text)
    if found is None:
        return None
    try:
        number = float(re.sub(r"[,，\s]", "", found[1])) * (10_000 if found[2] else 1)
    except ValueError:
        return None
    low, high = RANGES["scale"]
    return number if low <= number <= high else None
