"""Every pair of text and background that the style sheet makes is measured (WCAG 2.2 AA)."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor

from console.shell.theme import THEMES, load_tokens

SURFACES = [
    "surface",
    "surface.raised",
    "surface.overlay",
    "surface.input",
    "surface.hover",
    "surface.chrome",
]
TEXTS = ["text", "text.strong", "text.muted", "accent.text", "success", "warning", "error", "info"]
TEXT_PAIRS = [(text, surface) for text in TEXTS for surface in SURFACES] + [
    ("text.strong", "surface.selected"),
    ("text", "surface.selected"),
    ("text", "surface.pressed"),
    ("accent.on", "accent"),
    ("accent.on", "accent.hover"),
    ("text", "banner.warning"),
    ("text", "banner.error"),
]
GRAPHIC_PAIRS = [
    (token, surface)
    for token in ["icon", "focus", "accent", "border.strong"]
    for surface in ["surface", "surface.raised", "surface.chrome", "surface.input"]
]
SYMBOLS = re.compile(r"^(staff|event|camera|station|map\.(shape|route|closure|selection|measure))(\.|$)")


def luminance(color: str) -> float:
    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    r, g, b, _ = QColor(color).getRgbF()
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=["dark", "light"])
def tokens(request) -> dict[str, str]:
    return load_tokens(THEMES / f"{request.param}.toml")


def weak(tokens, pairs, least) -> dict[tuple[str, str], float]:
    measured = {pair: contrast(tokens[pair[0]], tokens[pair[1]]) for pair in pairs}
    return {pair: round(value, 2) for pair, value in measured.items() if value < least}


def test_text_reads_on_every_surface(tokens):
    assert weak(tokens, TEXT_PAIRS, 4.5) == {}


def test_graphics_and_focus_rings_are_seen(tokens):
    assert weak(tokens, GRAPHIC_PAIRS, 3.0) == {}


def test_map_symbols_are_seen_on_the_map_and_in_tables(tokens):
    symbols = [token for token in tokens if SYMBOLS.match(token) and token != "map.route_casing"]
    assert len(symbols) >= 17
    pairs = [(token, ground) for token in symbols for ground in ("map.background", "surface.raised")]
    assert weak(tokens, pairs, 3.0) == {}


def test_both_themes_have_the_same_tokens():
    assert load_tokens(THEMES / "dark.toml").keys() == load_tokens(THEMES / "light.toml").keys()


def test_the_style_sheet_names_only_known_tokens(tokens):
    used = re.findall(r"@(?!icon)([a-z_]+(?:\.[a-z_]+)*)", (THEMES / "console.qss").read_text("utf-8"))
    assert set(used) <= tokens.keys()


def test_a_wrong_colour_is_named(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('"text" = "blue"', "utf-8")
    with pytest.raises(ValueError, match=r"bad\.toml: text"):
        load_tokens(bad)
