"""Views and flights for plugins: implements ``console.sdk.scene.SceneTrips``."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, cast

from console.scene.frame import Frame
from console.scene.hands import Flight, Kept, Key, NamedView, Recorder, World, dump, load
from console.scene.hands.journey import Journey
from console.scene.pose import Pose
from console.scene.refusal import SceneRefused
from console.sdk.errors import OneMapError
from console.sdk.scene import SceneFlight, ScenePose, SceneView
from console.sdk.ui.words import said

if TYPE_CHECKING:
    from console.scene.view.view import SceneView as Window

LEISURE = 2.5
"""How many times as long as a journey a flight takes from pose to pose: one looks about meanwhile."""


class Trips:
    """*window* gives the view of the scene, while there is one."""

    def __init__(self, window: Callable[[], Window | None]) -> None:
        self._window = window
        self._recorder: Recorder | None = None

    @property
    def recording(self) -> bool:
        return self._recorder is not None

    def record(self) -> None:
        """See ``SceneTrips``."""
        self._recorder = Recorder()
        self.moved()

    def moved(self) -> None:
        """The view is elsewhere."""
        window = self._window()
        if self._recorder is not None and window is not None:
            self._recorder.take(window.pose, time.monotonic())

    def recorded(self, name: str) -> Flight | None:
        recorder, self._recorder = self._recorder, None
        return recorder.flight(name) if recorder is not None else None

    def through(self, name: str, poses: Sequence[ScenePose], *, circle: bool = False) -> Flight:
        found = [meant(pose) for pose in poses]
        if len(found) < 2:
            raise ValueError("a flight needs two poses")
        gaps = [_seconds(start, goal) for start, goal in zip(found, [*found[1:], found[0]], strict=True)]
        keys = tuple(Key(sum(gaps[:i]), pose) for i, pose in enumerate(found))
        return Flight(keys, gaps[-1] if circle else None, name=name).limited()

    def play(self, flight: SceneFlight) -> None:
        window = self._window()
        if window is not None:
            window.play(cast(Flight, flight))

    def pack(self, views: Sequence[SceneView], flights: Sequence[SceneFlight]) -> bytes:
        named = tuple(NamedView(view.name, meant(view.pose)) for view in views)
        return dump(Kept(named, tuple(cast(Flight, flight) for flight in flights)))

    def unpack(self, data: bytes) -> tuple[list[SceneView], list[SceneFlight]]:
        try:
            kept = load(data)
        except SceneRefused as error:
            raise OneMapError(said(error.message)) from error
        return [SceneView(name=view.name, pose=told(view.pose)) for view in kept.views], list(kept.flights)


def told(pose: Pose) -> ScenePose:
    """As plugins know it."""
    lon, lat, height, heading, tilt, distance = astuple(pose)
    return ScenePose(lon=lon, lat=lat, height=height, heading=heading, tilt=tilt, distance=distance)


def meant(pose: ScenePose) -> Pose:
    """As plugins mean it, within what can be shown."""
    return Pose(pose.lon, pose.lat, pose.height, pose.heading, pose.tilt, pose.distance).clamped()


def _seconds(start: Pose, goal: Pose) -> float:
    return LEISURE * Journey(World(Frame(start.lon, start.lat, start.height)), start, goal).seconds
