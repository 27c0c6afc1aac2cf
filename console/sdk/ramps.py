"""Colour ramps for maps: safe for colour-blind eyes, apart from one another on dark and light ground.

viridis, cividis and inferno are Matplotlib's (CC0); the diverging ones and the single hues follow
ColorBrewer (Apache-2.0); the qualitative ones are Okabe and Ito's, and Paul Tol's "bright".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from console.model.text import Text


class RampKind(StrEnum):
    """What a ramp is for."""

    SEQUENTIAL = "sequential"
    """From little to much."""
    DIVERGING = "diverging"
    """Both ways from a middle."""
    QUALITATIVE = "qualitative"
    """Kinds without an order."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """Colours as ``#rrggbb``: stops of a sequential or diverging ramp, or all of a qualitative one."""

    kind: RampKind
    title: Text
    stops: tuple[str, ...]

    def colors(self, count: int, reverse: bool = False) -> list[str]:
        """*count* colours; those of a qualitative ramp come again when they are used up."""
        stops = self.stops[::-1] if reverse else self.stops
        if self.kind is RampKind.QUALITATIVE:
            return [stops[at % len(stops)] for at in range(count)]
        rgb = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops])
        places = np.linspace(0, len(stops) - 1, count) if count > 1 else np.array([(len(stops) - 1) / 2])
        mixed = [np.interp(places, np.arange(len(stops)), rgb[:, part]) for part in range(3)]
        return [f"#{round(r):02x}{round(g):02x}{round(b):02x}" for r, g, b in zip(*mixed, strict=True)]


def _ramp(kind: RampKind, zh: str, en: str, stops: str) -> Ramp:
    return Ramp(kind, Text(zh, en), tuple(f"#{stop}" for stop in stops.split()))


_SEQUENTIAL, _DIVERGING, _QUALITATIVE = RampKind.SEQUENTIAL, RampKind.DIVERGING, RampKind.QUALITATIVE
RAMPS: dict[str, Ramp] = {
    "viridis": _ramp(
        _SEQUENTIAL, "翠绿", "Viridis", "440154 46327e 365c8d 277f8e 1fa187 4ac16d a0da39 fde725"
    ),
    "cividis": _ramp(_SEQUENTIAL, "蓝黄", "Cividis", "00224e 2a3f6d 575d6d 7d7c78 a59c74 d2c060 fee838"),
    "inferno": _ramp(
        _SEQUENTIAL, "炽焰", "Inferno", "1b0c41 4a0c6b 781c6d a52c60 cf4446 ed6925 fb9b06 f7d13d"
    ),
    "blues": _ramp(_SEQUENTIAL, "蓝", "Blues", "eff3ff bdd7e7 6baed6 3182bd 08519c"),
    "oranges": _ramp(_SEQUENTIAL, "黄橙红", "Yellow to red", "ffffb2 fecc5c fd8d3c f03b20 bd0026"),
    "greens": _ramp(_SEQUENTIAL, "绿", "Greens", "edf8e9 bae4b3 74c476 31a354 006d2c"),
    "purple-orange": _ramp(_DIVERGING, "紫橙", "Purple to orange", "5e3c99 b2abd2 f7f7f7 fdb863 e66101"),
    "red-blue": _ramp(_DIVERGING, "红蓝", "Red to blue", "ca0020 f4a582 f7f7f7 92c5de 0571b0"),
    "brown-teal": _ramp(_DIVERGING, "棕青", "Brown to teal", "a6611a dfc27d f5f5f5 80cdc1 018571"),
    "okabe-ito": _ramp(
        _QUALITATIVE, "八色", "Eight colours", "0072b2 e69f00 009e73 cc79a7 56b4e9 d55e00 f0e442 999999"
    ),
    "bright": _ramp(
        _QUALITATIVE, "七色", "Seven colours", "4477aa ee6677 228833 ccbb44 66ccee aa3377 bbbbbb"
    ),
}
