"""Where names could stand: at points, in the middle of areas, along lines. Places are pixels of a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QFont, QFontMetricsF

from console.map.render.along import Glyph, is_chinese
from console.map.render.geometry import LayerGeometry
from console.map.render.middles import middle_of
from console.map.render.style import IconRule, LabelRule, at_zoom
from console.map.viewport import Bounds

Floats = npt.NDArray[np.float64]
FAMILY = "Noto Sans CJK SC"
LINE_WRAP = 8
"""Characters of Chinese in one line of an area's name."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol of a label: its middle relative to the place, turned clockwise; device pixels."""

    icon: IconRule
    side: int
    x: float
    y: float
    degrees: float


@dataclass(slots=True)
class Candidate:
    """One label that could be placed: a text, a symbol, or both."""

    text: str
    rule: LabelRule
    rank: int
    """Order of its rule; low goes first."""
    weight: float
    """Greater goes first within a rule."""
    x: float
    y: float
    width: float
    height: float
    size: int
    """Pixels of the font."""
    lines: tuple[str, ...] = ()
    glyphs: list[Glyph] = field(default_factory=list)
    dx: float = 0.0
    dy: float = 0.0
    """Where the middle of the lines is, relative to the place."""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Spots:
    """Places (pixels of a level) where texts of one rank could stand. What stands there is measured only when
    it is asked for: of twenty thousand names on a screen a few hundred find room."""

    rank: int
    x: Floats
    y: Floats
    weight: Floats
    make: Callable[[int], Candidate]
    """The text of a row."""
    inner: tuple[Floats, Floats, Floats] | None = None
    """(n,) what a text keeps to itself at least: half its width, and how far up and down of its place. None:
    perhaps nothing of that, as along a line."""


def spots_of(rank: int, found: list[Candidate]) -> list[Spots]:
    """Candidates that are measured already."""
    columns = np.array([(c.x, c.y, c.weight) for c in found], float).reshape(-1, 3)
    return [Spots(rank, columns[:, 0], columns[:, 1], columns[:, 2], found.__getitem__)]


@dataclass(frozen=True, slots=True)
class View:
    """The level on which labels are placed."""

    scale: float
    """Pixels across the world."""
    zoom: float
    dpr: float

    def world(self, area: Bounds) -> Bounds:
        """A box in pixels as world units."""
        left, top, right, bottom = (v / self.scale for v in area)
        return left, top, right, bottom


DOT_DROP, DOT_TOP = 2.5, 4.0
"""Logical pixels from a point down to its text, and up to where its dot keeps others away."""
SIDE = 2.0
"""Logical pixels kept free on both sides of a text."""
HAIR = 0.01
"""Pixels by which texts may touch: what touches does not overlap."""


class Least(NamedTuple):
    """What texts take at least, however they are wrapped."""

    ems: Floats
    """(n,) of the widest line."""
    lines: Floats
    """(n,)"""


