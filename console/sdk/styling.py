"""MapLibre style layers from a classification: what a data layer is drawn by, with its legend.

The legend is carried in the first layer's ``metadata`` (which MapLibre leaves to others), since
expressions alone cannot say what a class is called or that a feature has no value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from console.model.text import Text

LEGEND = "onemap:legend"
"""Key of the legend in ``metadata``: a list of ``{"zh_CN", "en", "color"}``."""
PLACEMENT = "onemap:placement"
"""Key of a symbol layer's ``metadata``: AT_END puts symbols at the ends of lines."""
AT_END = "line-end"
NO_DATA_COLOR = "#8a8f98"
NO_DATA = Text("无数据", "No data")
OTHERS = Text("其他", "Other")
POLYGON, LINE, POINT = "Polygon", "LineString", "Point"
EDGE = "#10141a"
PATTERNS = (
    "", "hatch", "hatch-back", "hatch-cross", "grid", "dots", "dots-dense", "horizontal", "vertical",
)  # fmt: skip
"""What areas can be filled with; empty: the plain colour."""


ARROWS = ("", "along", "end")
"""Arrows along lines, or at the end of each."""
NATURAL = 24.0
"""Logical pixels of a symbol at an ``icon-size`` of 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """All of a symbol but the colours that depend on the feature. Widths are logical pixels."""

    color: str = "#4cc2ff"
    opacity: float = 0.7
    pattern: str = ""
    """One of PATTERNS."""
    outline: str = EDGE
    outline_width: float = 0.8
    width: float = 2.0
    """Of lines."""
    radius: float = 5.0
    """Of points."""
    symbol: str = ""
    """Of points, instead of a disc: a drawing as ``console.sdk.drawings`` names it."""
    symbol_size: float = 24.0
    """Logical pixels across."""
    arrows: str = ""
    """Of lines: one of ARROWS."""


@dataclass(frozen=True, slots=True)
class Class:
    """One line of a legend."""

    title: Text
    color: str


def by_number(
    field: str, limits: Sequence[float], colors: Sequence[str], no_data: str = NO_DATA_COLOR
) -> list[Any]:
    """The colour expression of a classification: one more colour than *limits*."""
    column = ["get", field]
    inner: Any = ["step", column, colors[0]]
    for limit, color in zip(limits, colors[1:], strict=True):
        inner += [limit, color]
    return ["case", ["has", field], inner if limits else colors[0], no_data]


def by_value(field: str, colors: Mapping[Any, str], others: str = NO_DATA_COLOR) -> Any:
    """The colour expression of categories; values of one colour are tested together."""
    labels: dict[str, list[Any]] = {}
    for value, color in colors.items():
        labels.setdefault(color, []).append(value)
    if not labels:
        return others
    return ["match", ["get", field], *[part for color, of in labels.items() for part in (of, color)], others]


def number_legend(
    limits: Sequence[float],
    colors: Sequence[str],
    *,
    no_data: bool = True,
    whole: tuple[float, float] | None = None,
) -> list[Class]:
    """What each class of a classification is called, from the lowest to the highest.

    *whole*: the least and the greatest of whole numbers (``classify.whole_range``), of which classes say
    what is in them: 1 – 2, 3 – 5, 6 and more.
    """
    edges = [None, *limits, None]
    lines = [
        Class(_range(low, high) if whole is None else _whole(low, high, whole), color)
        for low, high, color in zip(edges[:-1], edges[1:], colors, strict=True)
    ]
    return [*lines, Class(NO_DATA, NO_DATA_COLOR)] if no_data else lines


def value_legend(colors: Mapping[Any, str], *, others: bool = True) -> list[Class]:
    """Each category by its value."""
    lines = [Class(_same(number_text(value)), color) for value, color in colors.items()]
    return [*lines, Class(OTHERS, NO_DATA_COLOR)] if others else lines


def style_layers(
    shapes: Sequence[str],
    color: Any,
    symbol: Symbol,
    *,
    legend: Sequence[Class] = (),
    name: str = "",
    only: Any = None,
) -> list[dict[str, Any]]:
    """Layers for features of these *shapes* (POLYGON, LINE, POINT) in *color*, a text or an expression.

    *name* sets them apart from others of the style; *only* is a filter. Without a *legend* there is
    one line, or what the expressions say.
    """
    made: list[dict[str, Any]] = []
    if POLYGON in shapes:
        made += _areas(color, symbol)
    if LINE in shapes:
        paint = {"line-color": color, "line-width": symbol.width, "line-opacity": symbol.opacity}
        layout = {"line-cap": "round", "line-join": "round"}
        made.append({"id": "line", "type": "line", "layout": layout, "paint": paint, "of": LINE})
        made += _arrows(color, symbol)
    if POINT in shapes:
        made.append({**_point(color, symbol), "of": POINT})
    for layer in made:
        of = ["==", ["geometry-type"], layer.pop("of")]
        layer["id"] = f"{name}{layer['id']}"
        layer["filter"] = of if only is None else ["all", of, only]
    if made and legend:
        made[0]["metadata"] = made[0].get("metadata", {}) | legend_metadata(legend)
    return made


def legend_metadata(legend: Sequence[Class]) -> dict[str, Any]:
    """What the ``metadata`` of a style's first layer holds for its legend; nothing for none."""
    return {LEGEND: [_line(line) for line in legend]} if legend else {}


