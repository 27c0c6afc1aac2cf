"""How buildings are written: classes, comparisons, numbers."""

from __future__ import annotations

from collections.abc import Callable

from plugins.buildings.desktop.building import Building
from plugins.buildings.desktop.query import Condition
from plugins.buildings.desktop.storeys import From

Tr = Callable[..., str]

CLASSES = {
    "apartments": "Apartments",
    "residential": "Residential building",
    "house": "House",
    "office": "Offices",
    "commercial": "Commercial building",
    "retail": "Shops",
    "industrial": "Industrial building",
    "warehouse": "Warehouse",
    "school": "School",
    "hospital": "Hospital",
    "public": "Public building",
    "train_station": "Railway station",
    "hotel": "Hotel",
    "university": "University",
    "church": "Church",
    "garage": "Garage",
    "roof": "Roof",
    "yes": "Building",
}
"""English titles of the commonest classes; others are shown as the layer has them."""
ATTRIBUTES = {"name": "Name", "class": "Class", "height": "Height (m)", "levels": "Floors"}
"""Titles of what every layer of buildings may have; others are shown as the layer has them."""
SIGNS = {
    "contains": "contains",
    "begins": "begins with",
    "=": "equals",
    "!=": "is not",
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
}
"""Comparisons of a query."""
FOUND_BY = {
    From.LEVELS: "{count}, as the data say",
    From.HEIGHT: "{count}, reckoned from the height",
}


def kind_text(kind: str, tr: Tr) -> str:
    """Title of a class."""
    return tr(CLASSES[kind]) if kind in CLASSES else kind


def attribute_text(name: str, tr: Tr) -> str:
    """Title of an attribute."""
    return tr(ATTRIBUTES[name]) if name in ATTRIBUTES else name


def title_text(building: Building, tr: Tr) -> str:
    """Name, else address, else class."""
    return building.title or kind_text(building.kind, tr) or tr("Building")


def facts(building: Building, floor: int | None, tr: Tr) -> list[tuple[str, str]]:
    """Names and values, a line each, of what is known."""
    address = building.address
    if building.away:
        address = tr("{address}, {metres} m away", address=address, metres=f"{building.away:.0f}")
    if len(building.doors) > 1:
        address = tr("{address} and {count} more", address=address, count=len(building.doors) - 1)
    dwellings = sum(map(len, building.rooms.values()))
    rows = [
        (tr("Address"), address),
        (tr("Class"), kind_text(building.kind, tr)),
        (tr("Height"), f"{building.height:.1f} m" if building.height else tr("not known")),
        (tr("Floors"), _storeys(building, tr)),
        (tr("Floor clicked"), "" if floor is None else floor_text(floor, tr)),
        (tr("Dwellings"), f"{dwellings:,}" if dwellings else ""),
        (tr("Footprint"), f"{building.square_metres:,.0f} m²"),
        *building.attributes.items(),
    ]
    return [(name, value) for name, value in rows if value]


def condition_text(condition: Condition, tr: Tr) -> str:
    """A condition of a query as one says it."""
    value = kind_text(condition.value, tr) if condition.attribute == "class" else condition.value
    return f"{attribute_text(condition.attribute, tr)} {tr(SIGNS[condition.sign])} {value}"


def floor_text(floor: int, tr: Tr) -> str:
    """A floor as people call it."""
    return tr("Floor {n}", n=floor) if floor > 0 else tr("Basement {n}", n=-floor)


def as_text(building: Building, floor: int | None, tr: Tr) -> str:
    """A building as it is copied: its title, then a fact a line."""
    lines = [f"{name}\t{value}" for name, value in facts(building, floor, tr)]
    middle = building.outline.representative_point()
    return "\n".join([title_text(building, tr), *lines, f"{middle.x:.6f}, {middle.y:.6f}"])


def _storeys(building: Building, tr: Tr) -> str:
    if building.storeys is None:
        return tr("not known")
    return tr(FOUND_BY[building.storeys.by], count=building.storeys.count)
