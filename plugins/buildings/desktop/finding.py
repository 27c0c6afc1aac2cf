"""Buildings for the search box: the service ``buildings``."""

from __future__ import annotations

import numpy as np

from console.sdk import Context
from console.sdk.records import Place
from plugins.buildings.desktop.city import City, Indexes
from plugins.buildings.desktop.desk import Desk
from plugins.buildings.desktop.words import kind_text

KIND = "building"
LIMIT = 10
NEAR = 80.0
"""Metres within which an address is told with a name."""


class Finder:
    """Finds buildings by name and by address, on this computer alone."""

    def __init__(self, ctx: Context, city: City, desk: Desk) -> None:
        self._ctx, self._city, self._desk = ctx, city, desk

    async def find(self, words: str) -> tuple[Place, ...]:
        """Places of kind ``building``, names before addresses."""
        indexes = await self._city.indexes()
        if indexes is None:
            return ()
        found = await self._ctx.tasks.run(_find, indexes, words)
        return tuple(self._place(indexes, *row) for row in found)

    def go(self, place: Place) -> None:
        """Single out the building at a place, if there is one (of these bounds, if it can), and go there."""
        self._desk.go(*place.where, place.bounds)

    def _place(self, indexes: Indexes, key: int, name: str, address: str) -> Place:
        kind = kind_text(indexes.footprints.text(key, "class"), self._ctx.tr)
        inner = indexes.footprints.polygon(key).representative_point()
        return Place(
            title=name or address,
            kind=KIND,
            where=(inner.x, inner.y),
            detail=" · ".join(part for part in (kind, address if name else "") if part),
            bounds=indexes.footprints.bounds(key),
        )


def _find(indexes: Indexes, words: str) -> list[tuple[int, str, str]]:
    """Number, name and address of each."""
    footprints, addresses = indexes.footprints, indexes.addresses
    keys = footprints.named(words, LIMIT)
    doors: dict[int, str] = {}
    for address, (lon, lat) in addresses.matching(words, 4 * LIMIT):
        for key in footprints.at(lon, lat)[:1]:
            doors.setdefault(key, address)
    keys += [key for key in list(doors)[:LIMIT] if key not in keys]
    boxes = footprints.boxes[keys]
    near = addresses.nearest((boxes[:, :2] + boxes[:, 2:]) / 2 if keys else np.empty((0, 2)), NEAR)
    return [
        (key, footprints.text(key, "name"), doors.get(key, address))
        for key, (address, _) in zip(keys, near, strict=True)
    ]
