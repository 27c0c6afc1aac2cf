"""Which cameras truly see a place, the best first, each with its reasons; and which are near and do not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from console.model.sighting import Sighting, best_first, rated
from console.scene.sight.kept import SightFile
from console.scene.sight.seen import Seen
from console.scene.sight.viewshed import Cell

_MOSTLY = 0.5
"""Of a hidden cell's neighbourhood: what must be seen so that the place counts as seen."""


class Blind(StrEnum):
    """Why a camera within whose range a place lies does not see it."""

    HIDDEN = "hidden"
    """Something stands in the way."""
    AWAY = "away"
    """The place is not in its picture."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Cameras within whose range a place lies."""

    seeing: Sequence[Sighting]
    """The best first."""
    blind: dict[str, Blind]
    """By camera."""


def cameras_seeing(file: SightFile, lon: float, lat: float) -> list[Sighting]:
    """Cameras that see the surface at WGS84 degrees, the best first. Raises SceneRefused."""
    return list(looked(file.near(lon, lat), lon, lat).seeing)


def looked(near: Iterable[Seen], lon: float, lat: float) -> Looked:
    """Which of *near* see the surface at WGS84 degrees, and why the others do not."""
    found = {seen.known.record.id: _looked(seen, lon, lat) for seen in near}
    seeing = best_first(each for each in found.values() if isinstance(each, Sighting))
    return Looked(seeing, {name: each for name, each in found.items() if isinstance(each, Blind)})


def _looked(seen: Seen, lon: float, lat: float) -> Sighting | Blind:
    around = seen.around(lon, lat)
    clear = float((around == Cell.SEEN).mean())
    if around[4] == Cell.OUT:
        return Blind.AWAY
    if around[4] == Cell.HIDDEN and clear < _MOSTLY:
        return Blind.HIDDEN
    known = seen.known
    way = seen.frame.place(lon, lat, seen.ground)
    metres = max(float(np.linalg.norm(way)), 0.1)
    return rated(
        known.record.id,
        metres,
        turns=known.turns,
        off_axis=0.0 if known.turns else _off_axis(seen, way / metres),
        lens=known.lens,
        pixels=known.pixels,
        clear=clear,
        moved=seen.moved,
        assumed=known.assumed,
    )


def _off_axis(seen: Seen, way: np.ndarray) -> float:
    turn, tilt = math.radians(seen.known.field.heading), math.radians(seen.known.field.tilt)
    ahead = (math.sin(tilt) * math.sin(turn), math.sin(tilt) * math.cos(turn), -math.cos(tilt))
    return math.degrees(math.acos(float(np.clip(way @ np.array(ahead), -1.0, 1.0))))
