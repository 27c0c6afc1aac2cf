"""Cuts, flat areas and what is compared, as a plugin's JSON file holds them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.sdk.scene import ScenePlace
from console.sdk.scene_shape import CutBox, CutPlane, FlatArea

Cut = CutPlane | CutBox
MOST_FLAT, MOST_PLACES = 16, 200
FARTHEST = 100_000.0
"""Metres that a size or a height may be."""
_SIZES = ("width", "depth", "height")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is remembered of one district."""

    cut: Cut | None = None
    flat: tuple[FlatArea, ...] = ()
    sides: tuple[frozenset[str], frozenset[str]] | None = None
    """Chosen for the comparison, left and right; None: nothing was chosen."""
    share: float = 0.5
    swiping: bool = False


def pack(kept: Kept) -> dict[str, Any]:
    """For JSON."""
    row: dict[str, Any] = {"share": kept.share, "swiping": kept.swiping}
    if isinstance(kept.cut, CutPlane):
        cut = kept.cut
        row["plane"] = {"place": _numbers(cut.place), "heading": cut.heading, "pitch": cut.pitch}
    elif kept.cut is not None:
        box = kept.cut
        sizes = {name: getattr(box, name) for name in (*_SIZES, "heading", "hole")}
        row["box"] = {"center": _numbers(box.center), **sizes}
    row["flat"] = [
        {"places": [_numbers(place) for place in area.places], "height": area.height} for area in kept.flat
    ]
    if kept.sides is not None:
        row["sides"] = [sorted(side) for side in kept.sides]
    return row


def unpack(row: Any) -> Kept:
    """What ``pack`` made. Raises KeyError, TypeError, ValueError for anything else."""
    sides = row.get("sides") if isinstance(row, Mapping) else row["a mapping"]
    if sides is not None:
        left, right = (frozenset(str(each) for each in side) for side in sides)
        sides = (left, right - left)
    return Kept(
        cut=_cut(row),
        flat=tuple(_area(each) for each in row.get("flat", [])[:MOST_FLAT]),
        sides=sides,
        share=_number(row.get("share", 0.5), 0.0, 1.0),
        swiping=bool(row.get("swiping", False)) and sides is not None,
    )


def _cut(row: Mapping[str, Any]) -> Cut | None:
    if "plane" in row:
        plane = row["plane"]
        heading, pitch = _number(plane["heading"], -360, 360), _number(plane["pitch"], -90, 90)
        return CutPlane(place=_place(plane["place"]), heading=heading, pitch=pitch)
    if "box" in row:
        box = row["box"]
        sizes = {name: _number(box[name], 0.1, FARTHEST) for name in _SIZES}
        heading, hole = _number(box["heading"], -360, 360), bool(box["hole"])
        return CutBox(center=_place(box["center"]), heading=heading, hole=hole, **sizes)
    return None


def _area(row: Mapping[str, Any]) -> FlatArea:
    places = tuple(_place(each) for each in row["places"])
    if not 3 <= len(places) <= MOST_PLACES:
        raise ValueError("no area")
    return FlatArea(places=places, height=_number(row["height"], -FARTHEST, FARTHEST))


def _place(numbers: Sequence[Any]) -> ScenePlace:
    lon, lat, height = numbers
    return ScenePlace(
        lon=_number(lon, -180, 180), lat=_number(lat, -90, 90), height=_number(height, -FARTHEST, FARTHEST)
    )


def _numbers(place: ScenePlace) -> list[float]:
    return [place.lon, place.lat, place.height]


def _number(value: Any, least: float, most: float) -> float:
    number = float(value)
    if not (math.isfinite(number) and least <= number <= most):
        raise ValueError(f"{value} is not from {least} to {most}")
    return number
