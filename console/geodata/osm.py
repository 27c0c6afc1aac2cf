"""OpenStreetMap files (pbf and xml) to blocks of features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from osmium import FileProcessor
from osmium.filter import KeyFilter
from osmium.geom import WKBFactory

from console.geodata import osm_tags
from console.geodata.osm_roads import RoadWays
from console.geodata.osm_turns import RESTRICTION_KEYS, TurnFacts
from console.geodata.outcome import (
    BROKEN,
    MISSING_NODES,
    NOT_BUILT,
    ImportFailed,
    Tally,
    Watch,
)
from console.geodata.packing import Block
from console.model.layers import FeatureShape, LayerKind

OSM_ATTRIBUTION = "© OpenStreetMap contributors"
UNDEFINED = 2147483647
"""osmium's coordinate of a node that is not in the file."""
CHECK_EVERY = 4096
_KEYS = [
    "highway",
    "railway",
    "waterway",
    "building",
    "natural",
    "landuse",
    "leisure",
    "amenity",
    "shop",
    "tourism",
    "office",
    "healthcare",
    "historic",
    "emergency",
    "boundary",
    "place",
    "public_transport",
    "aeroway",
    "addr:housenumber",
    "barrier",
    *RESTRICTION_KEYS,
]
_BYTES_AN_OBJECT = {".pbf": 9, ".bz2": 12, ".gz": 14}

TEXT: dict[LayerKind, tuple[str, ...]] = {
    LayerKind.ADDRESS: ("class", "name", "housenumber", "street"),
    LayerKind.BOUNDARY: ("class", "name", "code"),
}


@dataclass(slots=True)
class _Rows:
    """Features of one kind as they come out of the file."""

    geometry: list[Any] = field(default_factory=list[Any])
    text: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, geometry: Any, text: dict[str, str], numbers: dict[str, float] | None = None) -> None:
        self.geometry.append(geometry)
        for name, value in text.items():
            self.text[name].append(value)
        for name, number in (numbers or {}).items():
            self.numbers[name].append(number)


