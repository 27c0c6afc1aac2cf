"""Which cameras a group holds now, of those that the user may see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from console.sdk import haversine
from console.sdk.records import Camera, LonLat
from plugins.polling.model import Group, Kind

AROUND = 1000.0
"""Metres around an event."""
NEAREST = 32
"""Cameras that belong to an event."""


def split_words(text: str) -> list[str]:
    """Words with commas, blanks or the Chinese stops between them."""
    return [word for word in re.split(r"[\s,;，、；]+", text.casefold()) if word]


def of_area(cameras: Iterable[Camera], code: str) -> list[Camera]:
    """Those in an area, by area and name."""
    return sorted(
        (each for each in cameras if code and each.area.startswith(code)), key=lambda c: (c.area, c.name)
    )


def of_names(cameras: Iterable[Camera], text: str) -> list[Camera]:
    """Those with a word of *text* in their name, by name."""
    words = split_words(text)
    found = (each for each in cameras if any(word in each.name.casefold() for word in words))
    return sorted(found, key=lambda each: each.name)


def near(cameras: Sequence[Camera], where: LonLat, count: int = NEAREST) -> list[Camera]:
    """The nearest *count* within AROUND metres of WGS84 degrees."""
    if not cameras:
        return []
    lon, lat = np.array([each.where for each in cameras], np.float64).T
    metres = haversine(*where, lon, lat)
    return [cameras[at] for at in np.argsort(metres, kind="stable")[:count].tolist() if metres[at] <= AROUND]


def cameras_of(group: Group, cameras: Sequence[Camera], event: LonLat | None) -> list[Camera]:
    """What it holds; *event*: the place of its event, None when that is not known any more."""
    if group.kind is Kind.AREA:
        return of_area(cameras, group.rule)
    if group.kind is Kind.NAMES:
        return of_names(cameras, group.rule)
    if group.kind is Kind.EVENT:
        return near(cameras, event) if event is not None else []
    by_id = {each.id: each for each in cameras}
    return [by_id[each] for each in group.cameras if each in by_id]
