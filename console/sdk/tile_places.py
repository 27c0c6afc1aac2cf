"""Where features in vector tiles lie, so that their datum can be measured. Reads files: for the pool."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from console.geodata.tile_features import places_in_tile
from console.model.datum_checks import FEWEST
from console.sdk.tile_stores import Store, opened, tiles_around, unpacked

FINEST, COARSEST = 14, 12
"""Levels that are read: a step of a tile's grid is half a metre at 14, two at 12."""
MOST_TILES = 24
MOST_ASKED = 600
"""Tiles that an archive is asked for, whether it has them or not."""
ENOUGH = 3_000
"""Places after which no further tile is read."""
OUTLIERS = 2.0
"""Percent of the places on each side that don't count for where something is."""
Floats = npt.NDArray[np.float64]


def read_tile_places(path: str, kind: str, around: Floats) -> Floats:
    """(n, 2) degrees, as the tiles have them, of features of *kind* near (m, 2) degrees *around*.

    *path*: an archive, or a folder of fetched tiles. Ends of lines, vertices of areas, or points; not what
    lies on the edge of a tile, where everything is cut. Empty when there is too little. Raises OSError.
    """
    store = opened(path)
    low, high = store.levels()
    for level in range(max(min(high, FINEST), low), max(low, COARSEST) - 1, -1):
        found = _of_level(store, level, kind, around)
        if len(found) >= FEWEST:
            return found
    return np.empty((0, 2))


def _of_level(store: Store, level: int, kind: str, around: Floats) -> Floats:
    found: list[Floats] = [np.empty((0, 2))]
    tiles = count = 0
    for x, y in _nearest(store, level, around):
        data = store.get((level, x, y))
        if not data:
            continue
        try:
            found.append(places_in_tile(unpacked(data), (level, x, y), kind))
        except OSError:  # one that is broken says nothing of the others
            continue
        tiles, count = tiles + 1, count + len(found[-1])
        if tiles == MOST_TILES or count >= ENOUGH:
            break
    return np.concatenate(found)


def _nearest(store: Store, level: int, around: Floats) -> list[tuple[int, int]]:
    """Columns and rows of tiles where *around* is, those in the thick of it first."""
    west, south = np.percentile(around, OUTLIERS, axis=0).tolist()
    east, north = np.percentile(around, 100 - OUTLIERS, axis=0).tolist()
    lon, lat = np.median(around, axis=0).tolist()
    column, row, _, _ = tiles_around((lon, lat, lon, lat), level)
    found = store.within(level, tiles_around((west, south, east, north), level))
    return sorted(found, key=lambda at: (at[0] - column) ** 2 + (at[1] - row) ** 2)[:MOST_ASKED]
