"""What OpenStreetMap tags mean for us: classes, access, speeds, heights. Pure functions of tags."""

from __future__ import annotations

import re
from collections.abc import Mapping

from console.model.layers import LayerKind
from console.model.roads import Access, RoadUse, Surface

Tags = Mapping[str, str]

ROAD_ACCESS: dict[str, int] = {
    "motorway": Access.MOTOR,
    "motorway_link": Access.MOTOR,
    "trunk": Access.ALL,
    "trunk_link": Access.ALL,
    "primary": Access.ALL,
    "primary_link": Access.ALL,
    "secondary": Access.ALL,
    "secondary_link": Access.ALL,
    "tertiary": Access.ALL,
    "tertiary_link": Access.ALL,
    "unclassified": Access.ALL,
    "residential": Access.ALL,
    "living_street": Access.ALL,
    "service": Access.ALL,
    "track": Access.ALL,
    "pedestrian": Access.FOOT | Access.EMERGENCY,
    "cycleway": Access.FOOT | Access.BICYCLE,
    "path": Access.FOOT | Access.BICYCLE,
    "footway": Access.FOOT,
    "steps": Access.FOOT,
    "bridleway": Access.FOOT,
}
"""Road classes with the access that each implies where no tag says otherwise."""
ROAD_ALIASES = {"road": "unclassified", "busway": "service", "corridor": "footway"}
NOT_YET = frozenset({"proposed", "planned", "construction", "razed", "abandoned", "disused"})

RAILWAYS = frozenset(
    {"rail", "subway", "light_rail", "tram", "narrow_gauge", "monorail", "preserved", "funicular"}
)
WATERWAYS = frozenset({"river", "stream", "canal", "drain", "ditch"})

_AREA_CLASSES: tuple[tuple[LayerKind, str, frozenset[str]], ...] = (
    (LayerKind.WATER, "natural", frozenset({"water", "bay"})),
    (LayerKind.WATER, "waterway", frozenset({"riverbank", "dock"})),
    (LayerKind.WATER, "landuse", frozenset({"reservoir", "basin"})),
    (
        LayerKind.GREEN,
        "leisure",
        frozenset({"park", "garden", "pitch", "golf_course", "nature_reserve", "playground", "common"}),
    ),
    (
        LayerKind.GREEN,
        "landuse",
        frozenset(
            [
                "grass",
                "forest",
                "meadow",
                "recreation_ground",
                "cemetery",
                "village_green",
                "orchard",
                "allotments",
                "vineyard",
            ]
        ),
    ),
    (LayerKind.GREEN, "natural", frozenset({"wood", "scrub", "grassland", "heath", "wetland"})),
    (
        LayerKind.LANDUSE,
        "landuse",
        frozenset(
            [
                "residential",
                "commercial",
                "industrial",
                "retail",
                "railway",
                "farmland",
                "farmyard",
                "construction",
                "military",
                "education",
                "institutional",
                "brownfield",
                "quarry",
                "port",
            ]
        ),
    ),
    (
        LayerKind.LANDUSE,
        "amenity",
        frozenset(["school", "university", "college", "hospital", "kindergarten", "marketplace", "parking"]),
    ),
    (LayerKind.LANDUSE, "place", frozenset({"square"})),
    (LayerKind.LANDUSE, "highway", frozenset({"pedestrian", "footway"})),
)

_POI_KEYS = ("amenity", "shop", "tourism", "leisure", "office", "healthcare", "historic", "emergency")
_POI_STATIONS = {
    "railway": frozenset({"station", "halt", "tram_stop", "subway_entrance"}),
    "public_transport": frozenset({"station"}),
    "highway": frozenset({"bus_stop"}),
    "aeroway": frozenset({"aerodrome", "terminal"}),
    "place": frozenset({"city", "town", "suburb", "village", "quarter", "neighbourhood", "square"}),
}
_UNNAMED_POI = frozenset(
    [
        "hospital",
        "clinic",
        "pharmacy",
        "police",
        "fire_station",
        "fuel",
        "school",
        "kindergarten",
        "university",
        "townhall",
        "bank",
        "parking",
        "toilets",
        "charging_station",
        "marketplace",
        "library",
        "fire_hydrant",
        "defibrillator",
    ]
)
"""Points of interest that mean something even without a name."""


