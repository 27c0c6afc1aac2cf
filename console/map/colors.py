"""Colours as CSS writes them, for base styles, data styles and symbols alike."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtGui import QColor

_FUNCTION = re.compile(r"^(rgb|hsl)a?\(([^)]*)\)$")


def color_of(text: Any) -> QColor:
    """A CSS colour (#rgb[a], #rrggbb[aa], rgb[a](), hsl[a](), a name); invalid for anything else."""
    if not isinstance(text, str):
        return QColor()
    text = text.strip().lower()
    if text == "transparent":
        return QColor(0, 0, 0, 0)
    if text.startswith("#") and len(text) == 5:
        text = "#" + "".join(2 * c for c in text[1:])
    if text.startswith("#") and len(text) == 9:
        return QColor(f"#{text[7:]}{text[1:7]}")
    function = _FUNCTION.match(text)
    return _from_function(*function.groups()) if function else QColor(text)


def _from_function(name: str, inner: str) -> QColor:
    parts = re.split(r"[\s,/]+", inner.strip())
    shares = [_number(part.rstrip("%")) / (100 if part.endswith("%") else 1) for part in parts]
    if len(shares) not in (3, 4) or any(share != share for share in shares):
        return QColor()
    alpha = min(max(shares[3], 0.0), 1.0) if len(shares) == 4 else 1.0
    if name == "hsl":
        hue, saturation, light = shares[0] % 360 / 360, *(min(max(v, 0.0), 1.0) for v in shares[1:3])
        return QColor.fromHslF(hue, saturation, light, alpha)
    rgb = [min(max(v * (255 if p.endswith("%") else 1), 0), 255) for v, p in zip(shares, parts, strict=False)]
    red, green, blue = (round(v) for v in rgb[:3])
    return QColor(red, green, blue, round(alpha * 255))


def color_text(color: QColor) -> str:
    """``#rrggbbaa``."""
    return f"#{color.red():02x}{color.green():02x}{color.blue():02x}{color.alpha():02x}"


def _number(text: str) -> float:
    """nan for what is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")
