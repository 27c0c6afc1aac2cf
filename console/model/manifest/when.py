"""Conditions of commands: ``map.visible and not offline``, ``selection.type == "event"``.

Names are dotted and looked up in the console's state; an unknown name is false.
The text is parsed by Python's own parser, and only the forms below are let in.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

State = Mapping[str, object]
When = Callable[[State], bool]
WORDS = frozenset({"map.visible", "offline", "selection.type", "signed_in"})
"""The names that the console sets."""


def parse_when(text: str) -> When:
    """Compile a condition; empty is always true. Raises ValueError with the reason."""
    if not text.strip():
        return lambda state: True
    if len(text) > 300:
        raise ValueError("the condition is longer than 300 characters")
    try:
        node = ast.parse(text.strip(), mode="eval").body
        value = _compile(node)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise ValueError(
            f'"{text}" is not a condition: use names, "and", "or", "not", "==" and "!="'
        ) from error
    return lambda state: bool(value(state))


def unknown_words(text: str) -> set[str]:
    """Names in a valid condition that the console never sets."""
    if not text.strip():
        return set()
    names: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(text.strip(), mode="eval").body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name | ast.Attribute):
            names.add(_dotted(node))
        else:
            waiting.extend(ast.iter_child_nodes(node))
    return names - WORDS


def _compile(node: ast.expr) -> Callable[[State], object]:
    match node:
        case ast.Name() | ast.Attribute():
            name = _dotted(node)
            return lambda state: state.get(name, False)
        case ast.Constant(value=str() | bool() | int() as constant):
            return lambda state: constant
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _compile(operand)
            return lambda state: not inner(state)
        case ast.BoolOp(op=op, values=values):
            parts = [_compile(value) for value in values]
            gather = all if isinstance(op, ast.And) else any
            return lambda state: gather(part(state) for part in parts)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as op], comparators=[right]):
            a, b, equal = _compile(left), _compile(right), isinstance(op, ast.Eq)
            return lambda state: (a(state) == b(state)) is equal
        case _:
            raise ValueError("form not allowed")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    raise ValueError("form not allowed")
