"""Nodes for roads that come without any: shared vertices are crossings."""

from __future__ import annotations

import numpy as np
import shapely

from console.geodata.osm_roads import cut_at_crossings
from console.geodata.packing import Block
from console.model.layers import DEGREE


def with_nodes(roads: Block) -> Block:
    """Cut lines at vertices shared (to 1e-7 degrees), number the nodes, one part a piece."""
    lines, owner = shapely.get_parts(roads.geometry, return_index=True)
    rows = roads.take(owner)
    xy, line_of = shapely.get_coordinates(lines, return_index=True)
    quantised = np.rint(xy * DEGREE).astype(np.int64)
    keep = np.r_[True, (line_of[1:] != line_of[:-1]) | np.any(np.diff(quantised, axis=0) != 0, axis=1)]
    quantised, line_of = quantised[keep], line_of[keep]
    length = np.bincount(line_of, minlength=len(lines))
    whole = length > 1  # a line of no length has nowhere to lead
    vertex = whole[line_of]
    # exact, one number a place: two int32 in an int64
    place = (quantised[:, 0] << 32) + (quantised[:, 1] + (1 << 31))
    _, node = np.unique(place, return_inverse=True)
    return cut_at_crossings(
        rows.take(whole), quantised[vertex] / float(DEGREE), node[vertex].astype(np.int64) + 1, length[whole]
    )
