"""Values of style expressions: one for all features, or a column with one each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Value = Any
"""A scalar (None, bool, float, str), or an (n,) array of float64 (nan: none), bool, object (str, None)."""
FAULTS = (ValueError, TypeError, ArithmeticError, LookupError)
"""What an expression can raise when it is reckoned."""
Bools = npt.NDArray[np.bool_]


class Table(Protocol):
    """Attributes of n features."""

    shape: str
    """``Point``, ``LineString`` or ``Polygon``."""

    def __len__(self) -> int: ...

    def column(self, name: str) -> npt.NDArray[Any] | None:
        """float64 or object (str, None); None when no feature has it."""
        ...


def numbers(value: Value) -> Value:
    """As float64, nan for what is no number; a scalar stays one."""
    if isinstance(value, np.ndarray):
        if value.dtype != object:
            return value.astype(np.float64)
        return np.array([_number(v) for v in value.tolist()], np.float64)
    return _number(value)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, bool | int | float) else float("nan")


def parsed(value: Value) -> Value:
    """Texts read as numbers, for ``to-number``."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        return np.array([_read(v) for v in value.tolist()], np.float64)
    return numbers(value) if isinstance(value, np.ndarray) else _read(value)


def _read(value: Value) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def texts(value: Value) -> Value:
    """As str, whole numbers without a point; nothing is the empty text."""
    if isinstance(value, np.ndarray):
        return np.array([_text(v) for v in value.tolist()], object)
    return _text(value)


def _text(value: Value) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def missing(value: Value) -> Value:
    """Where there is nothing."""
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            return np.array([v is None for v in value.tolist()], bool)
        return np.isnan(value) if value.dtype == np.float64 else np.zeros(len(value), bool)
    return value is None or value != value


def truth(value: Value) -> Value:
    """As bool."""
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            return np.array([bool(v) for v in value.tolist()], bool)
        return value.astype(bool) & ~missing(value)
    return bool(value) and value == value


def mask(value: Value, count: int) -> Bools:
    """A scalar or column of truths as an (n,) mask."""
    found = truth(value)
    return found if isinstance(found, np.ndarray) else np.full(count, found)


def same(a: Value, b: Value) -> Value:
    """Equality; a text never equals a number."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        column, other = (a, b) if isinstance(a, np.ndarray) else (b, a)
        if not isinstance(other, np.ndarray):
            if column.dtype != object and isinstance(other, str | None):
                return np.zeros(len(column), bool)
            return np.asarray(column == other, bool)
        if (column.dtype == object) != (other.dtype == object):
            column, other = column.astype(object), other.astype(object)
        return np.asarray(column == other, bool)
    return bool(a == b)


def ordered(a: Value, b: Value, compare: Callable[[Any, Any], Any]) -> Value:
    """``compare`` of two numbers or two texts; False for anything else."""
    if isinstance(a, str) or isinstance(b, str):
        size = next((len(v) for v in (a, b) if isinstance(v, np.ndarray)), None)
        left, right = (v.tolist() if isinstance(v, np.ndarray) else [v] * (size or 1) for v in (a, b))
        pairs = zip(left, right, strict=True)
        found = [isinstance(x, str) and isinstance(y, str) and bool(compare(x, y)) for x, y in pairs]
        return np.array(found, bool) if size is not None else found[0]
    with np.errstate(invalid="ignore"):
        found = compare(numbers(a), numbers(b))
    return np.asarray(found, bool) if isinstance(found, np.ndarray) else bool(found)


def choose(condition: Value, yes: Value, no: Value, count: int) -> Value:
    """*yes* where the condition holds, else *no*."""
    if not isinstance(condition, np.ndarray):
        return yes if truth(condition) else no
    number = all(_numeric(v) for v in (yes, no))
    made = np.empty(count, np.float64 if number else object)
    held = truth(condition)
    made[held] = yes[held] if isinstance(yes, np.ndarray) else yes
    made[~held] = no[~held] if isinstance(no, np.ndarray) else no
    return made


def column(items: list[Any]) -> npt.NDArray[Any]:
    """A column of what is in a list: numbers, or anything."""
    number = all(_numeric(item) for item in items)
    return np.array(items, np.float64 if number else object)


def _numeric(value: Value) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype == np.float64
    return isinstance(value, int | float) and not isinstance(value, bool)
