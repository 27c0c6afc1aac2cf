"""Styles of data layers as the user sets them: above what a plugin says, kept from start to start."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from console.map.engine.data_refs import AnyRef
from console.map.render.data.layers import read_style
from console.map.render.style import StyleError


def given_style(data: AnyRef | None) -> str:
    """What the plugin says, as JSON; empty for what is not drawn by a style."""
    return getattr(data, "style", "")


def layers_of(text: str) -> list[dict[str, Any]]:
    """The layers of a style document, or of a list of layers."""
    document = json.loads(text)
    return document.get("layers", []) if isinstance(document, dict) else document


def checked_style(style: Sequence[dict[str, Any]]) -> str:
    """As JSON; empty for none. Raises ValueError for what cannot be drawn."""
    text = json.dumps(list(style), ensure_ascii=False) if style else ""
    if text:
        read_style(text)
    return text


def kept_style(text: Any) -> str:
    """A style as it was remembered; empty for what cannot be drawn (any more)."""
    try:
        if isinstance(text, str) and text:
            read_style(text)
            return text
    except StyleError:
        pass
    return ""


def checked_condition(condition: Any) -> str:
    """A filter of the style's language as JSON; empty for None. Raises ValueError for what is none."""
    if condition is None:
        return ""
    if not isinstance(condition, list):
        raise ValueError("a filter is a list")
    checked_style([{"id": "filter", "type": "circle", "filter": condition}])
    return json.dumps(condition, ensure_ascii=False)


@lru_cache(maxsize=16)
def with_condition(style: str, condition: str) -> str:
    """The style for those features alone that a condition lets through; both as JSON."""
    wanted, layers = json.loads(condition), layers_of(style)
    return json.dumps(
        [
            {**layer, "filter": ["all", wanted, layer["filter"]] if layer.get("filter") else wanted}
            for layer in layers
        ],
        ensure_ascii=False,
    )
