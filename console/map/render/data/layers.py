"""The layers of a MapLibre style (version 8), as far as they are drawn: fill, line, circle, symbol."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from console.map.render.data import values as v
from console.map.render.data.expressions import Evaluate, compile_expression, compile_filter, is_operator
from console.map.render.style import StyleError
from console.sdk.charts import Chart, chart_in

DRAWN = ("fill", "line", "circle", "symbol", "background", "heatmap")
MAX_LAYERS = 500
MAX_STYLE = 4_000_000
"""Characters of a style."""


@dataclass(frozen=True, slots=True)
class StyleLayer:
    """One layer of a style; everything that can depend on zoom or feature is compiled."""

    id: str
    number: int
    """Its place in the style: names need not be unique."""
    type: str
    source_layer: str
    """Of vector tiles; empty: any."""
    min_zoom: float
    max_zoom: float
    """Of the 512-pixel pyramid."""
    filter: Evaluate
    properties: dict[str, Evaluate] = field(default_factory=dict[str, Evaluate])
    """Paint and layout together; their names never clash."""
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    """What is ours alone: other programs pass it over."""
    chart: Chart | None = None
    """Of a circle layer that is drawn as charts."""

    def applies(self, zoom: float) -> bool:
        return self.min_zoom <= zoom < self.max_zoom

    def get(self, name: str, default: Any) -> Evaluate:
        """The property, or what the specification says when it is not given."""
        return self.properties.get(name) or (lambda _table, _zoom: default)


def read_style(text: str) -> list[StyleLayer]:
    """Layers of a style document, or of a list of layers alone, as JSON.

    Layers of other types are passed over. Raises StyleError with the layer that is wrong.
    """
    if len(text) > MAX_STYLE:
        raise StyleError("the style is too large")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StyleError(f"the style is no JSON: {error}") from error
    layers = document.get("layers") if isinstance(document, dict) else document
    if not isinstance(layers, list) or len(layers) > MAX_LAYERS:
        raise StyleError("the style has no list of layers, or too many")
    return [_layer(layer, number) for number, layer in enumerate(layers) if _is_drawn(layer)]


def _is_drawn(layer: Any) -> bool:
    if not isinstance(layer, dict):
        raise StyleError("a layer of the style is no object")
    shown = _part(layer, "layout").get("visibility", "visible") != "none"
    return shown and layer.get("type") in DRAWN


def _part(layer: dict[str, Any], name: str) -> dict[str, Any]:
    part = layer.get(name, {})
    if not isinstance(part, dict):
        raise StyleError(f'"{name}" of a layer is no object')
    return part


def _layer(layer: dict[str, Any], number: int) -> StyleLayer:
    name = str(layer.get("id", number))
    try:
        given = {**_part(layer, "layout"), **_part(layer, "paint")}
        return StyleLayer(
            id=name,
            number=number,
            type=str(layer["type"]),
            source_layer=str(layer.get("source-layer", "")),
            min_zoom=float(layer.get("minzoom", 0.0)),
            max_zoom=float(layer.get("maxzoom", 30.0)),
            filter=compile_filter(layer.get("filter")),
            metadata=_part(layer, "metadata"),
            chart=chart_in(layer),
            properties={key: _compiled(key, value) for key, value in given.items() if key != "visibility"},
        )
    except (StyleError, ValueError, TypeError) as error:
        raise StyleError(f'style layer "{name}": {error}') from error


_LISTS = frozenset({"line-dasharray", "fill-translate", "line-translate"})
PACKED = frozenset({"text-font", "text-offset", "icon-offset"})
"""Lists that may differ from feature to feature: they become texts, parted by commas."""


def _compiled(key: str, value: Any) -> Evaluate:
    """Lists of numbers or fonts are values, not expressions; ``{name}`` in texts is an older ``get``."""
    if key in _LISTS and isinstance(value, list) and not (value and value[0] in ("step", "literal", "case")):
        return lambda _table, _zoom: value
    if key in PACKED:
        return compile_expression(_packed(value))
    if key in ("text-field", "icon-image") and isinstance(value, str):
        return compile_expression(_template(value))
    return compile_expression(value)


def _packed(value: Any) -> Any:
    """``["literal", [0, 1]]``, or a list that is no expression, as the text ``0,1``, however deep."""
    if isinstance(value, dict):
        return {name: _packed(part) for name, part in value.items()}
    if not isinstance(value, list) or not value:
        return value
    if value[0] == "literal" and len(value) == 2 and isinstance(value[1], list):
        value = value[1]
    is_value = all(isinstance(part, str | int | float) for part in value) and not is_operator(value[0])
    return ",".join(map(str, value)) if is_value else [_packed(part) for part in value]


def pair_of(text: Any) -> tuple[float, float]:
    """Two numbers of a packed list, -50 to 50; 0 for anything else."""
    parts = [v.numbers(v.parsed(part)) for part in str(text).split(",")]
    x, y = (min(max(n, -50.0), 50.0) if n == n else 0.0 for n in (parts if len(parts) == 2 else (0.0, 0.0)))
    return x, y


def _template(text: str) -> Any:
    """``{name} {ref}`` as an expression."""
    parts: list[Any] = []
    while "{" in text and "}" in text.split("{", 1)[1]:
        before, rest = text.split("{", 1)
        name, text = rest.split("}", 1)
        parts += [before, ["to-string", ["get", name]]]
    return ["concat", *parts, text]


def default_style(color: str) -> list[dict[str, Any]]:
    """What features of any shape look like until somebody says otherwise."""
    width = ["interpolate", ["linear"], ["zoom"], 9, 1.0, 16, 2.4]
    circle = {"circle-radius": 4.5, "circle-color": color}
    circle |= {"circle-stroke-color": "rgba(16,20,26,0.85)", "circle-stroke-width": 1.2}
    return [
        {
            "id": "fill",
            "type": "fill",
            "paint": {"fill-color": color, "fill-opacity": 0.4, "fill-outline-color": color},
        },
        {
            "id": "line",
            "type": "line",
            "filter": ["==", "$type", "LineString"],
            "paint": {"line-color": color, "line-width": width},
        },
        {"id": "point", "type": "circle", "filter": ["==", "$type", "Point"], "paint": circle},
    ]
