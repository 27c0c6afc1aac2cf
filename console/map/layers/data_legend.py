"""What the legend says of a data layer: a line for each thing that its style draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from console.map.colors import color_of, color_text
from console.map.layers.layer_styles import layers_of
from console.model.text import Text
from console.sdk.map import LegendItem
from console.sdk.styling import OTHERS, legend_in
from console.sdk.symbol_set import SYMBOLS
from console.sdk.symbols import ShapeStyle, Sprite, SpriteShape

MOST = 40
"""Lines of one layer; the rest is left out."""
COLORS = {"fill": "fill-color", "line": "line-color", "circle": "circle-color"}


def legend_of_style(style: str) -> list[LegendItem]:
    """What the style carries; else a line a class of ``match`` and range of ``step`` of each layer."""
    layers = layers_of(style)
    carried = legend_in(layers)
    if carried is not None:
        return [_item(layers[0].get("type", ""), line.title, line.color) for line in carried][:MOST]
    items: dict[str, LegendItem] = {}
    for layer in layers:
        paint = layer.get("paint", {})
        layout = layer.get("layout", {})
        symbol = layout.get("icon-image")
        if symbol in SYMBOLS and layout.get("symbol-placement", "point") == "point":
            item = _symbol(symbol, paint.get("icon-color"), layer)
            items.setdefault(item.title.en, item)
        for title, color in _colors(paint.get(COLORS.get(str(layer.get("type")), "")), layer):
            item = _item(layer["type"], title, color)
            items.setdefault(title.en, item)
    return list(items.values())[:MOST]


def legend_of_ramp(ramp: Sequence[tuple[float, str]]) -> list[LegendItem]:
    """A line for each stop."""
    return [_item("fill", Text(f"{value:,}", f"{value:,}"), color) for value, color in ramp][:MOST]


def _colors(value: Any, layer: dict[str, Any]) -> Iterator[tuple[Text, str]]:
    """A title and a colour for each case."""
    if isinstance(value, str):
        title = layer.get("metadata", {}).get("title", "")
        yield Text(title, title), value
    elif isinstance(value, list) and value and value[0] == "match":
        for names, color in zip(value[2:-1:2], value[3:-1:2], strict=False):
            title = ", ".join(map(str, names if isinstance(names, list) else [names]))
            yield Text(title, title), color
        yield OTHERS, value[-1]
    elif isinstance(value, list) and len(value) > 2 and value[0] == "step":
        bounds, colors = value[3::2], value[2::2]
        for low, high, color in zip([None, *bounds], [*bounds, None], colors, strict=False):
            yield _range(low, high), color
    elif isinstance(value, list) and len(value) > 3 and value[0].startswith("interpolate"):
        for stop, color in zip(value[3::2], value[4::2], strict=False):
            yield Text(f"{stop:,}", f"{stop:,}"), color


def _symbol(name: str, color: Any, layer: dict[str, Any]) -> LegendItem:
    title = layer.get("metadata", {}).get("title", "")
    fill = color if isinstance(color, str) and color_of(color).isValid() else "#000000"
    found = Text(title, title) if title else SYMBOLS[name].title
    return LegendItem(title=found, sprite=Sprite(symbol=name, fill=color_text(color_of(fill)), size=18))


def _range(low: float | None, high: float | None) -> Text:
    if low is None:
        return Text(f"小于 {high:,}", f"below {high:,}")
    return Text(f"{low:,} 及以上", f"{low:,} and more") if high is None else _span(low, high)


def _span(low: float, high: float) -> Text:
    return Text(f"{low:,} – {high:,}", f"{low:,} – {high:,}")


def _item(kind: str, title: Text, value: Any) -> LegendItem:
    if not value:
        return LegendItem(title=title)
    color = color_of(value)
    text = color_text(color) if color.isValid() else "#888888ff"
    if kind == "circle":
        return LegendItem(title=title, sprite=Sprite(shape=SpriteShape.CIRCLE, fill=text))
    if kind == "line":
        return LegendItem(title=title, style=ShapeStyle(stroke=text, width=3.0))
    return LegendItem(title=title, style=ShapeStyle(stroke="", fill=text))
