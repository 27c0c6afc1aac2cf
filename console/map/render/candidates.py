"""Where names could stand: at points, in the middle of areas, along lines. Places are pixels of a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtGui import QFont, QFontMetricsF

from console.map.render.along import Glyph, Path, is_chinese
from console.map.render.geometry import LayerGeometry
from console.map.render.style import LabelRule, at_zoom
from console.map.viewport import Bounds

Floats = npt.NDArray[np.float64]
FAMILY = "Noto Sans CJK SC"
LINE_WRAP = 8
"""Characters of Chinese in one line of an area's name."""
AIR = 0.8
"""Logical pixels between glyphs along a line."""


@dataclass(slots=True)
class Candidate:
    """One label that could be placed."""

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
    inner: tuple[Floats, float, float] | None = None
    """What a text covers at least: half its width, and how far up and down of its place. None: perhaps
    nothing of that, as along a line."""


def spots_of(rank: int, found: list[Candidate]) -> list[Spots]:
    """Candidates that are measured already."""
    columns = np.array([(c.x, c.y, c.weight) for c in found], float).reshape(-1, 3)
    return [Spots(rank, columns[:, 0], columns[:, 1], columns[:, 2], found.__getitem__)]


WIDE_FROM = 0x2E80
"""Characters from here on are one em wide, nearly all of them."""
DIGIT, NARROWEST = 0.5, 0.2
"""Ems of figures and of any other."""


def least_ems(texts: Sequence[str]) -> Floats:
    """(n,) ems that the widest line of each text takes at least, however it is wrapped."""
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    each = np.where(codes >= WIDE_FROM, 0.9, np.where(digit, DIGIT, NARROWEST))
    ems = np.concatenate([[0.0], np.cumsum(each)])
    ends = np.cumsum(lengths)
    whole = ems[ends] - ems[ends - lengths]
    return np.where(lengths > LINE_WRAP, 0.3 * whole, whole)


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
    """(n,) index of each feature's text; 0 for those that bear none."""
    strings: list[str]


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
        self._weight = -np.fromiter(map(len, self._texts), float, len(self._texts))
        self._ems = least_ems(self._texts)
        self._xy = layer.xy[layer.part_start[layer.package.feature_start[:-1][rows]]]

    def within(self, area: Bounds, view: View) -> list[Spots]:
        left, top, right, bottom = view.world(area)
        x, y = self._xy[:, 0], self._xy[:, 1]
        rows = np.flatnonzero((x >= left) & (x < right) & (y >= top) & (y < bottom))
        places = self._xy[rows] * view.scale
        size = round(at_zoom(self._rule.size, view.zoom) * view.dpr)
        metrics = QFontMetricsF(font_of(self._rule, size))

        def make(number: int) -> Candidate:
            text = self._texts[rows[number]]
            lines = wrapped(text)
            width = max(metrics.horizontalAdvance(line) for line in lines)
            height = metrics.height() * len(lines)
            px, py = places[number].tolist()
            return Candidate(text, self._rule, self._rank, -len(text), px, py, width, height, size, lines)

        up, down = (0.0, metrics.height()) if self._rule.dot else (metrics.height() / 2,) * 2
        inner = self._ems[rows] * (size / 2), up, down
        return [Spots(self._rank, places[:, 0], places[:, 1], self._weight[rows], make, inner)]


