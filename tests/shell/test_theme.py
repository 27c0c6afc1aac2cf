"""Every pair of text and background that the style sheet makes is measured (WCAG 2.2 AA)."""

from __future__ import annotations

import re

import pytest

from console.shell.contrast import contrast, faint_pairs
from console.shell.theme import THEMES, load_tokens

SYMBOLS = re.compile(r"^(staff|event|camera|station|map\.(shape|route|closure|selection|measure))(\.|$)")


@pytest.fixture(params=["dark", "light"])
def tokens(request) -> dict[str, str]:
    return load_tokens(THEMES / f"{request.param}.toml")


def test_texts_graphics_and_focus_rings_are_seen_on_every_surface(tokens):
    assert faint_pairs(tokens) == []


def test_map_symbols_are_seen_on_the_map_and_in_tables(tokens):
    symbols = [token for token in tokens if SYMBOLS.match(token) and token != "map.route_casing"]
    assert len(symbols) >= 17
    pairs = [(token, ground) for token in symbols for ground in ("map.background", "surface.raised")]
    assert [pair for pair in pairs if contrast(tokens[pair[0]], tokens[pair[1]]) < 3.0] == []


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
