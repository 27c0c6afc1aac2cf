"""Keys held down: on foot over the ground, else over the scene at a speed that suits the distance."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, replace

import numpy as np

from console.scene.hands.moves import held, looked, orbited, zoomed
from console.scene.hands.world import Point, World
from console.scene.pose import Pose

EYE = 1.7
"""Metres above the ground on foot."""
AHEAD = 20.0
"""Metres to what one on foot is said to look at."""
PACE, RUN = 3.0, 12.0
"""Metres a second on foot."""
CLIMB = 0.6
"""Metres that may be stepped up, besides a slope of 45 degrees."""
FOOTING = 0.12
"""Seconds in which the eye follows the ground on foot, to a third of the step."""
FLIGHT, HASTE = 0.7, 3.0
"""Distances a second when not on foot, and how many times that in haste."""
TURNING, LEVELS = 60.0, 2.0
"""Degrees and zoom levels a second."""
START = 0.08
"""Seconds in which speed is taken up and lost, to a third."""
STILL = 0.01
"""The share of full speed at which one stands."""
LONGEST = 0.1
"""Seconds that one step makes good at most."""


@dataclass(frozen=True, slots=True)
class Drive:
    """Which way the keys that are down push: -1 to 1 each."""

    ahead: float = 0.0
    right: float = 0.0
    up: float = 0.0
    turn: float = 0.0
    """Clockwise."""
    tilt: float = 0.0
    """Towards the sky."""
    zoom: float = 0.0
    """In."""


class Driving:
    """Goes on until the keys are up and all speed is lost."""

    def __init__(self, now: float) -> None:
        self._wish, self._fast = np.zeros(6), False
        self._speed = np.zeros(6)
        self._last = now

    def push(self, drive: Drive, fast: bool) -> None:
        """The keys that are down have changed; *fast* with Shift."""
        self._wish, self._fast = np.clip(np.array(astuple(drive)), -1.0, 1.0), fast

    @property
    def still(self) -> bool:
        return not self._wish.any() and bool(np.abs(self._speed).max() < STILL)

    def fly(self, world: World, pose: Pose, now: float) -> Pose:
        """Over the scene: keys for turning and zooming act about the place looked at."""
        seconds = self._pass(now)
        ahead, right, up, turn, tilt, zoom = self._speed * seconds
        reach = pose.distance * FLIGHT * (HASTE if self._fast else 1.0)
        if ahead or right or up:
            moved = world.focused(pose, world.focus(pose) + _level(world, pose, ahead * reach, right * reach))
            pose = replace(moved, height=pose.height + up * reach)
        if turn or tilt:
            pose = orbited(world, pose, world.focus(pose), turn * TURNING, tilt * TURNING)
        return zoomed(world, pose, world.focus(pose), 2.0 ** (-zoom * LEVELS)) if zoom else pose

    def walk(self, world: World, pose: Pose, now: float) -> Pose:
        """On foot: up steps and slopes, not up walls; along them instead."""
        seconds = self._pass(now)
        ahead, right, _, turn, tilt, _ = self._speed * seconds
        if turn or tilt:
            pose = looked(world, pose, turn * TURNING, tilt * TURNING)
        pace = RUN if self._fast else PACE
        for part in ((ahead, right), (ahead, 0.0), (0.0, right)):
            shift = _level(world, pose, part[0] * pace, part[1] * pace)
            if any(part) and not _blocked(world, pose, shift):
                pose = held(world, pose, world.lens(pose).eye + shift, np.zeros(3))
                break
        return _footed(world, pose, 1.0 - math.exp(-seconds / FOOTING))

    def _pass(self, now: float) -> float:
        """Seconds since the last step; the speed follows the keys."""
        seconds = min(max(now - self._last, 0.0), LONGEST)
        self._last = now
        self._speed += (self._wish - self._speed) * (1.0 - math.exp(-seconds / START))
        if self.still:
            self._speed[:] = 0.0
        return seconds


def sinking(world: World, pose: Pose) -> bool:
    """Whether the eye is still on its way to its height on foot."""
    lon, lat, height = world.eye(pose)
    ground = world.surface(lon, lat)
    return ground is not None and abs(ground + EYE - height) > 0.005


def on_foot(world: World, pose: Pose, place: Point) -> Pose:
    """Standing on *place* (3,), looking the same way and about level."""
    lon, lat, height = (float(value) for value in world.frame.geographic(place))
    ground = world.surface(lon, lat)
    eye = world.frame.place(lon, lat, (height if ground is None else ground) + EYE)
    start = Pose(lon, lat, height, pose.heading, 85.0, AHEAD)
    return held(world, start, eye, np.zeros(3))


def _level(world: World, pose: Pose, ahead: float, right: float) -> Point:
    """(3,): metres over the ground, as seen from the eye."""
    east, north, _ = world.frame.axes_at(world.lens(pose).eye)
    turn = math.radians(pose.heading)
    forward = math.sin(turn) * east + math.cos(turn) * north
    aside = math.cos(turn) * east - math.sin(turn) * north
    return forward * ahead + aside * right


def _blocked(world: World, pose: Pose, shift: Point) -> bool:
    """Whether a wall is in the way."""
    lon, lat, height = world.eye(pose)
    goal = world.frame.geographic(world.lens(pose).eye + shift)
    there = world.surface(float(goal[0]), float(goal[1]))
    here = world.surface(lon, lat)
    here = height - EYE if here is None else here
    return there is not None and there - here > CLIMB + float(np.linalg.norm(shift))


def _footed(world: World, pose: Pose, share: float) -> Pose:
    """The eye nearer to its height above the ground."""
    lon, lat, height = world.eye(pose)
    ground = world.surface(lon, lat)
    if ground is None:
        return pose
    eye = world.frame.place(lon, lat, height + (ground + EYE - height) * share)
    return held(world, pose, eye, np.zeros(3))
