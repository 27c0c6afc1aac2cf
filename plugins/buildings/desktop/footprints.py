"""All buildings of the map in memory: found by place, read by attribute. Made in a worker thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from console.sdk.feature_filter import FilterError, filtered
from console.sdk.feature_table import FeatureTable
from console.sdk.layer_data import Attributes, read_areas, read_attributes
from plugins.buildings.desktop.addresses import DEGREE
from plugins.buildings.desktop.outlines import outline

Keys = npt.NDArray[np.intp]
"""Places of buildings in the order of their layers."""
Bounds = tuple[float, float, float, float]


class Footprints:
    """Buildings by number, 0 to ``len() - 1``. ``at`` and what reads one building take well below 2 ms."""

    def __init__(self, packages: Sequence[str]) -> None:
        """Raises OSError, PackageError."""
        self._areas = read_areas(packages)
        self._tables = [FeatureTable(path) for path in packages]
        self._starts = np.cumsum([0, *(len(table) for table in self._tables)])
        self.attributes: Attributes = read_attributes(packages)
        self.boxes = np.concatenate([table.boxes() for table in self._tables] or [np.empty((0, 4))])
        """(n, 4) west, south, east, north in degrees."""

    def __len__(self) -> int:
        return int(self._starts[-1])

    def at(self, lon: float, lat: float, reach: float = 0.0) -> list[int]:
        """The buildings over a place, the smallest first; else the nearest one within *reach* metres, as a
        place on a wall lies a little beside the outline."""
        found = self._areas.all_at(lon, lat)
        return found if found or reach <= 0 else self._nearest(lon, lat, reach)

    def _nearest(self, lon: float, lat: float, reach: float) -> list[int]:
        scale = np.array([DEGREE * np.cos(np.radians(lat)), DEGREE])
        east, north = reach / scale
        box = self.boxes
        near = (box[:, 0] <= lon + east) & (box[:, 2] >= lon - east)
        near &= (box[:, 1] <= lat + north) & (box[:, 3] >= lat - north)
        keys = np.flatnonzero(near)
        flat = [
            shapely.transform(self.polygon(key), lambda xy: (xy - (lon, lat)) * scale)
            for key in keys.tolist()
        ]
        metres = shapely.distance(np.array(flat, object), shapely.Point(0, 0))
        return keys[np.argsort(metres)][: np.count_nonzero(metres <= reach)].tolist()[:1]

    def polygon(self, key: int) -> shapely.MultiPolygon:
        """The outline in degrees."""
        return outline(self._areas.rings(key))

    def bounds(self, key: int) -> Bounds:
        """West, south, east, north."""
        west, south, east, north = self.boxes[key].tolist()
        return west, south, east, north

    def text(self, key: int, name: str) -> str:
        """An attribute as it is shown; empty when it is not known."""
        table, row = self._row(key)
        return table.text(row, name) if name in table.columns else ""

    def number(self, key: int, name: str) -> float | None:
        """An attribute above zero; zero is what layers write for unknown."""
        table, row = self._row(key)
        if name not in table.columns or table.is_text(name):
            return None
        value = float(table.columns[name][row])
        return value if value > 0 else None

    def names(self, key: int) -> list[str]:
        """The attributes that its layer has."""
        return list(self._row(key)[0].columns)

    def matching(self, line: str, order_by: str = "") -> Keys:
        """Buildings that a filter holds for, the greatest of an attribute first. Raises FilterError."""
        found: list[Keys] = []
        faults: list[FilterError] = []
        for table, start in zip(self._tables, self._starts[:-1].tolist(), strict=True):
            try:
                rows = filtered(table, line)
            except FilterError as error:
                faults.append(error)  # another layer may have the attribute
                continue
            if order_by in table.columns:
                rows = table.ordered(rows, order_by, descending=not table.is_text(order_by))
            found.append(rows + start)
        if faults and not found:
            raise faults[0]
        return np.concatenate(found) if found else np.empty(0, np.intp)

    def named(self, words: str, limit: int) -> list[int]:
        """Buildings whose name holds *words*: the same name first, then beginnings, then shorter ones."""
        found: list[int] = []
        for table, start in zip(self._tables, self._starts[:-1].tolist(), strict=True):
            if "name" in table.columns and table.is_text("name"):
                found += (np.flatnonzero(table.matching("name", words)) + start).tolist()
        titles = {key: self.text(key, "name").casefold() for key in found[: 50 * limit]}
        low = words.casefold()
        ranked = sorted(titles, key=lambda k: (not titles[k].startswith(low), len(titles[k]), titles[k]))
        return ranked[:limit]

    def _row(self, key: int) -> tuple[FeatureTable, int]:
        at = int(np.searchsorted(self._starts, key, side="right")) - 1
        return self._tables[at], key - int(self._starts[at])