@dataclass(frozen=True, slots=True)
class Letters:
    """The font of a rule on a level."""

    rule: LabelRule
    view: View
    size: int
    metrics: QFontMetricsF

    def label(
        self, text: str, rank: int, weight: float, x: float, y: float, degrees: float = 0.0
    ) -> Candidate:
        """A level text with its symbol, which is turned by *degrees*."""
        rule = self.rule
        lines = wrapped(text) if text else ()
        width = max(map(self.metrics.horizontalAdvance, lines), default=0.0)
        height = self.metrics.height() * len(lines)
        dx, dy = anchored(rule.anchor, width, height)
        dx, dy = dx + rule.offset[0] * self.size, dy + rule.offset[1] * self.size
        if rule.dot:
            dx, dy = 0.0, height / 2 + DOT_DROP * self.view.dpr
        mark = self.mark(degrees)
        return Candidate(text, rule, rank, weight, x, y, width, height, self.size, lines, [], dx, dy, mark)

    def mark(self, degrees: float = 0.0) -> Mark | None:
        """The rule's symbol, if it has one."""
        icon = self.rule.icon
        if icon is None:
            return None
        side = max(round(at_zoom(icon.size, self.view.zoom) * self.view.dpr), 1)
        dx, dy = anchored(icon.anchor, side, side)
        turn = icon.turn + (0.0 if icon.upright else degrees)
        return Mark(icon, side, dx + icon.offset[0] * side, dy + icon.offset[1] * side, turn)

    def covers(self, least: Least) -> tuple[Floats, Floats, Floats] | None:
        """Of (n,) texts of at least this extent: what ``Spots.inner`` says."""
        rule, mark, dpr = self.rule, self.mark(), self.view.dpr
        gap = rule.gap * dpr / 2 - HAIR
        if mark is not None:
            middle = not (mark.x or mark.y or mark.icon.overlap)
            half = np.full(len(least.ems), mark.side / 2 + gap)
            return (half, half, half) if middle else None
        sideways = rule.offset[0] or "left" in rule.anchor or "right" in rule.anchor
        if rule.overlap or sideways or rule.letter_spacing < 0:
            return None
        height = self.metrics.height() * least.lines
        middle = rule.offset[1] * self.size + anchored(rule.anchor, 0.0, 1.0)[1] * height
        up, down = height / 2 - middle, height / 2 + middle
        if rule.dot:
            up, down = np.full(len(height), DOT_TOP * dpr), height + DOT_DROP * dpr
        return least.ems * (self.size / 2) + SIDE * dpr + gap, up + gap, down + gap


def letters(rule: LabelRule, view: View) -> Letters:
    """The rule's font as large as it is at the zoom."""
    size = round(at_zoom(rule.size, view.zoom) * view.dpr)
    return Letters(rule, view, size, QFontMetricsF(font_of(rule, size)))


def anchored(anchor: str, width: float, height: float) -> tuple[float, float]:
    """From the place to the middle of a box whose side or corner *anchor* is there."""
    x = ("left" in anchor) - ("right" in anchor)
    y = ("top" in anchor) - ("bottom" in anchor)
    return x * width / 2, y * height / 2


IDEOGRAPHS = 0x4E00, 0x9FFF
"""Characters that are one em wide."""
WIDE_FROM = 0x2E80
"""From here on nearly all are."""
IDEOGRAPH, WIDE, DIGIT, NARROWEST = 0.98, 0.9, 0.5, 0.2
"""Ems of these, of figures, and of any other."""


def least_of(texts: Sequence[str]) -> Least:
    """What each text takes, without measuring it."""
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    ideograph = (codes >= IDEOGRAPHS[0]) & (codes <= IDEOGRAPHS[1])
    each = np.where(codes >= WIDE_FROM, WIDE, np.where(digit, DIGIT, NARROWEST))
    each[ideograph] = IDEOGRAPH
    whole, chinese = _summed(each, lengths), _summed(ideograph.astype(float), lengths) > 0
    # Of two lines one is no shorter than the other; a space is dropped between them.
    ems = np.where(lengths > LINE_WRAP, np.maximum(whole - NARROWEST, 0.0) / 2, whole)
    return Least(ems, np.where(chinese & (lengths > LINE_WRAP), 2.0, 1.0))


def _summed(values: Floats, lengths: npt.NDArray[np.intp]) -> Floats:
    """(n,) sums of the first ``lengths[0]`` values, of the ``lengths[1]`` after them …"""
    reached, ends = np.concatenate([[0.0], np.cumsum(values)]), np.cumsum(lengths)
    return reached[ends] - reached[ends - lengths]


def font_of(rule: LabelRule, size: int) -> QFont:
    """The rule's font at a size in device pixels."""
    font = QFont(FAMILY)
    font.setPixelSize(max(size, 6))
    font.setWeight(QFont.Weight.DemiBold if rule.bold else QFont.Weight.Normal)
    if rule.letter_spacing:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, rule.letter_spacing)
    return font