def label_layer(
    field: str,
    *,
    size: float,
    color: str,
    halo: str,
    zoom_from: float,
    bold: bool = False,
    below: float = 0.0,
    name: str = "",
) -> dict[str, Any]:
    """Texts of a field, from a zoom of the map on; without a colour, in those of the map's theme.

    *below*: logical pixels from the place down to the text; 0: in the middle.
    """
    layout: dict[str, Any] = {"text-field": ["to-string", ["get", field]], "text-size": size}
    if bold:
        layout["text-font"] = ["Noto Sans Bold"]
    if below:
        layout |= {"text-anchor": "top", "text-offset": [0, round(below / size, 2)]}
    return {
        "id": f"{name}label",
        "type": "symbol",
        "minzoom": max(zoom_from - 1.0, 0.0),  # MapLibre counts zooms of 512-pixel tiles
        "layout": layout,
        "paint": {"text-color": color, "text-halo-color": halo, "text-halo-width": 1.2} if color else {},
    }


def legend_in(style: Sequence[Mapping[str, Any]]) -> list[Class] | None:
    """The legend that a style carries; None when it carries none that can be read."""
    for layer in style:
        metadata = layer.get("metadata")
        lines = cast(Mapping[str, Any], metadata).get(LEGEND) if isinstance(metadata, dict) else None
        if isinstance(lines, list):
            try:
                return [_class(line) for line in cast(list[Any], lines)]
            except (KeyError, TypeError):
                return None
    return None


def number_text(value: Any) -> str:
    """A number with its digits in groups, a text as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,.10g}"


def _areas(color: Any, symbol: Symbol) -> list[dict[str, Any]]:
    paint: dict[str, Any] = {"fill-color": color, "fill-opacity": symbol.opacity}
    if symbol.pattern:
        paint["fill-pattern"] = symbol.pattern
    made = [{"id": "fill", "type": "fill", "paint": paint, "of": POLYGON}]
    if symbol.outline_width > 0:
        edge = {"line-color": symbol.outline, "line-width": symbol.outline_width}
        made.append({"id": "edge", "type": "line", "paint": edge, "of": POLYGON})
    return made


def _arrows(color: Any, symbol: Symbol) -> list[dict[str, Any]]:
    """Those at the ends are in the middle for other programs, and wider than the line."""
    if symbol.arrows not in ARROWS[1:]:
        return []
    at_end = symbol.arrows == "end"
    size = max(4.0 * symbol.width, 14.0) / NATURAL
    layout = {"icon-image": "arrowhead" if at_end else "chevron", "icon-size": round(size, 2)}
    layout |= {"symbol-placement": "line-center"} if at_end else {"symbol-placement": "line"}
    layout |= {"icon-allow-overlap": True} if at_end else {"symbol-spacing": 80}
    made = {"id": "arrow", "type": "symbol", "layout": layout, "paint": {"icon-color": color}, "of": LINE}
    return [made | ({"metadata": {PLACEMENT: AT_END}} if at_end else {})]


def _point(color: Any, symbol: Symbol) -> dict[str, Any]:
    """A disc or a drawing."""
    if not symbol.symbol:
        return {"id": "point", "type": "circle", "paint": _dot(color, symbol)}
    size = round(symbol.symbol_size / NATURAL, 3)
    layout = {"icon-image": symbol.symbol, "icon-size": size, "icon-allow-overlap": True}
    paint = {"icon-color": color, "icon-opacity": symbol.opacity}
    return {"id": "point", "type": "symbol", "layout": layout, "paint": paint}


def _dot(color: Any, symbol: Symbol) -> dict[str, Any]:
    return {
        "circle-radius": symbol.radius,
        "circle-color": color,
        "circle-opacity": symbol.opacity,
        "circle-stroke-color": symbol.outline,
        "circle-stroke-width": symbol.outline_width,
    }


def _range(low: float | None, high: float | None) -> Text:
    if low is None and high is None:
        return Text("全部", "All")
    if low is None:
        return Text(f"小于 {number_text(high)}", f"below {number_text(high)}")
    if high is None:
        return Text(f"{number_text(low)} 及以上", f"{number_text(low)} and more")
    return _same(f"{number_text(low)} – {number_text(high)}")


def _whole(low: float | None, high: float | None, within: tuple[float, float]) -> Text:
    least = within[0] if low is None else low
    most = within[1] if high is None else high - 1
    if high is None and low is not None and most > least:
        return Text(f"{number_text(least)} 及以上", f"{number_text(least)} and more")
    if most <= least:
        return _same(number_text(least))
    return _same(f"{number_text(least)} – {number_text(most)}")


def _same(text: str) -> Text:
    return Text(text, text)


def _class(line: Any) -> Class:
    return Class(Text(str(line["zh_CN"]), str(line["en"])), str(line["color"]))


def _line(line: Class) -> dict[str, str]:
    return {"zh_CN": line.title.zh_CN, "en": line.title.en, "color": line.color}
