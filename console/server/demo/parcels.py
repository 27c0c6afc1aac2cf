"""What each block is used for, and the land between its streets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from console.server.demo.plan import Plan
from console.server.demo.streets import Network

HALF_WIDTHS = {
    "motorway": 17.0,
    "motorway_link": 7.0,
    "trunk": 18.0,
    "primary": 15.0,
    "secondary": 12.0,
    "tertiary": 9.5,
    "residential": 7.0,
    "living_street": 4.5,
    "service": 3.5,
    "footway": 2.0,
}
"""Metres from the middle of a road to the back of its pavement."""
Objects = npt.NDArray[np.object_]

_SHARES: dict[str, dict[str, float]] = {
    "old": {"houses": 0.58, "court": 0.22, "perimeter": 0.08, "school": 0.04, "market": 0.04, "green": 0.04},
    "inner": {"slab": 0.44, "perimeter": 0.17, "tower": 0.1, "office": 0.09, "mall": 0.04, "school": 0.06,
              "hospital": 0.02, "government": 0.03, "market": 0.02, "green": 0.03},
    "new": {"tower": 0.33, "slab": 0.31, "villa": 0.06, "office": 0.06, "mall": 0.04, "school": 0.06,
            "hospital": 0.015, "government": 0.015, "green": 0.06, "construction": 0.03, "market": 0.02},
    "centre": {"office": 0.62, "mall": 0.18, "tower": 0.12, "green": 0.08},
    "industry": {"shed": 0.86, "slab": 0.06, "green": 0.05, "construction": 0.03},
    "edge": {"shed": 0.45, "green": 0.35, "villa": 0.2},
}  # fmt: skip
"""Uses of blocks by zone, and how common each is."""
LANDUSE = {
    "houses": "residential",
    "court": "residential",
    "slab": "residential",
    "tower": "residential",
    "villa": "residential",
    "perimeter": "residential",
    "office": "commercial",
    "mall": "retail",
    "market": "retail",
    "school": "school",
    "hospital": "hospital",
    "government": "institutional",
    "shed": "industrial",
    "construction": "construction",
    "station": "railway",
}


@dataclass(slots=True)
class Land:
    """Parcels (land inside blocks, without streets and water); metres."""

    parcels: Objects
    use: list[str]
    block: npt.NDArray[np.intp]
    """Block of each parcel, -1 for strips along water and tracks."""
    blocks: Objects
    lakes: Objects
    parks: Objects


def make_land(plan: Plan, network: Network, rng: np.random.Generator) -> Land:
    """Cut the blocks into parcels and give each block its use."""
    lakes = np.array(network.lakes, dtype=object)
    parcels = _parcels(plan, network, lakes)
    spot = shapely.point_on_surface(parcels)
    use_of_block = _uses(plan, network, rng)
    parcel, block = shapely.STRtree(network.blocks).query(spot, predicate="intersects")
    block_of = np.full(len(parcels), -1)
    block_of[parcel] = block
    use = ["green" if b < 0 else use_of_block[b] for b in block_of.tolist()]
    beside = shapely.distance(spot, plan.river) < 36
    beside |= shapely.distance(spot, plan.canal) < 24
    use = ["green" if wet else u for u, wet in zip(use, beside.tolist(), strict=True)]
    return Land(parcels, use, block_of, network.blocks, lakes, np.array(network.parks, dtype=object))


def _parcels(plan: Plan, network: Network, lakes: Objects) -> Objects:
    half = np.array([HALF_WIDTHS[c] for c in network.classes])
    taken = [
        *shapely.buffer(network.edges, half, quad_segs=3),
        shapely.buffer(plan.river, 8.0, quad_segs=4),
        shapely.buffer(plan.canal, 13.0, quad_segs=4),
        shapely.buffer(plan.railway, 16.0, quad_segs=4),
        shapely.buffer(plan.motorway, 26.0, quad_segs=4),
        *lakes,
    ]
    free = shapely.difference(plan.rings[-1], shapely.union_all(np.array(taken, dtype=object)))
    parts = shapely.simplify(shapely.get_parts(free), 0.3)
    parts = parts[(shapely.area(parts) > 250) & (shapely.get_type_id(parts) == 3)]
    order = np.lexsort(np.rint(shapely.get_coordinates(shapely.point_on_surface(parts))).T)
    return np.asarray(parts[order], object)


def _uses(plan: Plan, network: Network, rng: np.random.Generator) -> list[str]:
    """One use a block, by its zone; the station and the parks stand first."""
    blocks = network.blocks
    middle = shapely.point_on_surface(blocks)
    zones = _zones(plan, middle)
    area = shapely.area(blocks)
    park = np.zeros(len(blocks), bool)
    for one in network.parks:
        park |= shapely.contains(one, middle)
    station = int(np.argmin(shapely.distance(blocks, shapely.points(plan.station)) + 1e6 * (area < 8_000)))
    draw = rng.uniform(size=len(blocks))
    uses = [_pick(zone, at, size) for zone, at, size in zip(zones, draw.tolist(), area.tolist(), strict=True)]
    for at in np.flatnonzero(park).tolist():
        uses[at] = "park"
    uses[station] = "station"
    return uses


def _pick(zone: str, draw: float, area: float) -> str:
    shares = _SHARES[zone]
    if area > 60_000:  # a block that water or tracks left undivided
        return "shed" if zone == "industry" else "slab" if draw < 0.7 else "green"
    if area < 4_500:
        return "houses" if zone == "old" else "perimeter" if draw < 0.6 and zone != "industry" else "green"
    bounds = np.cumsum(list(shares.values()))
    use = list(shares)[int(np.searchsorted(bounds / bounds[-1], draw))]
    return "office" if use == "mall" and area > 32_000 else use


def _zones(plan: Plan, middle: Objects) -> list[str]:
    _, _, east, north = shapely.bounds(plan.rings[-1])
    old = shapely.contains(plan.rings[0], middle)
    inner = shapely.contains(plan.rings[-2], middle)
    industry = shapely.contains(plan.industry, middle)
    centre = shapely.distance(shapely.points(0.66 * east, 0.14 * north), middle) < 0.17 * north
    centre |= shapely.distance(shapely.points(0.02 * east, 0.3 * north), middle) < 0.06 * north
    edge = shapely.distance(shapely.boundary(plan.rings[-1]), middle) < 90
    found = np.select(
        [industry, old, centre, inner, edge], ["industry", "old", "centre", "inner", "edge"], "new"
    )
    return found.tolist()
