"""Named views and flights as they are kept, exported and sent to the wall: one JSON form, version 1."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from console.scene.hands.flight import APART, Flight, Key
from console.scene.pose import LEAST_DISTANCE, MOST_DISTANCE, Pose
from console.scene.refusal import refused

VERSION = 1
MOST_BYTES = 8_000_000
DAY = 86_400.0
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Seconds = Annotated[float, Meta(ge=0.0, le=DAY)]


class _Pose(Struct, frozen=True, forbid_unknown_fields=True):
    """As ``Pose``, within what can be shown."""

    lon: Annotated[float, Meta(ge=-180.0, le=180.0)]
    lat: Annotated[float, Meta(ge=-90.0, le=90.0)]
    height: Annotated[float, Meta(ge=-12_000.0, le=1e7)]
    heading: Annotated[float, Meta(ge=0.0, le=360.0)]
    tilt: Annotated[float, Meta(ge=0.0, le=179.0)]
    distance: Annotated[float, Meta(ge=LEAST_DISTANCE, le=MOST_DISTANCE)]

    @property
    def pose(self) -> Pose:
        return Pose(self.lon, self.lat, self.height, self.heading, self.tilt, self.distance)


class _View(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    pose: _Pose


class _Key(Struct, frozen=True, forbid_unknown_fields=True):
    at: Seconds
    pose: _Pose


class _Flight(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    keys: Annotated[list[_Key], Meta(min_length=1, max_length=10_000)]
    back: Annotated[float, Meta(ge=APART, le=DAY)] | None = None


class _Version(Struct, frozen=True):
    onemap_scene_views: int


class _Document(Struct, frozen=True, forbid_unknown_fields=True):
    onemap_scene_views: int
    """The version: what tells such a file from others."""
    views: Annotated[list[_View], Meta(max_length=1000)] = []
    flights: Annotated[list[_Flight], Meta(max_length=200)] = []


@dataclass(frozen=True, slots=True)
class NamedView:
    """A bookmark."""

    name: str
    pose: Pose


@dataclass(frozen=True, slots=True)
class Kept:
    """What one file holds."""

    views: tuple[NamedView, ...] = ()
    flights: tuple[Flight, ...] = ()


def dump(kept: Kept) -> bytes:
    """UTF-8 JSON that ``load`` reads; numbers come back as they were."""
    views = [_View(view.name, _record(view.pose)) for view in kept.views]
    flights = [
        _Flight(flight.name, [_Key(key.at, _record(key.pose)) for key in flight.keys], flight.back)
        for flight in kept.flights
    ]
    return msgspec.json.encode(_Document(VERSION, views, flights))


def load(data: bytes) -> Kept:
    """What ``dump`` wrote. Raises SceneRefused, in the user's words, for anything else."""
    if len(data) > MOST_BYTES:
        raise refused("视图文件过大", "The file of views is too large")
    try:
        version = msgspec.json.decode(data, type=_Version).onemap_scene_views
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refused("这不是三维视图或飞行路径文件", "This is no file of 3D views and flights") from error
    if version != VERSION:
        raise refused(
            f"视图文件的版本 {version} 无法读取,请升级程序",
            f"The file of views has version {version}; a newer program reads it",
        )
    try:
        document = msgspec.json.decode(data, type=_Document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refused(f"视图文件有误:{error}", f"The file of views is faulty: {error}") from error
    views = tuple(NamedView(view.name, view.pose.pose) for view in document.views)
    return Kept(views, tuple(map(_flight, document.flights)))


def _flight(record: _Flight) -> Flight:
    times = [key.at for key in record.keys]
    if times[0] != 0 or any(after - before < APART for before, after in pairwise(times)):
        raise refused(
            f"飞行路径“{record.name}”的时间不是递增的",
            f"The times of the flight “{record.name}” do not ascend",
        )
    return Flight(tuple(Key(key.at, key.pose.pose) for key in record.keys), record.back, name=record.name)


def _record(pose: Pose) -> _Pose:
    return _Pose(*astuple(pose.clamped()))
