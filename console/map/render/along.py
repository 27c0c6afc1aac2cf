"""Texts written along lines, a glyph at a time."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

CLOSEST = 0.8
"""Share of the usual distance that a glyph keeps from the one before, also around a bend."""
SHARPEST = 28.0
"""Degrees between two glyphs beyond which a line is too crooked to write on."""
WIDEST = 70.0
"""Degrees between the first glyph and the last."""
STEEP = math.sin(math.radians(45))
"""Steeper lines bear Chinese from above to below."""
LEANING = 48.0
"""Degrees that a Chinese character leans at most, either way."""
STACKED = 0.95
"""Ems from one character to the one below."""
_UPRIGHT = str.maketrans("（）()《》〈〉「」『』【】—–-…", "︵︶︵︶︽︾︿﹀﹁﹂﹃﹄︻︼︱︱︱︙")
"""Brackets and dashes as they stand in vertical lines."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a label along a line: its centre relative to the anchor, turned clockwise."""

    text: str
    x: float
    y: float
    degrees: float


def is_chinese(text: str) -> bool:
    """Whether the text has wide characters, which stand upright on steep lines."""
    return any(unicodedata.east_asian_width(c) == "W" for c in text)


class Path:
    """A line by the length along it, in pixels."""

    def __init__(self, xy: npt.NDArray[np.float64]) -> None:
        # Lists: a glyph asks for six places, and numpy takes its time over single numbers.
        self._x, self._y = xy[:, 0].tolist(), xy[:, 1].tolist()
        step = np.hypot(*np.diff(xy, axis=0).T)
        self._reached: list[float] = [0.0, *np.cumsum(step).tolist()]
        self.length = self._reached[-1]

    def at(self, s: float) -> tuple[float, float]:
        """The place at a length; the ends of the line are beyond them, too."""
        s = min(max(s, 0.0), self.length)
        i = min(bisect_right(self._reached, s), len(self._reached) - 1)
        before, after = self._reached[i - 1], self._reached[i]
        share = (s - before) / (after - before) if after > before else 0.0
        x, y = self._x[i - 1], self._y[i - 1]
        return x + (self._x[i] - x) * share, y + (self._y[i] - y) * share

    def degrees(self, s: float, reach: float) -> float:
        """Direction of the line around a length, clockwise from east."""
        return math.degrees(self._angle(s, reach))

    def write(self, text: str, advances: Sequence[float], middle: float, em: float) -> list[Glyph]:
        """The glyphs of *text* around a length; none where the line is too short or too crooked.

        Chinese on a steep line reads downwards with upright characters, narrow ones among them as far
        apart as wide ones (*em*: pixels of one); all else reads to the right.
        """
        if not is_chinese(text):
            return self._written(text, advances, middle, stacked=False)
        steep = abs(math.sin(math.radians(self.degrees(middle, sum(advances) / 2)))) > STEEP
        for stacked in (steep, not steep):
            apart = [max(advance, STACKED * em) for advance in advances] if stacked else advances
            glyphs = self._written(_upright(text) if stacked else text, apart, middle, stacked)
            if glyphs and max(abs(glyph.degrees) for glyph in glyphs) <= LEANING:
                return glyphs
        return []

    def _written(self, text: str, advances: Sequence[float], middle: float, stacked: bool) -> list[Glyph]:
        total = sum(advances)
        begin, end = middle - total / 2, middle + total / 2
        if begin < 0 or end > self.length:
            return []
        (x0, y0), (x1, y1) = self.at(begin), self.at(end)
        slope = math.atan2(y1 - y0, x1 - x0)
        backwards = math.sin(slope) < 0 if stacked else math.cos(slope) < 0
        cx, cy = self.at(middle)
        glyphs: list[Glyph] = []
        reached = 0.0
        for character, advance in zip(text, advances, strict=True):
            s = begin + reached + advance / 2
            x, y = self.at(begin + end - s if backwards else s)
            angle = self._angle(begin + end - s if backwards else s, advance)
            upright = angle + math.pi * backwards - (math.pi / 2 if stacked else 0.0)
            glyphs.append(Glyph(character, x - cx, y - cy, _turn(math.degrees(upright))))
            reached += advance
        return glyphs if _readable(glyphs, advances) else []

    def _angle(self, s: float, reach: float) -> float:
        """Direction of the line around a length, radians."""
        (ax, ay), (bx, by) = self.at(max(s - reach, 0)), self.at(min(s + reach, self.length))
        return math.atan2(by - ay, bx - ax)


def _readable(glyphs: Sequence[Glyph], advances: Sequence[float]) -> bool:
    """Whether no glyph turns away from its neighbour or runs into it."""
    if abs(_turn(glyphs[-1].degrees - glyphs[0].degrees)) > WIDEST:
        return False
    for (a, b), (before, after) in zip(pairwise(glyphs), pairwise(advances), strict=True):
        if abs(_turn(b.degrees - a.degrees)) > SHARPEST:
            return False
        if math.hypot(b.x - a.x, b.y - a.y) < CLOSEST * (before + after) / 2:
            return False
    return True


def _upright(text: str) -> str:
    return text.translate(_UPRIGHT)


def _turn(degrees: float) -> float:
    """An angle between -180 and 180."""
    return math.remainder(degrees, 360.0)
