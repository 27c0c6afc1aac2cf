"""A district that a demo backend is filled with: a fictitious one from a seed, or a real city's map.

云澜区 (320399) does not exist: its streets, buildings, people and events are made up,
and only the place on the globe, in the east of China, is real. The same seed and
size give the same district everywhere: all chance comes from one numpy Generator,
and nothing depends on the order of sets or on hashes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from console.model.layers import LayerKind, LayerPackage
from console.model.records import Camera, Event, LonLat, Staff, Station
from console.server.demo.addresses import make_addresses
from console.server.demo.buildings import make_buildings
from console.server.demo.cameras import make_cameras, towers_of
from console.server.demo.happenings import make_events
from console.server.demo.highways import add_motorway
from console.server.demo.layers import ATTRIBUTION, SOURCE, base_layers, boundary_layer, degrees
from console.server.demo.locate import Grids, Spots, spots_on
from console.server.demo.parcels import make_land
from console.server.demo.people import make_homes, make_staff, make_stations
from console.server.demo.places import make_places
from console.server.demo.plan import make_plan
from console.server.demo.size import DEMO, DistrictSize
from console.server.demo.streets import make_network
from console.server.importing import ImportFailed, ImportOptions, import_files, make_grids
from console.server.layer_types import AreaShape, ImportedLayer

CODE = "320399"
NAME = "云澜区"
Progress = Callable[[float, str], None]
"""Gets 0..1 and what is being made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """Layers, areas and records; ``homes`` tells where each staff member starts.

    Events' ``reported_at`` are seconds before seeding (negative); phones and names are whole.
    """

    code: str
    layers: tuple[ImportedLayer, ...]
    areas: tuple[AreaShape, ...]
    stations: tuple[Station, ...]
    staff: tuple[Staff, ...]
    homes: dict[str, LonLat]
    cameras: tuple[Camera, ...]
    events: tuple[Event, ...]


def _silent(_done: float, _text: str) -> None:
    """Progress that nobody watches."""


def make_district(seed: int = 1, size: DistrictSize = DEMO, progress: Progress = _silent) -> District:
    """Grow the fictitious district: plan, streets, land, buildings, names, then people and things."""
    rng = np.random.default_rng(seed)
    progress(0.0, "streets")
    plan = make_plan(rng, size.scale)
    network = make_network(plan, rng)
    add_motorway(plan, network)
    land = make_land(plan, network, rng)
    progress(0.2, "buildings")
    buildings = make_buildings(land, size.buildings, rng)
    progress(0.4, "addresses")
    addresses = make_addresses(buildings, network, size.addresses)
    places = make_places(plan, land, buildings, addresses, rng)
    layers = base_layers(plan, network, land, buildings, places, addresses, rng)
    doors = min(len(buildings), len(addresses))  # rooms, which follow, are in the same places
    spots = Spots(degrees(addresses.where[:doors]), addresses.street[:doors], addresses.number[:doors])
    progress(0.6, "grids")
    return _peopled(layers, spots, NAME, size, seed, rng, progress)


def city_district(path: Path, grids: int, staff: int, seed: int, progress: Progress = _silent) -> District:
    """A real city from an OSM file, with made-up areas, people and events over it.

    Raises ImportFailed when the file is no map with roads.
    """
    imported = import_files([path], ImportOptions(), lambda d, t: progress(d * 0.6, t), lambda: False)
    roads = _package(imported.layers, LayerKind.ROAD)
    if roads is None:
        raise ImportFailed(f"{path.name} holds no roads", f"{path.name} 中没有道路")
    size = DistrictSize(
        buildings=0, grids=grids, staff=staff, cameras=staff // 2, high_cameras=8, stations=grids // 10 + 5,
        events=60, addresses=0,
    )  # fmt: skip
    rng = np.random.default_rng(seed)
    # areas are made anew below, so the file's own boundaries and grids stay out
    layers = [x for x in imported.layers if x.kind not in (LayerKind.BOUNDARY, LayerKind.GRID)]
    return _peopled(layers, spots_on(roads), "演示区", size, seed, rng, progress)


def _peopled(
    layers: list[ImportedLayer], spots: Spots, name: str, size: DistrictSize, seed: int,
    rng: np.random.Generator, progress: Progress,
) -> District:  # fmt: skip
    """Areas over the roads, then stations, staff, cameras and events in them."""
    roads = _package(layers, LayerKind.ROAD)
    assert roads is not None
    areas, grid_package = make_grids(roads, CODE, name, size.grids, seed)
    grids = Grids(areas)
    progress(0.9, "people")
    staff = make_staff(grids, size.staff, rng)
    towers = towers_of(_package(layers, LayerKind.BUILDING))
    return District(
        code=CODE,
        layers=(*layers, boundary_layer(areas), _grid_layer(grid_package)),
        areas=tuple(areas),
        stations=tuple(make_stations(areas, grids, spots, size.stations, rng)),
        staff=tuple(staff),
        homes=make_homes(staff, grids, spots, rng),
        cameras=tuple(make_cameras(roads, towers, grids, (size.cameras, size.high_cameras), rng)),
        events=tuple(make_events(grids, spots, size.events, rng)),
    )


def _package(layers: list[ImportedLayer] | tuple[ImportedLayer, ...], kind: LayerKind) -> LayerPackage | None:
    return next((layer.package for layer in layers if layer.kind == kind), None)


def _grid_layer(package: LayerPackage) -> ImportedLayer:
    return ImportedLayer(
        layer_id=str(LayerKind.GRID),
        kind=str(LayerKind.GRID),
        title_zh="网格",
        title_en="Grids",
        package=package,
        datum=SOURCE.datum,
        datum_known=SOURCE.known,
        attribution=ATTRIBUTION,
    )