class NamedAreas:
    """Polygons with a name, written in their middle when they are large enough."""

    def __init__(self, layer: LayerGeometry, names: Names, rule: LabelRule, rank: int) -> None:
        self._layer, self._names, self._rule, self._rank = layer, names, rule, rank
        self._rows = (names.codes != 0) & ~np.isnan(layer.box[:, 0])
        self._middle: dict[int, tuple[float, float]] = {}

    def within(self, area: Bounds, view: View) -> list[Spots]:
        left, top, right, bottom = view.world(area)
        box = self._layer.box
        extent = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) * (view.scale / view.dpr) ** 2
        rows = self._rows & (extent >= self._rule.least_area)
        rows &= (box[:, 0] < right) & (box[:, 2] > left) & (box[:, 1] < bottom) & (box[:, 3] > top)
        size = round(at_zoom(self._rule.size, view.zoom) * view.dpr)
        metrics = QFontMetricsF(font_of(self._rule, size))
        found: list[Candidate] = []
        for row in np.flatnonzero(rows).tolist():
            x, y = (v * view.scale for v in self._middle_of(row))
            if not (area[0] <= x < area[2] and area[1] <= y < area[3]):
                continue
            text = self._names.strings[int(self._names.codes[row])]
            lines = wrapped(text)
            width = max(metrics.horizontalAdvance(line) for line in lines)
            if width > (box[row, 2] - box[row, 0]) * view.scale * 1.15:
                continue
            weight = float(extent[row])
            height = metrics.height() * len(lines)
            found.append(Candidate(text, self._rule, self._rank, weight, x, y, width, height, size, lines))
        return spots_of(self._rank, found)

    def _middle_of(self, row: int) -> tuple[float, float]:
        """The centroid of the largest shell, or a point inside where the centroid is not."""
        if row not in self._middle:
            package, layer = self._layer.package, self._layer
            parts = range(package.feature_start[row], package.feature_start[row + 1])
            rings = [layer.xy[layer.part_start[i] : layer.part_start[i + 1]] for i in parts]
            rings = [ring for ring in rings if len(ring) >= 4]
            if not rings:
                self._middle[row] = float(layer.box[row, 0]), float(layer.box[row, 1])
                return self._middle[row]
            shell = shapely.Polygon(max(rings, key=lambda r: np.ptp(r[:, 0]) * np.ptp(r[:, 1])))
            middle = shell.centroid
            if not shell.contains(middle):
                middle = shapely.point_on_surface(shell)
            self._middle[row] = float(middle.x), float(middle.y)
        return self._middle[row]


class NamedLines:
    """Lines of one name joined end to end, written along at even distances."""

    def __init__(self, layer: LayerGeometry, names: Names, rule: LabelRule, rank: int) -> None:
        self._rule, self._rank = rule, rank
        self._lines, self._names = _merged(layer, names.codes != 0, names.codes)
        self._texts = names.strings
        self._box = shapely.bounds(self._lines) if len(self._lines) else np.empty((0, 4))

    def within(self, area: Bounds, view: View) -> list[Spots]:
        left, top, right, bottom = view.world(area)
        box = self._box
        meets = (box[:, 0] < right) & (box[:, 2] > left) & (box[:, 1] < bottom) & (box[:, 3] > top)
        size = round(at_zoom(self._rule.size, view.zoom) * view.dpr)
        metrics = QFontMetricsF(font_of(self._rule, size))
        found: list[Candidate] = []
        rows = np.flatnonzero(meets)
        for line, name in zip(self._lines[rows], self._names[rows].tolist(), strict=True):
            text = self._texts[name]
            advances = [metrics.horizontalAdvance(c) + AIR * view.dpr for c in text]
            simple = shapely.simplify(line, 1.2 * view.dpr / view.scale)
            path = Path(shapely.get_coordinates(simple) * view.scale)
            found += self._on(path, text, advances, size, area, view)
        return spots_of(self._rank, found)

    def _on(
        self, path: Path, text: str, advances: list[float], size: int, area: Bounds, view: View
    ) -> list[Candidate]:
        """Candidates along one line; the places depend on the line alone, not on what is looked at."""
        if path.length < sum(advances) * 1.15:
            return []
        number = max(int(path.length / (self._rule.spacing * view.dpr)), 1)
        found: list[Candidate] = []
        for i in range(number):
            at = (i + 0.5) * path.length / number
            x, y = path.at(at)
            if not (area[0] <= x < area[2] and area[1] <= y < area[3]):
                continue
            glyphs = path.write(text, advances, at)
            if glyphs:
                weight = path.length
                found.append(Candidate(text, self._rule, self._rank, weight, x, y, 0, size, size, (), glyphs))
        return found


def _merged(
    layer: LayerGeometry, rows: npt.NDArray[np.bool_], codes: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int32]]:
    """Lines of the same name joined where they meet, in world units, with their name codes."""
    none = np.empty(0, object), np.empty(0, np.int32)
    whole = layer.level(99)
    found = whole.take(rows & whole.drawn)
    long = found.counts > 1
    if not long.any():
        return none
    keep = np.repeat(long, found.counts)
    index = np.repeat(np.arange(int(long.sum())), found.counts[long])
    lines = np.asarray(shapely.linestrings(found.xy[keep], indices=index), object)
    names = codes[found.owner[long]]
    order = np.argsort(names, kind="stable")
    unique, of = np.unique(names[order], return_inverse=True)
    joined = shapely.line_merge(shapely.multilinestrings(lines[order], indices=of))
    parts, at = shapely.get_parts(joined, return_index=True)
    return np.asarray(parts, object), unique[at].astype(np.int32)
