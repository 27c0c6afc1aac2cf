"""Style expressions (MapLibre Style Specification, "Expressions"; a subset), compiled once.

An expression is evaluated for all features at once: numpy columns in, a scalar or a
column out. The older filters (``["==", "class", "primary"]``) and functions
(``{"stops": …}``) of version 8 are turned into expressions first.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from console.map.colors import color_of
from console.map.render.data import values as v
from console.map.render.data.older import filter_as_expression, function_as_expression
from console.map.render.style import StyleError

Evaluate = Callable[[v.Table, float], v.Value]
"""From features and the style zoom (of the 512-pixel pyramid, as MapLibre counts) to a value."""
MAX_DEPTH = 40
_SHADES = 32
"""Steps between two stops of an interpolated colour."""

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": lambda *a: functools.reduce(np.add, a),
    "*": lambda *a: functools.reduce(np.multiply, a),
    "-": lambda a, b=None: np.negative(a) if b is None else np.subtract(a, b),
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
    "min": lambda *a: functools.reduce(np.minimum, a),
    "max": lambda *a: functools.reduce(np.maximum, a),
    "abs": np.abs,
    "round": lambda a: np.floor(np.add(a, 0.5)),
    "floor": np.floor,
    "ceil": np.ceil,
    "sqrt": np.sqrt,
    "ln": np.log,
    "log10": np.log10,
    "log2": np.log2,
}


def compile_expression(source: Any, depth: int = 0) -> Evaluate:
    """Raises StyleError for an operator that is not known, wrong arguments or too deep nesting."""
    if depth > MAX_DEPTH:
        raise StyleError("the expression is nested too deeply")
    if isinstance(source, dict):
        source = function_as_expression(source)
    if not isinstance(source, list):
        value = float(source) if isinstance(source, int) and not isinstance(source, bool) else source
        return lambda _table, _zoom: value
    if not source or not isinstance(source[0], str):
        raise StyleError(f"not an expression: {str(source)[:60]}")
    name, arguments = source[0], source[1:]
    make = _MAKERS.get(name)
    if make is None:
        raise StyleError(f'the expression "{name}" is not known')
    try:
        return make(arguments, depth + 1)
    except (LookupError, TypeError, ValueError) as error:
        raise error if isinstance(error, StyleError) else StyleError(f'"{name}": {error}') from error


def is_operator(name: Any) -> bool:
    """Whether a list that begins so is an expression."""
    return isinstance(name, str) and name in _MAKERS


def compile_filter(source: Any) -> Evaluate:
    """A filter, of either version; None lets everything through. Raises StyleError."""
    if source is None:
        return lambda _table, _zoom: True
    return compile_expression(filter_as_expression(source))


# ---- makers: from arguments to an evaluation ----


def _inner(arguments: Sequence[Any], depth: int) -> list[Evaluate]:
    return [compile_expression(argument, depth) for argument in arguments]


def _literal(arguments: Sequence[Any], _depth: int) -> Evaluate:
    value = arguments[0]
    return lambda _table, _zoom: value


def _get(arguments: Sequence[Any], _depth: int) -> Evaluate:
    name = str(arguments[0])
    return lambda table, _zoom: table.column(name)


def _has(arguments: Sequence[Any], depth: int) -> Evaluate:
    get = _get(arguments, depth)

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        column = get(table, zoom)
        return column is not None and ~v.missing(column)

    return evaluate


def _not(arguments: Sequence[Any], depth: int) -> Evaluate:
    (inner,) = _inner(arguments, depth)

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        found = v.truth(inner(table, zoom))
        return ~found if isinstance(found, np.ndarray) else not found

    return evaluate


def _equal(arguments: Sequence[Any], depth: int) -> Evaluate:
    a, b = _inner(arguments[:2], depth)
    return lambda table, zoom: v.same(a(table, zoom), b(table, zoom))


def _ordered(name: str) -> Callable[[Sequence[Any], int], Evaluate]:
    def make(arguments: Sequence[Any], depth: int) -> Evaluate:
        a, b = _inner(arguments[:2], depth)
        return lambda table, zoom: v.ordered(a(table, zoom), b(table, zoom), _COMPARE[name])

    return make


def _all(arguments: Sequence[Any], depth: int) -> Evaluate:
    parts = _inner(arguments, depth)
    return lambda table, zoom: functools.reduce(
        operator.and_, (v.truth(part(table, zoom)) for part in parts), True
    )


def _any(arguments: Sequence[Any], depth: int) -> Evaluate:
    parts = _inner(arguments, depth)
    return lambda table, zoom: functools.reduce(
        operator.or_, (v.truth(part(table, zoom)) for part in parts), False
    )


def _in(arguments: Sequence[Any], depth: int) -> Evaluate:
    needle, hay = _inner(arguments[:2], depth)

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        wanted, within = needle(table, zoom), hay(table, zoom)
        if isinstance(within, list):
            return functools.reduce(operator.or_, (v.same(wanted, item) for item in within), False)
        if isinstance(within, np.ndarray):
            return np.array([isinstance(t, str) and str(wanted) in t for t in within.tolist()], bool)
        return isinstance(within, str) and str(wanted) in within

    return evaluate


def _case(arguments: Sequence[Any], depth: int) -> Evaluate:
    if len(arguments) % 2 == 0:
        raise StyleError('"case" lacks what else holds')
    parts = _inner(arguments, depth)

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        result = parts[-1](table, zoom)
        for at in range(len(parts) - 3, -1, -2):
            result = v.choose(parts[at](table, zoom), parts[at + 1](table, zoom), result, len(table))
        return result

    return evaluate


def _match(arguments: Sequence[Any], depth: int) -> Evaluate:
    if len(arguments) % 2:
        raise StyleError('"match" lacks what else holds')
    tested = compile_expression(arguments[0], depth)
    labels = [labels if isinstance(labels, list) else [labels] for labels in arguments[1:-1:2]]
    results = _inner([*arguments[2:-1:2], arguments[-1]], depth)
    constant = not any(isinstance(result, list | dict) for result in [*arguments[2:-1:2], arguments[-1]])
    chosen_by = {_key(label): result for names, result in zip(labels, arguments[2:-1:2], strict=True)
                 for label in names}  # fmt: skip

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        value = tested(table, zoom)
        if constant and isinstance(value, np.ndarray):  # thousands of labels, as of grids, in one pass
            return v.column([chosen_by.get(_key(item), arguments[-1]) for item in value.tolist()])
        result = results[-1](table, zoom)
        for names, chosen in zip(labels[::-1], results[-2::-1], strict=True):
            hit = functools.reduce(operator.or_, (v.same(value, name) for name in names), False)
            result = v.choose(hit, chosen(table, zoom), result, len(table))
        return result

    return evaluate


def _key(label: Any) -> Any:
    """Numbers and texts apart, truths and numbers too."""
    return (type(label) is bool, float(label) if isinstance(label, int) else label)


def _coalesce(arguments: Sequence[Any], depth: int) -> Evaluate:
    parts = _inner(arguments, depth)

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        result = parts[-1](table, zoom)
        for part in parts[-2::-1]:
            value = part(table, zoom)
            absent = v.missing(value)
            result = v.choose(absent, result, value, len(table))
        return result

    return evaluate


def _step(arguments: Sequence[Any], depth: int) -> Evaluate:
    tested = compile_expression(arguments[0], depth)
    bounds = [float(bound) for bound in arguments[2::2]]
    results = _inner(arguments[1::2], depth)

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        value, result = v.numbers(tested(table, zoom)), results[0](table, zoom)
        for bound, chosen in zip(bounds, results[1:], strict=True):
            result = v.choose(value >= bound, chosen(table, zoom), result, len(table))
        return result

    return evaluate


def _interpolate(arguments: Sequence[Any], depth: int) -> Evaluate:
    how, tested = arguments[0], compile_expression(arguments[1], depth)
    base = float(how[1]) if how[0] == "exponential" else 1.0
    stops = [float(stop) for stop in arguments[2::2]]
    if not stops or stops != sorted(set(stops)):
        raise StyleError('the stops of "interpolate" do not rise')
    results = _inner(arguments[3::2], depth)

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        value = v.numbers(tested(table, zoom))
        outputs = [result(table, zoom) for result in results]
        if any(isinstance(output, str) for output in outputs):
            return _blended(value, stops, outputs, base)
        return _mixed(value, stops, outputs, base)

    return evaluate


def _share(value: Any, low: float, high: float, base: float) -> Any:
    """How far between two stops, 0 to 1."""
    inside = np.clip(np.nan_to_num(value, nan=low), low, high) - low
    if base == 1.0 or high == low:
        return inside / max(high - low, 1e-12)
    return (np.power(base, inside) - 1) / (base ** (high - low) - 1)


def _mixed(value: Any, stops: Sequence[float], outputs: Sequence[Any], base: float) -> v.Value:
    result = v.numbers(outputs[0])
    for at in range(len(stops) - 1):
        low, high = v.numbers(outputs[at]), v.numbers(outputs[at + 1])
        here = low + (high - low) * _share(value, stops[at], stops[at + 1], base)
        result = np.where(np.asarray(value) >= stops[at], here, result)
    return float(result) if np.ndim(result) == 0 else result


def _blended(value: Any, stops: Sequence[float], outputs: Sequence[Any], base: float) -> v.Value:
    """Colours between colours, in a limited number of shades: what has one colour is painted at once."""
    colors = [np.array(color_of(output).getRgbF()) for output in outputs]
    column = np.atleast_1d(np.asarray(value, np.float64))
    shade = np.zeros(len(column))
    for at in range(len(stops) - 1):
        here = at + _share(column, stops[at], stops[at + 1], base)
        shade = np.where(column >= stops[at], here, shade)
    steps, where = np.unique(np.rint(shade * _SHADES).astype(int), return_inverse=True)
    made = [_shade(colors, step / _SHADES) for step in steps.tolist()]
    if np.ndim(value) == 0:
        return made[0]
    return np.array(made, object)[where]


def _shade(colors: Sequence[Any], at: float) -> str:
    low = min(int(at), len(colors) - 1)
    high = min(low + 1, len(colors) - 1)
    mixed = colors[low] + (colors[high] - colors[low]) * (at - low)
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in mixed)


def _arithmetic(name: str) -> Callable[[Sequence[Any], int], Evaluate]:
    def make(arguments: Sequence[Any], depth: int) -> Evaluate:
        parts = _inner(arguments, depth)

        def evaluate(table: v.Table, zoom: float) -> v.Value:
            with np.errstate(all="ignore"):
                found = _ARITHMETIC[name](*(v.numbers(part(table, zoom)) for part in parts))
            return found if np.ndim(found) else float(found)

        return evaluate

    return make


def _mapped(change: Callable[[v.Value], v.Value]) -> Callable[[Sequence[Any], int], Evaluate]:
    def make(arguments: Sequence[Any], depth: int) -> Evaluate:
        inner = compile_expression(arguments[0], depth)
        return lambda table, zoom: change(inner(table, zoom))

    return make


def _concat(arguments: Sequence[Any], depth: int) -> Evaluate:
    parts = _inner([a for a in arguments if not isinstance(a, dict)], depth)

    def evaluate(table: v.Table, zoom: float) -> v.Value:
        found = [v.texts(part(table, zoom)) for part in parts]
        return functools.reduce(operator.add, found, "")

    return evaluate


def _each(change: Callable[[str], Any]) -> Callable[[v.Value], v.Value]:
    def apply(value: v.Value) -> v.Value:
        text = v.texts(value)
        return np.array([change(t) for t in text], object) if isinstance(text, np.ndarray) else change(text)

    return apply


_MAKERS: dict[str, Callable[[Sequence[Any], int], Evaluate]] = {
    "literal": _literal,
    "get": _get,
    "has": _has,
    "!": _not,
    "==": _equal,
    "!=": lambda arguments, depth: _not([["==", *arguments]], depth),
    "all": _all,
    "any": _any,
    "in": _in,
    "case": _case,
    "match": _match,
    "coalesce": _coalesce,
    "step": _step,
    "interpolate": _interpolate,
    "interpolate-hcl": _interpolate,
    "interpolate-lab": _interpolate,
    "heatmap-density": lambda _arguments, _depth: lambda table, _zoom: table.column("heatmap-density"),
    "zoom": lambda _arguments, _depth: lambda _table, zoom: zoom,
    "geometry-type": lambda _arguments, _depth: lambda table, _zoom: table.shape,
    "concat": _concat,
    "format": _concat,
    "to-string": _mapped(v.texts),
    "to-number": _mapped(v.parsed),
    "to-boolean": _mapped(v.truth),
    "image": _mapped(v.texts),
    "to-color": _mapped(lambda value: value),
    "number": _mapped(v.numbers),
    "string": _mapped(v.texts),
    "upcase": _mapped(_each(str.upper)),
    "downcase": _mapped(_each(str.lower)),
    "length": _mapped(lambda value: v.parsed(_each(len)(value))),
    **{name: _ordered(name) for name in _COMPARE},
    **{name: _arithmetic(name) for name in _ARITHMETIC},
}
