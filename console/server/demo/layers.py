"""The city as layer packages, at its place on the globe."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata.datums import Source
from console.geodata.osm_tags import ROAD_ACCESS
from console.geodata.packing import Block
from console.model.area import AreaLevel
from console.model.coordinates import Datum
from console.model.datums import conversion
from console.model.layers import FeatureShape, LayerKind
from console.server.demo.addresses import Addresses
from console.server.demo.buildings import Buildings
from console.server.demo.parcels import LANDUSE, Land
from console.server.demo.places import Places
from console.server.demo.plan import Plan
from console.server.demo.streets import Network
from console.server.importing.files import as_layer
from console.server.importing.topology import with_nodes
from console.server.layer_types import AreaShape, ImportedLayer

ORIGIN = (117.19, 34.26)
"""Where the fictitious city lies: longitude, latitude in WGS84 degrees."""
METRES = np.array([111_320.0 * np.cos(np.radians(ORIGIN[1])), 110_940.0])
"""Metres a degree there, east and north."""
SPEEDS = {"motorway": 100, "motorway_link": 40, "trunk": 70, "primary": 60, "secondary": 50, "tertiary": 40,
          "residential": 30, "living_street": 20, "service": 15}  # fmt: skip
SOURCE = Source(None, conversion(Datum.WGS84), "declared")
ATTRIBUTION = "虚构演示数据 fictitious demo data"


def degrees(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Metres around the centre to WGS84 degrees, to 1e-7."""
    return np.round(np.asarray(xy) / METRES + ORIGIN, 7)


def _placed(geometry: Any) -> Any:
    return np.asarray(shapely.transform(geometry, degrees), object)


def base_layers(
    plan: Plan, network: Network, land: Land, buildings: Buildings, places: Places, addresses: Addresses,
    rng: np.random.Generator,
) -> list[ImportedLayer]:  # fmt: skip
    """All layers but grids and boundaries."""
    blocks = [
        _roads(network, plan, rng),
        _block(LayerKind.RAILWAY, FeatureShape.LINE, [plan.railway], ["rail"], ["云宁铁路"]),
        _buildings(buildings, places),
        _water(plan, land),
        _block(LayerKind.WATERWAY, FeatureShape.LINE, [plan.river_line, plan.canal], ["river", "canal"],
               ["云水河", "护城河"]),
        _green(land, places),
        _landuse(plan, land),
        _block(LayerKind.POI, FeatureShape.POINT, shapely.points(np.array(places.where)), places.kind,
               places.name),
        _addresses(addresses),
    ]  # fmt: skip
    return [as_layer(b, str(b.kind), SOURCE, ATTRIBUTION) for b in blocks]


def _block(
    kind: LayerKind, shape: FeatureShape, geometry: Any, classes: list[str], names: list[str]
) -> Block:
    placed = _placed(np.asarray(geometry, dtype=object))
    return Block(kind=kind, shape=shape, geometry=placed, text={"class": classes, "name": names})


def _roads(network: Network, plan: Plan, rng: np.random.Generator) -> Block:
    courses = [network.courses[i] for i in network.street.tolist()]
    classes = network.classes
    block = _block(LayerKind.ROAD, FeatureShape.LINE, network.edges, classes, [c.name for c in courses])
    bridge = np.array([c.bridge for c in courses], np.int8)
    block.numbers = {
        "oneway": _oneway(network, plan, rng),
        "maxspeed": np.array([SPEEDS.get(c, 0) for c in classes], np.float32),
        "access": np.array([ROAD_ACCESS[c] for c in classes], np.uint8),
        "bridge": bridge,
        "tunnel": np.zeros(len(bridge), np.int8),
        "level": bridge,
    }
    return with_nodes(block)


