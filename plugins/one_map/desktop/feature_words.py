"""Attributes of base features in the user's words: columns of layers, classes of OpenStreetMap."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Tr = Callable[..., str]

COLUMNS = {
    "class": "Class",
    "oneway": "One-way",
    "maxspeed": "Speed limit",
    "access": "Open to",
    "bridge": "Bridge",
    "tunnel": "Tunnel",
    "level": "Level",
    "height": "Height",
    "levels": "Floors",
    "housenumber": "House number",
    "street": "Street name",
    "code": "Code",
}
CLASSES = {
    "motorway": "Motorway",
    "trunk": "Trunk road",
    "primary": "Primary road",
    "secondary": "Secondary road",
    "tertiary": "Tertiary road",
    "unclassified": "Minor road",
    "residential": "Residential",
    "living_street": "Living street",
    "service": "Service road",
    "pedestrian": "Pedestrian street",
    "footway": "Footway",
    "cycleway": "Cycleway",
    "path": "Path",
    "steps": "Steps",
    "track": "Track",
    "rail": "Railway line",
    "subway": "Underground railway",
    "apartments": "Apartments",
    "house": "House",
    "commercial": "Commercial",
    "retail": "Retail",
    "industrial": "Industrial",
    "office": "Offices",
    "school": "School",
    "hospital": "Hospital",
    "park": "Park",
    "grass": "Grass",
    "forest": "Forest",
    "farmland": "Farmland",
    "river": "River",
    "canal": "Canal",
    "stream": "Stream",
    "lake": "Lake",
    "grid": "Grid",
    "community": "Community",
    "street": "Street (administrative)",
    "district": "District",
}
"""English titles of the commonest classes; others are shown as the source has them."""
MEANS = ((1, "on foot"), (2, "bicycle"), (4, "car"))
"""Bits of the column ``access``."""
HIDDEN = frozenset({"level"})
"""Columns for drawing, which tell a reader nothing."""


def described(attributes: Mapping[str, str], tr: Tr) -> list[tuple[str, str]]:
    """Names and values of *attributes* to be shown."""
    rows = [(name, value) for name, value in attributes.items() if name not in HIDDEN and value]
    return [(_name(name, tr), _value(name, value, tr)) for name, value in rows]


def class_text(name: str, tr: Tr) -> str:
    """Title of a class; an unknown one as it is."""
    return tr(CLASSES[name]) if name in CLASSES else name


def _name(name: str, tr: Tr) -> str:
    return tr(COLUMNS[name]) if name in COLUMNS else name


def _value(name: str, value: str, tr: Tr) -> str:
    match name:
        case "class":
            return class_text(value, tr)
        case "oneway":
            return tr("no") if value == "0" else tr("yes")
        case "bridge" | "tunnel":
            return tr("yes") if value not in ("0", "") else tr("no")
        case "maxspeed":
            return tr("{n} km/h", n=value) if value not in ("0", "0.0") else tr("not known")
        case "height":
            return tr("{n} m", n=value) if value not in ("0", "0.0") else tr("not known")
        case "levels":
            return value if value not in ("0", "0.0") else tr("not known")
        case "access" if value.isdigit():
            return tr(", ").join(tr(title) for bit, title in MEANS if int(value) & bit) or tr("nobody")
        case _:
            return value