class OsmReader:
    """Collects features while the file streams by; ``blocks()`` at the end."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._wkb = WKBFactory()
        self._roads = RoadWays()
        self._turns = TurnFacts()
        self._lines: dict[LayerKind, _Rows] = defaultdict(_Rows)
        self._areas: dict[LayerKind, _Rows] = defaultdict(_Rows)
        self._points: dict[LayerKind, _Rows] = defaultdict(_Rows)

    def node(self, node: Any) -> None:
        """A tagged node: point of interest, address, barrier or traffic lights."""
        tags = dict(node.tags)
        self._turns.node(node.id, tags)
        if node.location.valid() and (osm_tags.poi_class(tags) or osm_tags.address_of(tags)):
            self._tally.read += 1
            self._point(tags, (node.location.x, node.location.y))

    def way(self, way: Any) -> None:
        """A way that is a line: road, railway, waterway."""
        tags = dict(way.tags)
        if "highway" in tags and tags.get("area") != "yes":
            self._road(way, tags)
            return
        for kind, key, values in (
            (LayerKind.RAILWAY, "railway", osm_tags.RAILWAYS),
            (LayerKind.WATERWAY, "waterway", osm_tags.WATERWAYS),
        ):
            if tags.get(key) in values:
                self._tally.read += 1
                self._line(kind, way, tags, tags[key])

    def relation(self, relation: Any) -> None:
        """A relation: what it says of turns."""
        self._turns.relation(relation)

    def _road(self, way: Any, tags: dict[str, str]) -> None:
        kind = osm_tags.road_class(tags)
        if kind is None and tags["highway"] not in osm_tags.NOT_YET:
            return
        self._tally.read += 1
        if kind is None:
            self._tally.reject(NOT_BUILT, 1, f"way {way.id} {tags.get('name', '')}")
            return
        runs = _runs([(n.ref, n.x, n.y) for n in way.nodes])
        if not runs:
            self._tally.reject(MISSING_NODES, 1, f"way {way.id} {tags.get('name', '')}")
        for run in runs:
            self._roads.add(way.id, run, tags, kind)

    def _line(self, kind: LayerKind, way: Any, tags: dict[str, str], value: str) -> None:
        for run in _runs([(n.ref, n.x, n.y) for n in way.nodes]):
            self._lines[kind].add(
                [(x, y) for _, x, y in run], {"class": value, "name": osm_tags.name_of(tags)}
            )

    def area(self, area: Any) -> None:
        """A closed way or multipolygon: building, water, green, land use, boundary."""
        tags = dict(area.tags)
        address, poi = osm_tags.address_of(tags), osm_tags.poi_class(tags)
        wanted = [] if address is None and poi is None else [LayerKind.POI]
        building = osm_tags.is_set(tags, "building")
        other = None if building else osm_tags.area_class(tags)
        if other and other[0] is LayerKind.LANDUSE and "highway" in tags and tags.get("area") != "yes":
            other = None  # a closed footway is a line, not a square
        if not (building or other or wanted):
            return
        self._tally.read += 1
        geometry = self._polygon(area)
        if geometry is None:
            return
        if building:
            self._building(geometry, tags)
        elif other:
            self._plain_area(geometry, tags, *other)
        if wanted:
            point = geometry.representative_point()
            self._point(tags, (round(point.x * 1e7), round(point.y * 1e7)))

    def _polygon(self, area: Any) -> Any:
        try:
            return shapely.from_wkb(self._wkb.create_multipolygon(area))
        except (RuntimeError, shapely.errors.GEOSException):
            self._tally.reject(BROKEN, 1, f"{'way' if area.from_way() else 'relation'} {area.orig_id()}")
            return None

    def _building(self, geometry: Any, tags: dict[str, str]) -> None:
        self._areas[LayerKind.BUILDING].add(
            geometry,
            {"class": tags["building"], "name": tags.get("name:zh") or tags.get("name", "")},
            {"height": osm_tags.building_height(tags), "levels": osm_tags.building_levels(tags)},
        )

    def _plain_area(self, geometry: Any, tags: dict[str, str], kind: LayerKind, value: str) -> None:
        text = {"class": value, "name": tags.get("name:zh") or tags.get("name", "")}
        numbers: dict[str, float] = {}
        if kind is LayerKind.BOUNDARY:
            text["code"] = tags.get("ref:gb2260") or tags.get("ref:CN") or tags.get("ref", "")
            numbers["level"] = float(value) if value.isdigit() and len(value) < 3 else 0.0
        self._areas[kind].add(geometry, text, numbers)

    def _point(self, tags: dict[str, str], where: tuple[int, int]) -> None:
        value = osm_tags.poi_class(tags)
        if value:
            self._points[LayerKind.POI].add(where, {"class": value, "name": osm_tags.name_of(tags)})
        address = osm_tags.address_of(tags)
        if address:
            number, street = address
            text = {"class": "address", "name": f"{street}{number}", "housenumber": number, "street": street}
            self._points[LayerKind.ADDRESS].add(where, text)

    def blocks(self, watch: Watch) -> list[Block]:
        """All that was collected; lines still in 1e-7 degrees become degrees here."""
        found: list[Block] = []
        watch.at(0.0, "roads")
        if len(self._roads):
            found.append(self._roads.block(self._turns))
        watch.at(0.5, "areas and points")
        for shape, groups, build in (
            (FeatureShape.LINE, self._lines, _lines),
            (FeatureShape.POLYGON, self._areas, _polygons),
            (FeatureShape.POINT, self._points, _points),
        ):
            found += [_block(kind, shape, rows, build) for kind, rows in groups.items()]
        watch.at(1.0, "areas and points")
        return found


def _block(kind: LayerKind, shape: FeatureShape, rows: _Rows, build: Callable[[list[Any]], Any]) -> Block:
    dtypes = {"height": np.float32, "levels": np.float32, "level": np.int16}
    return Block(
        kind=kind,
        shape=shape,
        geometry=build(rows.geometry),
        text=dict(rows.text),
        numbers={name: np.array(values, dtypes[name]) for name, values in rows.numbers.items()},
    )


def _points(rows: list[Any]) -> Any:
    return shapely.points(np.array(rows, float) / 1e7)


def _lines(rows: list[Any]) -> Any:
    owner = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    return shapely.linestrings(np.concatenate([np.array(r, float) for r in rows]) / 1e7, indices=owner)


def _polygons(rows: list[Any]) -> Any:
    return np.array(rows, dtype=object)


def _runs(nodes: list[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """The stretches whose nodes are all in the file, each of two nodes or more."""
    runs: list[list[tuple[int, int, int]]] = [[]]
    for node in nodes:
        if node[1] == UNDEFINED:
            runs.append([])
        elif not runs[-1] or runs[-1][-1][0] != node[0]:
            runs[-1].append(node)
    return [run for run in runs if len(run) > 1]


def read_osm(path: Path, tally: Tally, watch: Watch) -> list[Block]:
    """Stream *path*; raises ImportFailed for a broken file, ImportCancelled when asked."""
    reader = OsmReader(tally)
    visit = {"n": reader.node, "w": reader.way, "a": reader.area, "r": reader.relation}
    estimate = max(path.stat().st_size / _BYTES_AN_OBJECT.get(path.suffix, 120), 1.0)
    try:
        objects = FileProcessor(str(path)).with_areas(KeyFilter(*_KEYS)).with_filter(KeyFilter(*_KEYS))
        for count, thing in enumerate(objects):
            handle = visit.get(thing.type_str())
            if handle is not None:
                handle(thing)
            if count % CHECK_EVERY == 0:
                watch.part(0.0, 0.8).at(count * 6 / estimate, path.name)
    except RuntimeError as error:
        raise ImportFailed(
            f"{path.name} is broken or was cut off: {error}", f"{path.name} 已损坏或不完整:{error}"
        ) from error
    return reader.blocks(watch.part(0.8, 1.0))
