"""What the backend says of cameras that are gone, put beside what the live feed says. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.sdk.records import Camera
from plugins.cameras.model import Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A camera that cannot be looked at. Times are s since 1970, 0.0: not known."""

    camera: str
    name: str
    owner: str
    area: str
    state: Health
    """``OFFLINE``, ``REFUSED`` or ``BLIND``."""
    fault: str
    """As the backend names it; ``listed``: nobody asks it, its list says that it is offline."""
    since: float = 0.0
    checked: float = 0.0
    live: bool = False
    """Whether its picture can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The cameras of one owner; an empty *key*: all there are."""

    owner: str
    cameras: int
    watched: int
    """Whose state is known."""
    online: int
    gone: int
    total: bool = False

    @property
    def share(self) -> float | None:
        """Online of those watched, 0..1; None: none is."""
        return self.online / self.watched if self.watched else None

    @property
    def key(self) -> str:
        """For the list."""
        return "" if self.total else f"unit {self.owner}"


@dataclass(frozen=True, slots=True)
class Report:
    """What is known at one moment."""

    gone: tuple[Gone, ...] = ()
    """By owner, the longest gone first, those of unknown time last."""
    units: tuple[Unit, ...] = ()
    """The total, then those with the smallest share."""


Rows = Sequence[Mapping[str, Any]]


def reported(cameras: Iterable[Camera], gone: Rows, units: Rows) -> Report:
    """What the backend answered, with those that the feed alone calls offline. Bad rows are left out."""
    known = {camera.id: camera for camera in cameras}
    asked = {each.camera: each for each in map(_gone, gone) if each is not None}
    found = [_as_heard(each, known.get(each.camera)) for each in asked.values()]
    found += [_listed(each) for each in known.values() if not each.online and each.id not in asked]
    found.sort(key=lambda each: (each.owner, each.since or math.inf, each.name, each.camera))
    return Report(tuple(found), _units(known.values(), found, units))


def _gone(row: Mapping[str, Any]) -> Gone | None:
    try:
        return Gone(
            camera=str(row["camera"]),
            name=str(row.get("name", "")),
            owner=str(row.get("owner", "")),
            area=str(row.get("area", "")),
            state=Health(row.get("state", Health.OFFLINE)),
            fault=str(row.get("fault", "")),
            since=float(row.get("since", 0.0)),
            checked=float(row.get("checked", 0.0)),
        )
    except (KeyError, TypeError, ValueError):
        return None  # of a backend of another release


def _as_heard(each: Gone, camera: Camera | None) -> Gone:
    """Its name may have been changed since; whether it has a picture is on its record."""
    if camera is None:
        return each
    return Gone(
        camera=each.camera,
        name=camera.name,
        owner=camera.owner,
        area=camera.area,
        state=each.state,
        fault=each.fault,
        since=each.since,
        checked=each.checked,
        live=camera.live,
    )


def _listed(camera: Camera) -> Gone:
    return Gone(
        camera=camera.id,
        name=camera.name,
        owner=camera.owner,
        area=camera.area,
        state=Health.BLIND if camera.blind else Health.OFFLINE,
        fault=camera.blind or ("" if camera.live else "listed"),
        live=camera.live,
    )


def _units(cameras: Iterable[Camera], gone: Iterable[Gone], rows: Rows) -> tuple[Unit, ...]:
    all_of, gone_of = Counter(camera.owner for camera in cameras), Counter(each.owner for each in gone)
    told = {str(row.get("owner", "")): row for row in rows}
    units = [
        Unit(
            owner=owner,
            cameras=all_of[owner] or int(told[owner].get("cameras", 0)),
            watched=int(told.get(owner, {}).get("watched", 0)),
            online=int(told.get(owner, {}).get("online", 0)),
            gone=gone_of[owner],
        )
        for owner in sorted(all_of.keys() | told.keys())
    ]
    units.sort(key=lambda unit: (unit.share is None, unit.share or 0.0, -unit.gone))
    return (_total(units), *units) if units else ()


def _total(units: Sequence[Unit]) -> Unit:
    return Unit(
        owner="",
        cameras=sum(unit.cameras for unit in units),
        watched=sum(unit.watched for unit in units),
        online=sum(unit.online for unit in units),
        gone=sum(unit.gone for unit in units),
        total=True,
    )
