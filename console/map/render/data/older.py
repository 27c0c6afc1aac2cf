"""Functions and filters as styles of version 8 had them before expressions, turned into expressions."""

from __future__ import annotations

from typing import Any

from console.map.colors import color_of
from console.map.render.style import StyleError

_COMPARE = frozenset({"<", "<=", ">", ">="})


def function_as_expression(source: dict[str, Any]) -> Any:
    """``{"base", "stops", "property", "type"}`` as an expression. Raises StyleError."""
    stops = source.get("stops")
    if not isinstance(stops, list) or not stops or any(type(s) is not list or len(s) != 2 for s in stops):
        raise StyleError("a style function has no stops")
    tested = ["get", source["property"]] if "property" in source else ["zoom"]
    flat = [part for stop in stops for part in stop]
    kind = source.get("type", "exponential" if _blends(stops[0][1]) else "interval")
    if kind == "categorical":
        return ["match", tested, *flat, source.get("default")]
    if kind == "interval":
        return ["step", tested, flat[1], *flat[2:]]
    return ["interpolate", ["exponential", source.get("base", 1)], tested, *flat]


def _blends(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number or color_of(value).isValid()


def filter_as_expression(source: Any) -> Any:
    """A filter of the older kind as an expression; an expression as it is."""
    if not isinstance(source, list) or not source or not isinstance(source[0], str):
        return source
    name, rest = source[0], source[1:]
    if name in ("all", "any"):
        return [name, *(filter_as_expression(part) for part in rest)]
    if name == "none":
        return ["!", ["any", *(filter_as_expression(part) for part in rest)]]
    older = bool(rest) and isinstance(rest[0], str) and not (len(rest) > 1 and isinstance(rest[1], list))
    if not older:
        return ["!", filter_as_expression(rest[0])] if name == "!" else source
    if name in ("==", "!=", *_COMPARE):
        return [name, _field(rest[0]), *rest[1:]]
    if name in ("in", "!in"):
        found = ["in", _field(rest[0]), ["literal", [float(x) if type(x) is int else x for x in rest[1:]]]]
        return found if name == "in" else ["!", found]
    return ["!", ["has", rest[0]]] if name == "!has" else source


def _field(name: str) -> Any:
    return ["geometry-type"] if name == "$type" else ["get", name]
