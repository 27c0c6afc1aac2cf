"""SVG files from outside: what is drawn stays, what could do harm is refused or left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from console.paths import data_dir
from console.sdk.drawings import BUILT_IN, add_own, draw_symbol, own_names, own_title, renderer
from console.sdk.safe_svg import LARGEST, SvgError, safe_svg
from console.sdk.symbol_set import SYMBOLS, SymbolKind

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inner: str, box: str = "0 0 24 24") -> bytes:
    return f'<svg {NAMESPACES} viewBox="{box}">{inner}</svg>'.encode()


HOSTILE = {
    "script": svg("<script>alert(1)</script>"),
    "handler": svg('<rect width="9" height="9" onclick="x()"/>'),
    "file": svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>'),
    "web": svg('<image href="http://example.com/a.png" width="9" height="9"/>'),
    "url": svg('<rect width="9" height="9" fill="url(http://example.com/a.svg#b)"/>'),
    "style": svg("<style>@import url(http://example.com/a.css);</style>"),
    "styled": svg('<rect width="9" height="9" style="fill:url(file:///etc/passwd)"/>'),
    "use": svg('<g id="a"><use href="#a"/></g>'),
    "page": svg("<foreignObject><body/></foreignObject>"),
    "entities": b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("<g id='&b;'/>"),
    "outer": b'<!DOCTYPE s SYSTEM "http://example.com/s.dtd">' + svg("<g/>"),
    "deep": svg("<g>" * 200 + "</g>" * 200),
    "many": svg("<g/>" * 4000),
    "points": svg('<path d="M0 0' + "l1 1" * 40_000 + '"/>'),
    "far": svg('<rect width="9" height="9" transform="scale(1e30)"/>'),
    "large": svg(" " * LARGEST),
    "hair": svg("<g/>", "0 0 1 1000"),
    "nothing": svg("<g/>", "0 0 0 0"),
    "page of text": b"<html><body/></html>",
    "bytes": bytes(range(256)),
    "empty": b"",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_could_do_harm_is_refused(name: str):
    with pytest.raises(SvgError):
        safe_svg(HOSTILE[name])


def test_shapes_colours_and_gradients_stay_and_the_rest_is_left_out():
    stops = '<stop offset="0" stop-color="#f00"/><stop offset="1" style="stop-color:#0f0;-x:1"/>'
    made = safe_svg(
        svg(
            f'<metadata><x/></metadata><defs><linearGradient id="a">{stops}</linearGradient>'
            '<linearGradient id="b" xlink:href="#a"/><linearGradient id="c" xlink:href="#c"/></defs>'
            '<path d="M0 0h24v24z" fill="url(#b)" stroke-dasharray="0.000001" class="x"/>'
        )
    ).decode()
    assert "metadata" not in made and "dasharray" not in made and "class" not in made
    assert made.count("<stop ") == 4 and 'stop-color="#0f0"' in made and "href" not in made


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: svg(text)))
def test_anything_is_either_a_drawing_or_refused(data: bytes):
    try:
        made = safe_svg(data)
    except SvgError:
        return
    assert b"<svg" in made


def painted(name: str, color: str = "#00ff00") -> QImage:
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    assert draw_symbol(painter, name, QRectF(0, 0, 48, 48), color)
    painter.end()
    return image


def test_each_built_in_symbol_is_a_sound_drawing_and_unlike_the_others(qapp: QApplication):
    assert sum(symbol.kind is not SymbolKind.MARK for symbol in SYMBOLS.values()) >= 40
    seen: dict[bytes, str] = {}
    for name in SYMBOLS:
        safe_svg((BUILT_IN / f"{name}.svg").read_bytes())
        picture = bytes(painted(name).constBits())
        assert picture not in seen, f"{name} looks like {seen.get(picture)}"
        seen[picture] = name
    assert {p.stem for p in BUILT_IN.glob("*.svg")} == set(SYMBOLS)


def test_marks_take_a_colour_and_framed_symbols_keep_theirs(qapp: QApplication):
    assert painted("star", "#00ff00").pixelColor(24, 26) == QColor("#00ff00")
    assert painted("fire", "#00ff00") == painted("fire", "#ff0000")


def test_a_drawing_of_the_users_is_taken_over_and_keeps_its_name(qapp: QApplication, tmp_path: Path):
    """Another drawing of that name stands beside it: styles that use the first are not changed."""
    source = tmp_path / "我的 symbol!.svg"
    source.write_bytes(svg('<rect width="24" height="24" fill="#0000ff"/><metadata/>'))
    name = add_own(str(source))
    assert own_title(name) == "我的-symbol" and own_names() == [name] and add_own(str(source)) == name
    source.write_bytes(svg('<rect width="24" height="24" fill="#ff0000"/>'))
    other = add_own(str(source))
    assert [painted(n).pixelColor(24, 24).name() for n in (name, other)] == ["#0000ff", "#ff0000"]


def test_a_file_that_was_put_there_by_other_means_is_checked_too(qapp: QApplication):
    folder = data_dir() / "symbols"
    folder.mkdir()
    (folder / "bad.svg").write_bytes(HOSTILE["file"])
    assert renderer("own/bad") is None


@pytest.mark.parametrize("name", ["own/../fire", "own/", "../icons/fire", "nothing", "own/a/b"])
def test_names_lead_nowhere_else(qapp: QApplication, name: str):
    assert renderer(name) is None