def wrapped(text: str) -> tuple[str, ...]:
    """Long names in two lines: at a bracket, Chinese in halves, others at the space nearest the middle."""
    bracket = max(text.find("("), text.find("（"))
    if len(text) > LINE_WRAP and bracket > 1:
        return text[:bracket], text[bracket:]
    if is_chinese(text):
        if len(text) <= LINE_WRAP:
            return (text,)
        half = (len(text) + 1) // 2
        return text[:half], text[half:]
    spaces = [i for i, c in enumerate(text) if c == " "]
    if len(text) <= 16 or not spaces:
        return (text,)
    cut = min(spaces, key=lambda i: abs(i - len(text) / 2))
    return text[:cut], text[cut + 1 :]


@dataclass(frozen=True, slots=True)
class Names:
    """What is written on the features of a layer."""

    codes: npt.NDArray[np.int32]
    """(n,) index of each feature's text; 0 for those that bear neither text nor symbol."""
    strings: list[str]
    weight: Floats | None = None
    """(n,) of points; greater goes first. Without it, short texts do."""


def names_of(layer: LayerGeometry, rule: LabelRule) -> Names:
    """The texts of the rule's column, of features of its classes."""
    codes = layer.package.columns.get(rule.column, np.zeros(len(layer.package), np.int32))
    chosen = layer.classes(frozenset(rule.classes))
    return Names(codes if chosen is None else np.where(chosen, codes, 0), layer.package.strings)


class NamedPoints:
    """Points with a text."""

    def __init__(self, layer: LayerGeometry, names: Names, rule: LabelRule, rank: int) -> None:
        self._rule, self._rank = rule, rank
        rows = np.flatnonzero((names.codes != 0) & (np.diff(layer.package.feature_start) > 0))
        self._texts = [names.strings[code] for code in names.codes[rows].tolist()]
        shortest = -np.fromiter(map(len, self._texts), float, len(self._texts))
        self._weight = shortest if names.weight is None else names.weight[rows]
        self._least = least_of(self._texts)
        self._xy = layer.xy[layer.part_start[layer.package.feature_start[:-1][rows]]]

    def within(self, area: Bounds, view: View) -> list[Spots]:
        left, top, right, bottom = view.world(area)
        x, y = self._xy[:, 0], self._xy[:, 1]
        rows = np.flatnonzero((x >= left) & (x < right) & (y >= top) & (y < bottom))
        places = self._xy[rows] * view.scale
        font = letters(self._rule, view)

        def make(number: int) -> Candidate:
            x, y = places[number].tolist()
            row = rows[number]
            return font.label(self._texts[row], self._rank, float(self._weight[row]), x, y)

        inner = font.covers(Least(self._least.ems[rows], self._least.lines[rows]))
        return [Spots(self._rank, places[:, 0], places[:, 1], self._weight[rows], make, inner)]


class NamedAreas:
    """Polygons with a name, written in their middle when they are large enough."""

    def __init__(self, layer: LayerGeometry, names: Names, rule: LabelRule, rank: int) -> None:
        self._layer, self._names, self._rule, self._rank = layer, names, rule, rank
        self._rows = (names.codes != 0) & ~np.isnan(layer.box[:, 0])

    def within(self, area: Bounds, view: View) -> list[Spots]:
        left, top, right, bottom = view.world(area)
        box = self._layer.box
        extent = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) * (view.scale / view.dpr) ** 2
        rows = self._rows & (extent >= self._rule.least_area)
        rows &= (box[:, 0] < right) & (box[:, 2] > left) & (box[:, 1] < bottom) & (box[:, 3] > top)
        font = letters(self._rule, view)
        found: list[Candidate] = []
        for row in np.flatnonzero(rows).tolist():
            x, y = (v * view.scale for v in middle_of(self._layer, row))
            if not (area[0] <= x < area[2] and area[1] <= y < area[3]):
                continue
            text = self._names.strings[int(self._names.codes[row])]
            label = font.label(text, self._rank, float(extent[row]), x, y)
            if label.mark is not None or label.width <= (box[row, 2] - box[row, 0]) * view.scale * 1.15:
                found.append(label)
        return spots_of(self._rank, found)
