"""Plans as GeoJSON: a FeatureCollection of what is drawn, with the plan's words in its ``plan`` member."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any, cast

import msgspec

from console.sdk.editing import LEAST
from console.sdk.records import EventClass, LonLat, Plan, PlanItem, PlanItemKind, PlanStep
from plugins.plans.model import (
    MOST_ITEMS,
    MOST_STEPS,
    MOST_VERTICES,
    NOTE_LIMIT,
    TITLE_LIMIT,
    WHAT_LIMIT,
    WHO_LIMIT,
)

COLOR = "#ff5d5d"
_COLOR, _SYMBOL = re.compile(r"#[0-9a-fA-F]{6}"), re.compile(r"[A-Za-z0-9/_.-]{1,80}")
_TYPES = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
_KINDS: dict[str, PlanItemKind] = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


class NoPlan(ValueError):
    """The text is no GeoJSON that a plan could be made of; the message is a text to translate."""


class _Geometry(msgspec.Struct):
    type: str
    coordinates: Any


class _Feature(msgspec.Struct):
    geometry: _Geometry | None = None
    properties: dict[str, Any] | None = None


class _Step(msgspec.Struct):
    what: str
    who: str = ""


class _Words(msgspec.Struct, frozen=True):
    title: str = ""
    event_class: str = ""
    note: str = ""
    steps: list[_Step] = []


class _Collection(msgspec.Struct):
    features: list[_Feature]
    plan: _Words = _Words()


def to_geojson(plan: Plan) -> str:
    """The plan as text; WGS84 degrees, as GeoJSON has it."""
    words = {"title": plan.title, "event_class": plan.event_class, "note": plan.note}
    steps = [{"who": step.who, "what": step.what} for step in plan.steps]
    collection = {
        "type": "FeatureCollection",
        "plan": {**words, "steps": steps},
        "features": [_feature(item) for item in plan.items],
    }
    return json.dumps(collection, ensure_ascii=False, indent=1)


def from_geojson(text: str, plan: Plan) -> Plan:
    """*plan* with the words and drawn things of a GeoJSON text. Raises NoPlan.

    Any FeatureCollection will do: ``title`` or ``name``, ``symbol``, ``color`` are taken from
    the properties; geometries of several parts become so many things.
    """
    try:
        read = msgspec.json.decode(text, type=_Collection)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NoPlan("This is no GeoJSON FeatureCollection") from error
    found = (item for feature in read.features for item in _items(feature))
    items = tuple(islice(found, MOST_ITEMS + 1))
    vertices = sum(len(ring) for item in items for ring in (item.points, *item.holes))
    if len(items) > MOST_ITEMS or vertices > MOST_VERTICES:
        raise NoPlan("The file holds more than a plan may hold")
    event_class = read.plan.event_class
    return replace(
        plan,
        title=_plain(read.plan.title, TITLE_LIMIT).strip() or plan.title,
        event_class=event_class if event_class in {*EventClass} else "",
        note=_plain(read.plan.note, NOTE_LIMIT),
        steps=_steps(read.plan.steps),
        items=items,
    )


def _feature(item: PlanItem) -> dict[str, Any]:
    coordinates: Any = item.points
    if item.kind == "point":
        coordinates = item.points[0]
    elif item.kind == "polygon":
        coordinates = [[*ring, ring[0]] for ring in (item.points, *item.holes)]
    properties = {"title": item.title, "symbol": item.symbol, "color": item.color}
    geometry = {"type": _TYPES[item.kind], "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _items(feature: _Feature) -> Iterator[PlanItem]:
    """What is no place on the earth is left out."""
    geometry, given = feature.geometry, feature.properties or {}
    if geometry is None:
        return
    parts = geometry.coordinates if geometry.type.startswith("Multi") else [geometry.coordinates]
    kind = _KINDS.get(geometry.type.removeprefix("Multi"))
    if kind is None or not isinstance(parts, list):
        return
    color, symbol = _word(given.get("color")), _word(given.get("symbol"))
    look: dict[str, Any] = {
        "title": _plain(_word(given.get("title") or given.get("name")), TITLE_LIMIT),
        "symbol": symbol if _SYMBOL.fullmatch(symbol) else "",
        "color": color if _COLOR.fullmatch(color) else COLOR,
    }
    made = (_item(kind, part, look) for part in cast("list[Any]", parts))
    yield from (item for item in made if item is not None)


def _item(kind: PlanItemKind, part: Any, look: dict[str, Any]) -> PlanItem | None:
    if kind == "point":
        place = _place(part)
        return PlanItem(kind=kind, points=(place,), **look) if place is not None else None
    if kind == "line":
        line = _line(part)
        return PlanItem(kind=kind, points=line, **look) if len(line) >= LEAST[kind] else None
    rings = [_open(_line(ring)) for ring in cast("list[Any]", part)] if isinstance(part, list) else []
    if not rings or len(rings[0]) < LEAST[kind]:
        return None
    holes = tuple(ring for ring in rings[1:] if len(ring) >= LEAST[kind])
    return PlanItem(kind=kind, points=rings[0], holes=holes, **look)


def _line(part: Any) -> tuple[LonLat, ...]:
    """Places next to one another that are the same are one."""
    found = [_place(each) for each in cast("list[Any]", part)] if isinstance(part, list) else []
    places = [place for place in found if place is not None]
    return tuple(b for a, b in pairwise([None, *places]) if b is not None and a != b)


def _open(ring: tuple[LonLat, ...]) -> tuple[LonLat, ...]:
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def _place(value: Any) -> LonLat | None:
    numbers = cast("list[Any]", value)[:2] if isinstance(value, list) else []
    if len(numbers) < 2 or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        return None
    lon, lat = numbers  # whole numbers may be larger than any float
    return (float(lon), float(lat)) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _word(value: Any) -> str:
    """A text, or a number as one; other programs number what they draw."""
    return str(value) if isinstance(value, str | float) or _is_short(value) else ""


def _is_short(value: Any) -> bool:
    """Python refuses to write numbers of thousands of digits."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 64


def _steps(steps: list[_Step]) -> tuple[PlanStep, ...]:
    made = [PlanStep(who=_plain(s.who, WHO_LIMIT), what=_plain(s.what, WHAT_LIMIT)) for s in steps]
    return tuple(step for step in made if step.what)[:MOST_STEPS]


def _plain(text: str, limit: int) -> str:
    """Without NUL, which databases do not keep."""
    return text.replace("\0", "")[:limit]
