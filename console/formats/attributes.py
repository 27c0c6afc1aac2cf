"""Attributes of any format as columns of a layer package, under their own names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from console.formats.sheet import Values
from console.geodata.field_names import NAMES
from console.geodata.packing import Block

ALWAYS_TEXT = frozenset({"name", "class", "housenumber", "street", "code"})
"""Standard columns of packages (``console.model.layers``) that are text, whatever the file holds."""
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14})")
"""No leading zero and at most 15 digits: what is longer, or begins with 0, is a code or telephone number."""
_DECIMAL = re.compile(r"[+-]?(?:(?:0|[1-9]\d{0,14})(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")


def add_columns(block: Block, fields: dict[str, Values]) -> None:
    """Add *fields* (a row a feature) to *block*: booleans as int8, whole numbers as int64,
    others as float64, all else as text."""
    for name, values in fields.items():
        kind = values.dtype.kind
        if kind == "b":
            values = values.astype(np.int8)
        if kind in "biuf" and name not in ALWAYS_TEXT:
            block.numbers[name] = values if kind == "b" else values.astype(f"{_wide(kind)}8")
        else:
            block.text[name] = [_text(value) for value in values.tolist()]


def _wide(kind: str) -> str:
    return "f" if kind == "f" else "i"


def _text(value: Any) -> str:
    """Missing values are empty; lists as JSON."""
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.hex()
    return (
        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)
    )


def add_title(block: Block) -> None:
    """The map calls features by ``name``: give them one if only a field of the like is there."""
    if "name" in block.text:
        return
    by_lower = {name.lower(): name for name in block.text}
    found = next((by_lower[name] for name in NAMES["name"] if name in by_lower), None)
    if found is not None:
        block.text["name"] = block.text[found]


def type_texts(block: Block) -> None:
    """Columns of a plain text table whose every value is a number become numbers."""
    for name in [name for name in block.text if name not in ALWAYS_TEXT]:
        values = block.text[name]
        if not any(values):
            continue
        for pattern, convert in _TYPES:
            if all(pattern.fullmatch(value) for value in values[:100] if value) and all(
                pattern.fullmatch(value) for value in values if value
            ):
                block.numbers[name] = convert(values)
                del block.text[name]
                break


def _whole(values: list[str]) -> Values:
    if all(values):
        return np.array(values).astype(np.int64)
    return _decimal(values)


def _decimal(values: list[str]) -> Values:
    return np.array([value or "nan" for value in values]).astype(np.float64)


_TYPES: tuple[tuple[re.Pattern[str], Callable[[list[str]], Values]], ...] = (
    (_WHOLE, _whole),
    (_DECIMAL, _decimal),
)
