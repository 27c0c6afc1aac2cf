"""Names of generated areas: after the streets that run through them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata.packing import Geometries
from console.server.importing.blocks import Streets

_STREET_ENDINGS = ("大道", "大街", "路", "街", "道", "巷", "弄")
_DIRECTIONS = "东西南北中"
_NUMBER = re.compile(r"[A-Z]{0,3}[ -]?\d+\S*")
"""Numbers of roads (A 28, G310) name no place."""
_WORDS = """
朝阳 幸福 新华 和平 建设 光明 团结 胜利 文昌 景山 望湖 春晖 锦绣 永安 泰和
瑞丰 德胜 福星 长乐 嘉禾 明德 崇文 清泉 紫薇 银杏 兰亭 桂苑 枫林 金桥 翠屏
"""
_POOL = _WORDS.split()
"""For places whose streets have no name, or one already given."""


@dataclass(frozen=True, slots=True)
class Names:
    """Which street names lie in which face, and how many steps of them."""

    face: npt.NDArray[np.intp]
    name: npt.NDArray[np.intp]
    length: npt.NDArray[np.float64]
    texts: list[str]

    def by_region(self, labels: npt.NDArray[np.intp]) -> list[list[str]]:
        """Street names of each region, the longest first."""
        size = len(self.texts)
        key, at = np.unique(labels[self.face].astype(np.int64) * size + self.name, return_inverse=True)
        length = np.bincount(at, self.length, len(key))
        order = np.lexsort((key, -np.rint(length)))
        found: list[list[str]] = [[] for _ in range(int(labels.max()) + 1)]
        for k in key[order].tolist():
            found[k // size].append(self.texts[k % size])
        return found


def street_names(faces: Geometries, streets: Streets) -> Names:
    """Find the faces that each named street touches."""
    usable = [n if n and not _NUMBER.fullmatch(n) else "" for n in streets.names]
    named = np.array([bool(n) for n in usable], bool)
    texts = sorted({n for n in usable if n})
    number = {text: i for i, text in enumerate(texts)}
    name = np.array([number[n] for n in usable if n], np.intp)
    middle = shapely.line_interpolate_point(streets.lines[named], 0.5, normalized=True)
    line, face = shapely.STRtree(faces).query(middle, predicate="intersects")
    return Names(face, name[line], shapely.length(streets.lines[named])[line], texts)


def place_name(street: str) -> str:
    """The name that a place takes from a street: 中山北路 gives 中山, other scripts stay."""
    stem = street
    for ending in _STREET_ENDINGS:
        if stem.endswith(ending) and len(stem) > len(ending) + 1:
            stem = stem[: -len(ending)]
            break
    return stem[:-1] if len(stem) > 2 and stem[-1] in _DIRECTIONS else stem


class Namer:
    """Gives each region a name of its own, after its streets where it can."""

    def __init__(self, seed: int) -> None:
        order = np.random.default_rng(seed).permutation(len(_POOL))
        self._pool = [_POOL[i] for i in order]
        self._taken: set[str] = set()

    def choose(self, streets: Sequence[str], suffix: str) -> str:
        """An unused name that ends in *suffix*."""
        stems = [place_name(s) for s in streets[:6]] + self._pool
        free = (stem for stem in stems if stem + suffix not in self._taken)
        name = next(free, None)
        if name is None:
            turn = 2
            while f"{stems[0]}第{turn}{suffix}" in self._taken:
                turn += 1
            name = f"{stems[0]}第{turn}"
        self._taken.add(name + suffix)
        return name + suffix


def grid_name(number: int, streets: Sequence[str]) -> str:
    """第3网格(解放路), or without a street where none is named."""
    return f"第{number}网格({streets[0]})" if streets else f"第{number}网格"
