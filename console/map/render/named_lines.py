"""Where names and symbols could stand on lines: along them, level at places of them, at their ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import shapely

from console.map.render.along import Path
from console.map.render.candidates import Candidate, Letters, Names, Spots, View, letters, spots_of
from console.map.render.geometry import LayerGeometry
from console.map.render.style import LabelRule
from console.map.viewport import Bounds

AIR = 0.8
"""Logical pixels between glyphs along a line."""
ROOM = 1.15
"""Times its own length a line must be to bear a text or symbol."""


class NamedLines:
    """Lines of one name joined end to end, written along at even distances."""

    def __init__(self, layer: LayerGeometry, names: Names, rule: LabelRule, rank: int) -> None:
        self._rule, self._rank = rule, rank
        self._lines, self._names = _lines_of(layer, names.codes, rule)
        self._texts = names.strings
        self._box = shapely.bounds(self._lines) if len(self._lines) else np.empty((0, 4))

    def within(self, area: Bounds, view: View) -> list[Spots]:
        left, top, right, bottom = view.world(area)
        box = self._box
        meets = (box[:, 0] < right) & (box[:, 2] > left) & (box[:, 1] < bottom) & (box[:, 3] > top)
        font = letters(self._rule, view)
        found: list[Candidate] = []
        rows = np.flatnonzero(meets)
        for line, name in zip(self._lines[rows], self._names[rows].tolist(), strict=True):
            simple = shapely.simplify(line, 1.2 * view.dpr / view.scale)
            path = Path(shapely.get_coordinates(simple) * view.scale)
            found += self._on(path, self._texts[name], font, area)
        return spots_of(self._rank, found)

    def _on(self, path: Path, text: str, font: Letters, area: Bounds) -> Iterator[Candidate]:
        """Candidates on one line; the places depend on the line alone, not on what is looked at."""
        dpr, mark = font.view.dpr, font.mark()
        advances = [font.metrics.horizontalAdvance(c) + AIR * dpr for c in text]
        level = self._rule.upright or not text
        least = mark.side if mark is not None and level else sum(advances)
        if path.length < least * ROOM:
            return
        for at in self._places(path.length, least, dpr):
            x, y = path.at(at)
            if not (area[0] <= x < area[2] and area[1] <= y < area[3]):
                continue
            if level:
                degrees = path.degrees(at, least / 2)
                yield font.label(text, self._rank, path.length, x, y, degrees)
            elif glyphs := path.write(text, advances, at, font.size):
                size = font.size
                yield Candidate(
                    text, self._rule, self._rank, path.length, x, y, 0, size, size, (), glyphs, mark=mark
                )

    def _places(self, length: float, least: float, dpr: float) -> list[float]:
        icon = self._rule.icon
        if icon is not None and icon.at_end:
            return [length - least / 2]
        number = max(int(length / (self._rule.spacing * dpr)), 1)
        return [(i + 0.5) * length / number for i in range(number)]


def _lines_of(
    layer: LayerGeometry, codes: npt.NDArray[np.int32], rule: LabelRule
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int32]]:
    """Lines in world units with their name codes. Those of one name are joined where they meet; symbols
    point in the direction of lines, which is kept for them, and stand at the end of each line by itself."""
    none = np.empty(0, object), np.empty(0, np.int32)
    whole = layer.level(99)
    found = whole.take((codes != 0) & whole.drawn)
    long = found.counts > 1
    if not long.any():
        return none
    keep = np.repeat(long, found.counts)
    index = np.repeat(np.arange(int(long.sum())), found.counts[long])
    lines = np.asarray(shapely.linestrings(found.xy[keep], indices=index), object)
    names = codes[found.owner[long]]
    if rule.icon is not None and rule.icon.at_end:
        return lines, names
    order = np.argsort(names, kind="stable")
    unique, of = np.unique(names[order], return_inverse=True)
    grouped = shapely.multilinestrings(lines[order], indices=of)
    joined = shapely.line_merge(grouped, directed=rule.icon is not None)
    parts, at = shapely.get_parts(joined, return_index=True)
    return np.asarray(parts, object), unique[at].astype(np.int32)
