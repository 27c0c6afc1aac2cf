"""What goes on by itself between two events: each gives the pose at a time, until it is done."""

from __future__ import annotations

import math
from typing import Protocol

from console.scene.hands.flight import Flight
from console.scene.hands.journey import Journey
from console.scene.hands.moves import looked, orbited, panned, shortest, zoomed
from console.scene.hands.walking import Driving, sinking
from console.scene.hands.world import Point, World
from console.scene.pose import Pose

ZOOM_SECONDS = 0.18
FRICTION = 4.5
"""A fling loses this share of its speed a second."""
SLOWEST = 25.0
"""Logical pixels a second at which a fling ends."""
FASTEST = 6000.0
TURN_SECONDS = 0.4


class Motion(Protocol):
    """Times are monotonic seconds."""

    done: bool

    def step(self, world: World, pose: Pose, now: float) -> Pose:
        """The pose at a time, from the present one; *done* is set with the last."""
        ...

    def goal(self, world: World, pose: Pose) -> Pose:
        """Where it ends, as far as that is known."""
        ...


def _eased(began: float, seconds: float, now: float) -> float:
    """From nought to one, ever slower."""
    share = min(max((now - began) / seconds, 0.0), 1.0)
    return 1.0 - (1.0 - share) ** 3


class Zooming:
    """By *levels* (doublings) about *point* (3,), which keeps its pixel."""

    def __init__(self, pose: Pose, point: Point, levels: float, began: float) -> None:
        self._start, self._point, self._levels, self._began = pose, point, levels, began
        self.done = False

    def left(self, now: float) -> float:
        """Levels still to go."""
        return self._levels * (1.0 - _eased(self._began, ZOOM_SECONDS, now))

    def step(self, world: World, pose: Pose, now: float) -> Pose:
        eased = _eased(self._began, ZOOM_SECONDS, now)
        self.done = eased >= 1.0
        return zoomed(world, self._start, self._point, 2.0 ** (-self._levels * eased))

    def goal(self, world: World, pose: Pose) -> Pose:
        return zoomed(world, self._start, self._point, 2.0**-self._levels)


class Gliding:
    """A pan that goes on: *point* (3,) follows a pointer that slows down from (x, y), pixels a second."""

    def __init__(self, point: Point, x: float, y: float, vx: float, vy: float, now: float) -> None:
        limit = min(1.0, FASTEST / max(math.hypot(vx, vy), 1e-9))
        self._point, self._x, self._y = point, x, y
        self._vx, self._vy, self._last = vx * limit, vy * limit, now
        self.done = False

    def step(self, world: World, pose: Pose, now: float) -> Pose:
        seconds = min(max(now - self._last, 0.0), 0.1)
        self._x, self._y, self._last = self._x + self._vx * seconds, self._y + self._vy * seconds, now
        rest = math.exp(-FRICTION * seconds)
        self._vx, self._vy = self._vx * rest, self._vy * rest
        self.done = math.hypot(self._vx, self._vy) <= SLOWEST
        return panned(world, pose, self._point, self._x, self._y)

    def goal(self, world: World, pose: Pose) -> Pose:
        return pose


class Turning:
    """To another heading or tilt about the place looked at; on foot about oneself."""

    def __init__(self, pose: Pose, heading: float, tilt: float, on_foot: bool, began: float) -> None:
        self._start, self._on_foot, self._began = pose, on_foot, began
        self._turn, self._tilt = shortest(pose.heading, heading), tilt - pose.tilt
        self.done = False

    def step(self, world: World, pose: Pose, now: float) -> Pose:
        eased = _eased(self._began, TURN_SECONDS, now)
        self.done = eased >= 1.0
        return self._at(world, eased)

    def goal(self, world: World, pose: Pose) -> Pose:
        return self._at(world, 1.0)

    def _at(self, world: World, share: float) -> Pose:
        if self._on_foot:
            return looked(world, self._start, self._turn * share, self._tilt * share)
        focus = world.focus(self._start)
        return orbited(world, self._start, focus, self._turn * share, self._tilt * share)


class Travelling:
    """A journey, in its time."""

    def __init__(self, journey: Journey, began: float) -> None:
        self._journey, self._began = journey, began
        self.done = False

    def step(self, world: World, pose: Pose, now: float) -> Pose:
        share = (now - self._began) / self._journey.seconds
        self.done = share >= 1.0
        return self._journey.at(share)

    def goal(self, world: World, pose: Pose) -> Pose:
        return self._journey.goal


class Pushed:
    """As long as keys are down, and until all is still."""

    def __init__(self, on_foot: bool, now: float) -> None:
        self.driving, self.on_foot = Driving(now), on_foot
        self.done = False

    def step(self, world: World, pose: Pose, now: float) -> Pose:
        move = self.driving.walk if self.on_foot else self.driving.fly
        pose = move(world, pose, now)
        self.done = self.driving.still and not (self.on_foot and sinking(world, pose))
        return pose

    def goal(self, world: World, pose: Pose) -> Pose:
        return pose


class Playing:
    """A recorded flight."""

    def __init__(self, flight: Flight, began: float) -> None:
        self._flight, self._began = flight, began
        self.done = False

    def step(self, world: World, pose: Pose, now: float) -> Pose:
        seconds = max(now - self._began, 0.0)
        self.done = self._flight.ends and seconds >= self._flight.seconds
        return self._flight.at(seconds)

    def goal(self, world: World, pose: Pose) -> Pose:
        return self._flight.keys[-1].pose if self._flight.ends else pose