def road_class(tags: Tags) -> str | None:
    """Class of a road, or None when it is none that exists today."""
    value = tags.get("highway", "")
    value = ROAD_ALIASES.get(value, value)
    return value if value in ROAD_ACCESS else None


_ACCESS_KEYS: tuple[tuple[str, int], ...] = (
    ("access", Access.ALL),
    ("vehicle", Access.VEHICLES & ~Access.EMERGENCY),
    ("motor_vehicle", Access.CAR | Access.MOTORCYCLE),
    ("motorcar", Access.CAR),
    ("motorcycle", Access.MOTORCYCLE),
    ("bicycle", Access.BICYCLE),
    ("foot", Access.FOOT),
    ("emergency", Access.EMERGENCY),
)
"""Tags from the general to the special, each overruling those before; blue light passes bans on motors."""
_NO = frozenset({"no", "use_sidepath", "agricultural", "forestry", "military", "psv", "emergency"})
_YES = frozenset({"yes", "designated", "permissive", "official", "public", "dismount"})
_SOME = frozenset({"private", "destination", "customers", "delivery", "permit", "residents"})
_DEAD_END_USES = frozenset({"driveway", "parking_aisle", "drive-through", "drive_through"})
_CYCLEWAYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")


def road_access(tags: Tags, kind: str) -> int:
    """``Access`` bits: the class's own, overruled by tags from the general to the special."""
    bits = int(Access.MOTOR if tags.get("motorroad") == "yes" else ROAD_ACCESS[kind])
    for key, mask in _ACCESS_KEYS:
        bits = _apply(bits, mask, tags.get(key), kind)
    if tags.get("service") == "emergency_access":
        bits = bits & ~(Access.CAR | Access.MOTORCYCLE) | Access.EMERGENCY
    if tags.get("service") in _DEAD_END_USES or any(tags.get(key) in _SOME for key, _ in _ACCESS_KEYS[:4]):
        bits |= Access.PRIVATE
    if tags.get("oneway:bicycle") == "no" or any("opposite" in tags.get(key, "") for key in _CYCLEWAYS):
        bits |= Access.CONTRAFLOW
    return bits


def _apply(bits: int, mask: int, value: str | None, kind: str) -> int:
    if value in _NO:
        return bits & ~mask
    if value in _YES or value in _SOME:
        # a general yes opens what the class has, it makes no street of a flight of steps
        return bits | (mask & ROAD_ACCESS[kind] if mask == Access.ALL else mask)
    return bits


_USES = {
    "alley": RoadUse.ALLEY,
    "driveway": RoadUse.DRIVEWAY,
    "parking_aisle": RoadUse.PARKING_AISLE,
    "drive-through": RoadUse.DRIVE_THROUGH,
    "drive_through": RoadUse.DRIVE_THROUGH,
}


def road_use(tags: Tags) -> int:
    """``RoadUse`` of a road."""
    if tags.get("junction") in ("roundabout", "circular"):
        return RoadUse.ROUNDABOUT
    return _USES.get(tags.get("service", ""), RoadUse.THROUGH)


_SURFACES: tuple[tuple[str, Surface], ...] = (
    ("unpaved", Surface.GRAVEL),
    ("paving_stone", Surface.PAVED),
    ("sett", Surface.PAVED),
    ("cobblestone", Surface.ROUGH),
    ("brick", Surface.ROUGH),
    ("paved", Surface.SMOOTH),
    ("asphalt", Surface.SMOOTH),
    ("concrete", Surface.SMOOTH),
    ("metal", Surface.SMOOTH),
    ("compacted", Surface.COMPACTED),
    ("wood", Surface.COMPACTED),
    ("dirt", Surface.DIRT),
    ("earth", Surface.DIRT),
    ("ground", Surface.DIRT),
    ("mud", Surface.DIRT),
    ("gravel", Surface.GRAVEL),
    ("sand", Surface.GRAVEL),
    ("grass", Surface.PATH),
)
"""Parts of the values of ``surface``; the first that is found counts."""
_TRACKS = {
    "grade1": Surface.ROUGH,
    "grade2": Surface.COMPACTED,
    "grade3": Surface.DIRT,
    "grade4": Surface.GRAVEL,
    "grade5": Surface.PATH,
}
_BY_CLASS = {"track": Surface.DIRT, "path": Surface.COMPACTED, "bridleway": Surface.DIRT}


