"""The grid generator: streets, communities and grids over any city that has roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata.packing import Block, Geometries, pack
from console.model.area import AreaLevel
from console.model.layers import DEGREE, FeatureShape, LayerKind, LayerPackage
from console.server.importing.blocks import GRID, city_blocks, hull_of, streets_of
from console.server.importing.grid_names import Namer, Names, grid_name, street_names
from console.server.importing.partition import Borders, agglomerate, borders_of
from console.server.layer_types import AreaShape

MAX_GRIDS = 50_000
Labels = npt.NDArray[np.intp]


class GridError(ValueError):
    """No grids can be made: no roads, or a count out of range."""


def make_grids(
    roads: LayerPackage, district_code: str, name: str, count: int, seed: int = 0
) -> tuple[list[AreaShape], LayerPackage]:
    """Divide the city into *count* grids, nested in communities and streets of one district.

    Borders follow real roads where they can. Neighbours share their vertices
    exactly: no gap, no overlap. *seed* chooses among invented names only.
    Returns the areas of all levels and the grids as a layer; raises GridError.
    """
    if not 1 <= count <= MAX_GRIDS:
        raise GridError(f"{count} grids asked for; 1 to {MAX_GRIDS} are possible")
    streets = streets_of(roads)
    if len(streets.lines) == 0:
        raise GridError("there are no roads to make grids from")
    faces, weight = city_blocks(streets, hull_of(streets), count)
    borders = borders_of(faces, streets.lines, streets.rank, 2 * GRID)
    tiers = _tiers(faces, weight, borders, count)
    areas = _Areas(faces, street_names(faces, streets), Namer(seed))
    areas.add(district_code, name, faces)
    areas.divide(district_code, np.arange(len(faces)), tiers)
    return areas.shapes, _layer(areas.shapes)


@dataclass(frozen=True, slots=True)
class _Tier:
    """One level: the region of each face, and what its areas are called."""

    labels: Labels
    level: AreaLevel
    suffix: str
    english: str


def _tiers(faces: Geometries, weight: npt.NDArray[np.float64], borders: Borders, count: int) -> list[_Tier]:
    """Streets, communities and grids: about as many children at each level as at the others."""
    grid = agglomerate(weight, borders, count)
    communities = max(1, round(count**0.5))
    community = _coarser(grid, weight, borders, communities)
    street = _coarser(community, weight, borders, max(1, round(communities**0.5)))
    return [
        _Tier(street, AreaLevel.STREET, "街道", "Street"),
        _Tier(community, AreaLevel.COMMUNITY, "社区", "Community"),
        _Tier(grid, AreaLevel.GRID, "网格", "Grid"),
    ]


def _coarser(labels: Labels, weight: npt.NDArray[np.float64], borders: Borders, count: int) -> Labels:
    return agglomerate(np.bincount(labels, weight).astype(float), borders.between(labels), count)[labels]


class _Areas:
    """Numbers, names and draws the areas from the top down."""

    def __init__(self, faces: Geometries, names: Names, namer: Namer) -> None:
        self._faces, self._names, self._namer = faces, names, namer
        self._streets: dict[AreaLevel, list[list[str]]] = {}
        self.shapes: list[AreaShape] = []

    def divide(self, parent: str, mine: Labels, tiers: list[_Tier]) -> None:
        """The areas of the next tier in *parent*, whose faces are *mine*, and all below."""
        tier, deeper = tiers[0], tiers[1:]
        if tier.level not in self._streets:
            self._streets[tier.level] = self._names.by_region(tier.labels)
        streets = self._streets[tier.level]
        for number, region in enumerate(self._in_rows(tier.labels, mine), start=1):
            own = mine[tier.labels[mine] == region]
            code = f"{parent}{number:03d}"
            name = self._name(tier, number, streets[region])
            self.add(code, name, self._faces[own], f"{tier.english} {number}")
            if deeper:
                self.divide(code, own, deeper)

    def _name(self, tier: _Tier, number: int, streets: list[str]) -> str:
        if tier.level is AreaLevel.GRID:
            return grid_name(number, streets)
        return self._namer.choose(streets, tier.suffix)

    def _in_rows(self, labels: Labels, mine: Labels) -> list[int]:
        """Regions in reading order: rows from the north, each from the west."""
        regions, at = np.unique(labels[mine], return_inverse=True)
        middle = shapely.get_coordinates(shapely.centroid(self._faces[mine]))
        size = np.bincount(at)
        x, y = (np.bincount(at, middle[:, axis]) / size for axis in (0, 1))
        rows = max(1, round(len(regions) ** 0.5))
        row = np.argsort(np.argsort(-y, kind="stable"), kind="stable") * rows // len(regions)
        return regions[np.lexsort((x, row))].tolist()

    def add(self, code: str, name: str, faces: Geometries, name_en: str = "") -> None:
        whole = shapely.coverage_union_all(faces)
        degrees = shapely.transform(whole, lambda xy: xy / DEGREE)
        self.shapes.append(AreaShape(code=code, name=name, name_en=name_en, geometry=degrees))


def _layer(shapes: list[AreaShape]) -> LayerPackage:
    """The grids as a layer."""
    grids = [s for s in shapes if len(s.code) == AreaLevel.GRID]
    block = Block(
        kind=LayerKind.GRID,
        shape=FeatureShape.POLYGON,
        geometry=_array([s.geometry for s in grids]),
        text={
            "class": ["grid"] * len(grids),
            "name": [s.name for s in grids],
            "code": [s.code for s in grids],
        },
        numbers={"level": np.full(len(grids), AreaLevel.GRID, np.int16)},
    )
    return pack(block, {"title_zh": "网格", "title_en": "Grids", "datum": "wgs84", "datum_known": "declared"})


def _array(values: list[Any]) -> Geometries:
    return np.array(values, dtype=object)
