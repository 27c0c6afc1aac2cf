"""The cameras as columns, and which of them a filter lets through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from console.sdk import Sprite, SpriteShape, Text
from console.sdk.records import Camera, CameraKind
from console.sdk.sight import ACROSS, HIGH_REACH, STREET_REACH

Bounds = tuple[float, float, float, float]
"""West, south, east, north, degrees."""

SPRITES = (
    Sprite(
        shape=SpriteShape.CAMERA, fill="camera.online", size=16, title=Text("街面，在线", "Street, online")
    ),
    Sprite(
        shape=SpriteShape.CAMERA,
        fill="camera.offline",
        size=16,
        glyph="×",
        title=Text("街面，离线", "Street, offline"),
    ),
    Sprite(
        shape=SpriteShape.TOWER,
        fill="camera.high",
        size=22,
        title=Text("高空鹰眼，在线", "High-altitude, online"),
    ),
    Sprite(
        shape=SpriteShape.TOWER,
        fill="camera.offline",
        size=22,
        glyph="×",
        title=Text("高空鹰眼，离线", "High-altitude, offline"),
    ),
    Sprite(
        shape=SpriteShape.CAMERA,
        fill="warning",
        size=16,
        glyph="!",
        title=Text("街面，画面异常", "Street, faulty picture"),
    ),
    Sprite(
        shape=SpriteShape.TOWER,
        fill="warning",
        size=22,
        glyph="!",
        title=Text("高空鹰眼，画面异常", "High-altitude, faulty picture"),
    ),
)
"""Indexed by ``2 * high + offline``; then those whose pictures show nothing, by ``high``."""
BLIND = 4
"""Where the latter begin."""
STATES = ("online", "offline", "blind")
"""What a camera may be filtered by."""


def reach(camera: Camera) -> float:
    """Metres that *camera* sees as its record says, or else is taken to see."""
    return camera.reach or (HIGH_REACH if camera.high else STREET_REACH)


def across(camera: Camera) -> float:
    """Degrees of its picture's width, likewise."""
    return camera.across or ACROSS


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All conditions must hold; empty ones and None say nothing."""

    area: str = ""
    owner: str = ""
    kind: str = ""
    """Of ``CameraKind``."""
    high: bool | None = None
    state: str = ""
    """One of ``STATES``."""
    live: bool = False
    """Only those that have a picture."""
    text: str = ""
    view: Bounds | None = None

    @property
    def narrow(self) -> bool:
        """Whether the map shows less for it."""
        return replace(self, view=None) != Filter()


class Catalogue:
    """All cameras that this console knows; rows keep their order until cameras come or go."""

    def __init__(self, cameras: Iterable[Camera] = ()) -> None:
        self.cameras: Sequence[Camera] = list(cameras)
        self.row_of = {camera.id: row for row, camera in enumerate(self.cameras)}
        n = len(self.cameras)
        places = np.array([camera.where for camera in self.cameras], float).reshape(n, 2)
        self.lon, self.lat = places[:, 0].copy(), places[:, 1].copy()
        self.heading = np.array(
            [np.nan if camera.heading is None else camera.heading for camera in self.cameras], np.float32
        )
        self.across = np.array([across(camera) for camera in self.cameras], np.float32)
        self.reach = np.array([reach(camera) for camera in self.cameras], np.float32)
        self.kind = np.array(
            [CameraKind.HIGH if camera.high else camera.kind.value for camera in self.cameras], "U12"
        )
        self.high = np.array([camera.high for camera in self.cameras], bool)
        self.online = np.array([camera.online for camera in self.cameras], bool)
        self.blind = np.array([bool(camera.blind) for camera in self.cameras], bool) & ~self.online
        self.live = np.array([camera.live for camera in self.cameras], bool)
        self.area = np.array([camera.area for camera in self.cameras], "U15")
        self.owner = np.array([camera.owner for camera in self.cameras], "U64")
        self.text = np.array([f"{camera.name} {camera.id}".lower() for camera in self.cameras], "U96")

    def __len__(self) -> int:
        return len(self.cameras)

    @property
    def sprite(self) -> npt.NDArray[np.uint8]:
        """Index into ``SPRITES`` of every row."""
        seeing = 2 * self.high + ~self.online
        return np.where(self.blind, BLIND + self.high, seeing).astype(np.uint8)

    def in_state(self, state: str) -> npt.NDArray[np.bool_]:
        """Whether each row is so; each is in one of ``STATES``."""
        if state == "blind":
            return self.blind
        return self.online if state == "online" else ~self.online & ~self.blind

    def owners(self) -> list[str]:
        """All owners, sorted, without the empty one."""
        return sorted({camera.owner for camera in self.cameras} - {""})

    def matches(self, wanted: Filter) -> npt.NDArray[np.bool_]:
        """One truth value a row."""
        mask = np.ones(len(self), bool)
        if wanted.area:
            mask &= np.char.startswith(self.area, wanted.area)
        if wanted.owner:
            mask &= self.owner == wanted.owner
        if wanted.kind:
            mask &= self.kind == wanted.kind
        if wanted.high is not None:
            mask &= self.high == wanted.high
        if wanted.state:
            mask &= self.in_state(wanted.state)
        if wanted.live:
            mask &= self.live
        for word in wanted.text.lower().split():
            mask &= np.char.find(self.text, word) >= 0
        if wanted.view is not None:
            west, south, east, north = wanted.view
            mask &= (self.lon >= west) & (self.lon <= east) & (self.lat >= south) & (self.lat <= north)
        return mask
