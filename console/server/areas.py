"""Areas: the SQL condition that cuts every query, and which area holds a place."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from console.model.area import Area, AreaCodeError, parse_area_code
from console.model.records import LonLat
from console.server.db import Database
from console.server.tables import AreaRow

Rings = list[list[LonLat]]
"""A shell and its holes."""


def in_areas(column: InstrumentedAttribute[str], areas: Sequence[str]) -> ColumnElement[bool]:
    """Condition: *column* lies in one of *areas*, as ranges that an index can serve.

    ``320302`` becomes ``column >= '320302' AND column < '320303'``; codes are digits only.
    """
    ranges = [(column >= code) & (column < _after(code)) for code in areas if code]
    return or_(*ranges) if ranges else false()


def _after(code: str) -> str:
    """The next code of the same level; digits sort alike in every collation."""
    return str(int(code) + 1).zfill(len(code))


def areas_of(session: Session, areas: Sequence[str]) -> list[Area]:
    """All areas in *areas*, largest first."""
    query = select(
        AreaRow.code,
        AreaRow.name,
        AreaRow.name_en,
        AreaRow.level,
        AreaRow.west,
        AreaRow.south,
        AreaRow.east,
        AreaRow.north,
    )
    rows = session.execute(query.where(in_areas(AreaRow.code, areas)).order_by(AreaRow.level, AreaRow.code))
    return [
        Area(
            code=r.code,
            name=r.name,
            name_en=r.name_en,
            level=r.level,
            bounds=(r.west, r.south, r.east, r.north),
        )
        for r in rows
    ]


def known_areas(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Those of *codes* that are areas here, each with its trimmed form."""
    trimmed = dict[str, str]()
    for code in codes:
        with contextlib.suppress(AreaCodeError):
            trimmed[code] = parse_area_code(code)
    query = select(AreaRow.code).where(AreaRow.code.in_(set(trimmed.values())))
    here = set(session.scalars(query))
    return {code: plain for code, plain in trimmed.items() if plain in here}


def polygons_of(geometry: BaseGeometry) -> list[Rings]:
    """The polygons of *geometry*, each a shell followed by its holes, longitude first."""
    polygons = [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.Polygon)]
    return [
        [[(x, y) for x, y, *_ in ring.coords] for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in polygons
    ]


class AreaIndex:
    """Finds the smallest area that holds a place; loaded at first use and after an import."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._loaded: tuple[shapely.STRtree, list[str]] | None = None

    def forget(self) -> None:
        """Load anew at the next use."""
        self._loaded = None

    def area_at(self, where: LonLat) -> str | None:
        """Code of the smallest area that holds *where*, or None outside of all."""
        tree, codes = self._tree()
        hits = tree.query(shapely.Point(where), predicate="intersects")
        return max((codes[i] for i in hits), key=lambda code: (len(code), code), default=None)

    def areas_at(self, places: npt.NDArray[np.float64]) -> list[str]:
        """Codes of the smallest areas that hold each of *places* ((n, 2) degrees); empty outside of all."""
        tree, codes = self._tree()
        found = [""] * len(places)
        for at, hit in tree.query(shapely.points(places), predicate="intersects").T.tolist():
            found[at] = max(found[at], codes[hit], key=lambda code: (len(code), code))
        return found

    def beside(self, code: str) -> frozenset[str]:
        """Codes of the areas of the same level that touch area *code*."""
        tree, codes = self._tree()
        if code not in codes:
            return frozenset()
        hits = tree.query(tree.geometries[codes.index(code)], predicate="intersects")
        return frozenset(codes[i] for i in hits if len(codes[i]) == len(code)) - {code}

    def _tree(self) -> tuple[shapely.STRtree, list[str]]:
        with self._lock:
            if self._loaded is None:
                with self._database.read() as session:
                    rows = session.execute(select(AreaRow.code, AreaRow.geometry)).all()
                shapes = [row.geometry for row in rows]
                shapely.prepare(shapes)
                self._loaded = shapely.STRtree(shapes), [row.code for row in rows]
            return self._loaded
