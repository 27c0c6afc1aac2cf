"""Layers of a style for vector tiles as the editor shows and changes them. Plain data, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Layer = dict[str, Any]
TYPES = ("fill", "line", "circle", "symbol")
"""Types whose look can be edited."""
COLOR = {"fill": "fill-color", "line": "line-color", "circle": "circle-color", "symbol": "text-color"}
SIZE = {"line": "line-width", "circle": "circle-radius", "symbol": "text-size"}
OPACITY = {"fill": "fill-opacity", "line": "line-opacity", "circle": "circle-opacity"}
EDGE = {"fill": "fill-outline-color", "circle": "circle-stroke-color", "symbol": "text-halo-color"}
USUAL = {"line-width": 1.0, "circle-radius": 5.0, "text-size": 16.0}
"""What the specification says where nothing is said; opacities are 1."""
NEW = "#f2a65a"
_LAYOUT = frozenset({"text-size", "text-field", "visibility", "symbol-placement"})


def shown(layer: Layer) -> bool:
    """Whether the layer is drawn."""
    return _part(layer, "layout").get("visibility", "visible") != "none"


def value_of(layer: Layer, name: str) -> Any:
    """A property; None when it is not given."""
    return _part(layer, "layout" if name in _LAYOUT else "paint").get(name)


def is_plain(value: Any) -> bool:
    """Whether a value is one for all features and zooms."""
    return not isinstance(value, list | dict)


def with_value(layer: Layer, name: str, value: Any) -> Layer:
    """The layer with a property; None takes it away."""
    part = "layout" if name in _LAYOUT else "paint"
    values = {key: kept for key, kept in _part(layer, part).items() if key != name}
    return {**layer, part: values if value is None else {**values, name: value}}


def with_shown(layer: Layer, on: bool) -> Layer:
    """The layer, drawn or not."""
    return with_value(layer, "visibility", None if on else "none")


def with_type(layer: Layer, kind: str) -> Layer:
    """The layer drawn in another way, in the colour that it had."""
    color = value_of(layer, COLOR.get(str(layer.get("type")), ""))
    made: Layer = {key: value for key, value in layer.items() if key not in ("paint", "layout", "type")}
    made |= {"type": kind, "paint": {COLOR[kind]: color or NEW}}
    if kind == "symbol":
        made["layout"] = {"text-field": "{name}"}
    return made


def with_zooms(layer: Layer, least: float, most: float) -> Layer:
    """The layer drawn from a zoom up to another, as the map counts them: one more than MapLibre does."""
    made = {key: value for key, value in layer.items() if key not in ("minzoom", "maxzoom")}
    limits = {"minzoom": least - 1, "maxzoom": most - 1}
    return {**made, **{key: zoom for key, zoom in limits.items() if 0 < zoom < 22}}


def zooms_of(layer: Layer) -> tuple[float, float]:
    """As ``with_zooms`` takes them."""
    least, most = layer.get("minzoom", -1), layer.get("maxzoom", 22)
    low = float(least) + 1 if isinstance(least, int | float) else 0.0
    return low, float(most) + 1 if isinstance(most, int | float) else 23.0


def new_layer(style: Sequence[Layer], source: str) -> Layer:
    """A line layer of a source layer, under a name of its own."""
    names = {str(layer.get("id")) for layer in style}
    name = next(n for n in (source, *(f"{source}-{i}" for i in range(2, len(names) + 3))) if n not in names)
    return {
        "id": name,
        "type": "line",
        "source-layer": source,
        "paint": {"line-color": NEW, "line-width": 1.5},
    }


def _part(layer: Layer, name: str) -> dict[str, Any]:
    part = layer.get(name)
    return part if isinstance(part, dict) else {}
