"""One building with all that files tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from plugins.buildings.desktop.addresses import DEGREE, Addresses
from plugins.buildings.desktop.footprints import Bounds, Footprints
from plugins.buildings.desktop.storeys import Storeys, door_of, rooms_by_floor, storeys

NEAR = 80.0
"""Metres within which an address may be that of a building."""
SHOWN = ("name", "class", "height", "levels")
"""Attributes that have lines of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What lies still: what is going on in it is asked of the live feed."""

    key: int
    name: str
    kind: str
    """Class of its layer, such as ``apartments``."""
    outline: shapely.MultiPolygon
    """In degrees."""
    bounds: Bounds
    square_metres: float
    height: float | None
    storeys: Storeys | None
    address: str
    away: float
    """Metres to the place of the address; 0 when it lies in the building."""
    doors: tuple[str, ...]
    """All addresses of houses in it."""
    rooms: Mapping[int, tuple[str, ...]]
    """Dwellings by floor."""
    attributes: Mapping[str, str]
    """What else its layer says."""

    @property
    def title(self) -> str:
        """Its name, else its address; empty for neither."""
        return self.name or self.address


def describe(footprints: Footprints, addresses: Addresses, key: int) -> Building:
    """Gather what is known of a building; takes milliseconds, with all the rooms of a district."""
    outline = footprints.polygon(key)
    doors, address, away, inside = told_addresses(outline, addresses)
    height = footprints.number(key, "height")
    others = {name: footprints.text(key, name) for name in footprints.names(key) if name not in SHOWN}
    return Building(
        key=key,
        name=footprints.text(key, "name"),
        kind=footprints.text(key, "class"),
        outline=outline,
        bounds=footprints.bounds(key),
        square_metres=square_metres(outline),
        height=height,
        storeys=storeys(footprints.number(key, "levels"), height),
        address=address,
        away=away,
        doors=doors,
        rooms=rooms_by_floor(inside),
        attributes={name: text for name, text in others.items() if text},
    )


def told_addresses(
    outline: shapely.MultiPolygon, addresses: Addresses | None
) -> tuple[tuple[str, ...], str, float, list[str]]:
    """Addresses of the houses in an outline; the one that is told, and how far it is; all inside."""
    if addresses is None:
        return (), "", 0.0, []
    inside = addresses.inside(outline)
    doors = tuple(sorted({door_of(address) for address in inside}, key=lambda text: (len(text), text)))
    address, away = (doors[0], 0.0) if doors else _near(addresses, outline)
    return doors, address, away, inside


def _near(addresses: Addresses, outline: shapely.MultiPolygon) -> tuple[str, float]:
    middle = outline.representative_point()
    return addresses.nearest(np.array([[middle.x, middle.y]]), NEAR)[0]


def square_metres(outline: shapely.MultiPolygon) -> float:
    """On the sphere flattened at the building: exact to a thousandth."""
    return float(outline.area * DEGREE * DEGREE * np.cos(np.radians(outline.centroid.y)))