def road_surface(tags: Tags, kind: str) -> int:
    """``Surface`` of a road; where no tag tells, what roads of its class mostly have."""
    said = tags.get("surface", "").lower()
    for part, surface in _SURFACES:
        if part in said:
            return surface
    return _TRACKS.get(tags.get("tracktype", ""), _BY_CLASS.get(kind, Surface.SMOOTH))


def road_oneway(tags: Tags, kind: str) -> int:
    """1 along the vertices, -1 against them, 0 both."""
    value = tags.get("oneway", "")
    if value in ("yes", "true", "1"):
        return 1
    if value in ("-1", "reverse"):
        return -1
    if value in ("no", "false", "0", "reversible", "alternating"):
        return 0
    implied = kind in ("motorway", "motorway_link") or tags.get("junction") in ("roundabout", "circular")
    return int(implied)


def speed_limit(tags: Tags) -> float:
    """km/h; 0 when unknown or not a number."""
    found = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*", tags.get("maxspeed", ""))
    if not found:
        return 0.0
    return float(found[1]) * (1.609344 if found[2] == "mph" else 1.0)


def road_level(tags: Tags) -> int:
    """Layer above (bridges) or below (tunnels) the ground, -10..10."""
    try:
        return min(max(int(float(tags.get("layer", "0"))), -10), 10)
    except (ValueError, OverflowError):
        return 0


def is_set(tags: Tags, key: str) -> bool:
    """Whether a yes-or-kind tag such as ``bridge`` is set."""
    return tags.get(key, "no") not in ("no", "0", "false", "")


def building_height(tags: Tags) -> float:
    """Metres, from the height or the storeys (3 m each); 0 when unknown."""
    metres = _leading_number(tags.get("height") or tags.get("building:height") or "")
    storeys = _leading_number(tags.get("building:levels", ""))
    return min(metres or storeys * 3.0, 1000.0)


def building_levels(tags: Tags) -> float:
    """Storeys above the ground; 0 when unknown."""
    return min(_leading_number(tags.get("building:levels", "")), 300.0)


def _leading_number(text: str) -> float:
    found = re.match(r"\s*(\d{1,5}(?:\.\d+)?)", text)
    return float(found[1]) if found else 0.0


def area_class(tags: Tags) -> tuple[LayerKind, str] | None:
    """Kind and class of a polygon that is no building, boundary or point of interest."""
    if tags.get("boundary") == "administrative":
        return LayerKind.BOUNDARY, tags.get("admin_level", "")
    for kind, key, values in _AREA_CLASSES:
        value = tags.get(key)
        if value in values:
            return kind, (tags.get("water", value) if kind is LayerKind.WATER else value)
    return None


def poi_class(tags: Tags) -> str | None:
    """Class of a point of interest, or None."""
    for key in _POI_KEYS:
        value = tags.get(key)
        if value and value != "no" and ("name" in tags or value in _UNNAMED_POI):
            return value
    for key, values in _POI_STATIONS.items():
        if tags.get(key) in values and "name" in tags:
            return tags[key]
    return None


def name_of(tags: Tags) -> str:
    """The name as locals write it, Chinese where there is one; a road's number as a last resort."""
    return tags.get("name:zh") or tags.get("name") or tags.get("ref") or ""


def address_of(tags: Tags) -> tuple[str, str] | None:
    """(house number, street) or None."""
    number = tags.get("addr:housenumber")
    street = tags.get("addr:street") or tags.get("addr:place") or ""
    return (number, street) if number else None
