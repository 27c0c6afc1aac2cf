"""A small language to filter features by, such as ``height > 50 and name contains "路"``.

Words of columns stand as they are, or in `backquotes` when they hold spaces or signs; texts in
quotes. ``=  !=  <  <=  >  >=  contains  begins  and  or  not  ( )  + - * /``, also in Chinese:
包含, 开头是, 且, 或, 非. A line without any of these is looked for in all texts.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from console.sdk.errors import OneMapError
from console.sdk.feature_table import Mask, Rows

MAX_LENGTH = 1000
_TOKENS = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*'|“[^”]*”)|`(?P<column>[^`]+)`|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w))
    |(?P<sign><=|>=|!=|<>|==|[=<>()+\-*/≤≥≠（）])|(?P<word>[^\s"'`“”<>=!()+\-*/≤≥≠（）]+))""",
    re.VERBOSE,
)
_CONTAINS, _BEGINS = "@", "%"
"""Operators of Python that bind more tightly than comparisons; they stand in for words."""
_WORDS = {
    **dict.fromkeys(("and", "且", "并且", "与"), "and"),
    **dict.fromkeys(("or", "或", "或者"), "or"),
    **dict.fromkeys(("not", "非", "不"), "not"),
    **dict.fromkeys(("contains", "包含"), _CONTAINS),
    **dict.fromkeys(("begins", "开头是"), _BEGINS),
}
_SIGNS = {"=": "==", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "（": "(", "）": ")"}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_RECKON: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: left / right,
}


class FilterError(OneMapError):
    """The line cannot be understood: *kind* is ``syntax``, ``column`` or ``types``, *what* the part."""

    def __init__(self, kind: str, what: str = "") -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind
        self.what = what


class Table(Protocol):
    """What can be filtered: ``FeatureTable``, or whatever has columns like it."""

    @property
    def columns(self) -> Mapping[str, Any]:
        """Arrays (n,) of numbers by name; those of texts are known by their names alone."""
        ...

    def __len__(self) -> int: ...
    def is_text(self, name: str) -> bool: ...
    def anywhere(self, needle: str) -> Mask: ...
    def matching(self, name: str, needle: str, *, whole: bool = False, start: bool = False) -> Mask: ...


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of texts, not looked at yet."""

    name: str


def filtered(table: Table, line: str) -> Rows:
    """Rows that *line* holds for, in order; all for an empty one. Raises FilterError."""
    line = line.strip()
    if not line:
        return np.arange(len(table))
    if len(line) > MAX_LENGTH:
        raise FilterError("syntax")
    tokens = list(_tokens(line))
    if all(kind in ("word", "number") for kind, _ in tokens) and not any(
        t.lower() in _WORDS for _, t in tokens
    ):
        return np.flatnonzero(table.anywhere(line))
    if [kind for kind, _ in tokens] == ["text"]:
        return np.flatnonzero(table.anywhere(tokens[0][1]))
    return np.flatnonzero(_evaluated(table, tokens))


def _tokens(line: str) -> list[tuple[str, str]]:
    """Kind and content of each token."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(line):
        match = _TOKENS.match(line, at)
        if match is None or match.lastgroup is None:
            raise FilterError("syntax", line[at : at + 20])
        kind, content = match.lastgroup, match.group(match.lastgroup)
        found.append((kind, content[1:-1] if kind == "text" else content))
        at = match.end()
    return found


def _evaluated(table: Table, tokens: list[tuple[str, str]]) -> Mask:
    """As an expression of Python in which columns and texts are names of our own: nothing of the
    line is ever run, only these nodes are walked through."""
    values: list[Any] = []
    source: list[str] = []
    for kind, content in tokens:
        if kind == "sign":
            source.append(_SIGNS.get(content, content))
        elif kind == "word" and content.lower() in _WORDS:
            source.append(_WORDS[content.lower()])
        else:
            source.append(f"v{len(values)}")
            values.append(_value(table, kind, content))
    try:
        tree = ast.parse(" ".join(source), mode="eval")
        result = _walk(tree.body, table, values)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise FilterError("syntax") from error
    return _mask(result)


def _value(table: Table, kind: str, content: str) -> Any:
    if kind == "text":
        return content
    if kind == "number":
        return float(content)
    if content not in table.columns:
        raise FilterError("column", content)
    return _Column(content) if table.is_text(content) else table.columns[content]


def _walk(node: ast.AST, table: Table, values: list[Any]) -> Any:
    match node:
        case ast.Name(id=name):
            return values[int(name[1:])]
        case ast.BoolOp(op=op, values=parts):
            masks = [_mask(_walk(part, table, values)) for part in parts]
            return np.logical_and.reduce(masks) if isinstance(op, ast.And) else np.logical_or.reduce(masks)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return ~_mask(_walk(part, table, values))
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return -_number(_walk(part, table, values))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(table, _walk(left, table, values), op, _walk(right, table, values))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(table, _walk(left, table, values), op, _walk(right, table, values))
        case _:
            raise FilterError("syntax")


def _binary(table: Table, left: Any, op: ast.operator, right: Any) -> Any:
    if isinstance(op, ast.MatMult | ast.Mod):
        if not isinstance(left, _Column) or not isinstance(right, str):
            raise FilterError("types")
        return table.matching(left.name, right, start=isinstance(op, ast.Mod))
    if type(op) not in _RECKON:
        raise FilterError("syntax")
    with np.errstate(divide="ignore", invalid="ignore"):
        return _RECKON[type(op)](_number(left), _number(right))


def _compared(table: Table, left: Any, op: ast.cmpop, right: Any) -> Any:
    if isinstance(left, _Column) and isinstance(right, str) and isinstance(op, ast.Eq | ast.NotEq):
        same = table.matching(left.name, right, whole=True)
        return same if isinstance(op, ast.Eq) else ~same
    if type(op) not in _COMPARE:
        raise FilterError("syntax")
    return _COMPARE[type(op)](_number(left), _number(right))


def _number(value: Any) -> Any:
    """A float, or a float64 a row."""
    if isinstance(value, float):
        return value
    if isinstance(value, _Column | str | bool) or value.dtype.kind not in "iuf":
        raise FilterError("types", value.name if isinstance(value, _Column) else str(value)[:20])
    return value.astype(np.float64)


def _mask(value: Any) -> Mask:
    if isinstance(value, _Column | str | float | bool) or value.dtype != np.bool_:
        raise FilterError("types")
    return value