def _oneway(network: Network, plan: Plan, rng: np.random.Generator) -> npt.NDArray[np.int8]:
    """The motorway, and one in six small streets of the two inner rings, each in one direction."""
    chosen: dict[str, bool] = {}
    inner = plan.rings[-2]
    direction = np.zeros(len(network.edges), np.int8)
    for at, street in enumerate(network.street.tolist()):
        course = network.courses[street]
        if course.road_class.startswith("motorway"):
            direction[at] = 1
        elif course.name and course.road_class in ("residential", "living_street"):
            if course.name not in chosen:
                chosen[course.name] = bool(rng.uniform() < 1 / 6) and bool(
                    shapely.intersects(inner, course.line)
                )
            if chosen[course.name]:
                ends = shapely.get_point(network.edges[at], [0, -1])
                a, b = shapely.line_locate_point(course.whole, ends)
                direction[at] = 1 if b > a else -1
    return direction


def _buildings(buildings: Buildings, places: Places) -> Block:
    block = _block(
        LayerKind.BUILDING, FeatureShape.POLYGON, buildings.geometry, buildings.kind, places.buildings
    )
    block.numbers["height"] = buildings.height.astype(np.float32)
    # As real data have it: storeys are known of houses that people live and work in, not of sheds.
    counted = np.isin(buildings.kind, ("apartments", "residential", "office", "hospital", "school"))
    block.numbers["levels"] = np.where(counted, np.maximum(buildings.height // 3, 1), 0).astype(np.float32)
    return block


def _water(plan: Plan, land: Land) -> Block:
    canal = shapely.difference(shapely.buffer(plan.canal, 7.5), plan.river)
    lakes = list(land.lakes)
    names = ["云水河", "护城河", *("云湖", "文昌湖", "南湖", "锦湖")[: len(lakes)]]
    classes = ["river", "canal", *["lake"] * len(lakes)]
    return _block(LayerKind.WATER, FeatureShape.POLYGON, [plan.river, canal, *lakes], classes, names)


def _green(land: Land, places: Places) -> Block:
    rows = [i for i, u in enumerate(land.use) if u in ("green", "park")]
    classes = ["park" if land.use[i] == "park" else "grass" for i in rows]
    names = [""] * len(rows)
    spots = shapely.point_on_surface(land.parcels[rows])
    for park, name in zip(land.parks, places.parks, strict=True):
        inside = np.flatnonzero(shapely.contains(park, spots))
        if len(inside):
            names[int(inside[np.argmax(shapely.area(land.parcels[rows][inside]))])] = name
    return _block(LayerKind.GREEN, FeatureShape.POLYGON, land.parcels[rows], classes, names)


def _landuse(plan: Plan, land: Land) -> Block:
    rows = [i for i, u in enumerate(land.use) if u in LANDUSE]
    around = shapely.difference(
        shapely.buffer(plan.rings[-1], 900.0), shapely.union_all([plan.rings[-1], plan.river])
    )
    geometry = [*land.parcels[rows], around]
    classes = [LANDUSE[land.use[i]] for i in rows] + ["farmland"]
    return _block(LayerKind.LANDUSE, FeatureShape.POLYGON, geometry, classes, [""] * len(geometry))


def _addresses(addresses: Addresses) -> Block:
    count = len(addresses)
    block = _block(
        LayerKind.ADDRESS, FeatureShape.POINT, shapely.points(addresses.where), ["address"] * count,
        addresses.texts(),
    )  # fmt: skip
    block.text = {**block.text, "housenumber": addresses.number, "street": addresses.street}
    return block


def boundary_layer(areas: list[AreaShape]) -> ImportedLayer:
    """District, streets and communities as a layer."""
    above = [a for a in areas if len(a.code) < AreaLevel.GRID]
    block = Block(
        kind=LayerKind.BOUNDARY,
        shape=FeatureShape.POLYGON,
        geometry=np.array([a.geometry for a in above], dtype=object),
        text={
            "class": [AreaLevel(len(a.code)).name.lower() for a in above],
            "name": [a.name for a in above],
            "code": [a.code for a in above],
        },
        numbers={"level": np.array([len(a.code) for a in above], np.int16)},
    )
    return as_layer(block, str(LayerKind.BOUNDARY), SOURCE, ATTRIBUTION)
