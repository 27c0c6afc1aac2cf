"""The view's motion in three dimensions: what is grabbed stays under the pointer, never under ground."""

from __future__ import annotations

import math
from dataclasses import replace

from console.scene.hands.flight import Flight
from console.scene.hands.journey import Journey
from console.scene.hands.motions import (
    SLOWEST,
    Gliding,
    Motion,
    Playing,
    Pushed,
    Travelling,
    Turning,
    Zooming,
)
from console.scene.hands.moves import FLATTEST, looked, orbited, panned, settled, zoomed
from console.scene.hands.walking import Drive, on_foot
from console.scene.hands.world import Point, World
from console.scene.pose import Pose

TURN, TILT = 0.4, 0.3
"""Degrees that a pixel of a drag turns and tilts by."""
SLANTED = 45.0
"""Degrees of tilt after looking straight down, when nothing else is remembered."""
ABOVE_WALKER = 200.0
"""Metres from which one looks back at where one walked."""


class Navigator:
    """Changes ``pose``; ``tick`` is called a frame while ``moving``. Pixels are the world's, times are
    monotonic seconds. When the world's frame changes, ``show`` the pose again."""

    def __init__(self, world: World, pose: Pose | None = None) -> None:
        self.world = world
        self.pose = pose or Pose(world.frame.lon, world.frame.lat, world.frame.height)
        self.home: Pose = self.pose
        """Where ``go_home`` leads."""
        self.walking = False
        self._motion: Motion | None = None
        self._ground: Point | None = None
        self._pivot: Point | None = None
        self._pointer = (0.0, 0.0)
        self._slanted = SLANTED

    @property
    def moving(self) -> bool:
        return self._motion is not None

    @property
    def goal(self) -> Pose:
        """The pose at which the present motion ends."""
        return self._motion.goal(self.world, self.pose).clamped() if self._motion else self.pose

    def tick(self, now: float) -> bool:
        """Advance to a time; whether there is more to come."""
        if self._motion is not None:
            motion = self._motion
            self._be(motion.step(self.world, self.pose, now))
            if motion.done:
                self._motion = None
        return self.moving

    def show(self, pose: Pose) -> None:
        """Be there at once."""
        self.stop()
        self.walking = False
        self._be(pose)

    def allow_underground(self, allowed: bool) -> None:
        """Whether the eye may be below the ground, as for pipes and cellars; else it comes up."""
        self.world.underground = allowed
        if not allowed:
            self.stop()
            self._be(replace(self.pose, tilt=min(self.pose.tilt, FLATTEST)))

    def stop(self) -> None:
        """Stay where one is, and let go."""
        self._motion = self._ground = self._pivot = None

    # ---- the pointer ----

    def grab(self, x: float, y: float) -> None:
        """Take hold of what is at a pixel, ending a motion: the drags that follow are about it."""
        self.stop()
        self._pointer = (x, y)
        self._ground = self.world.ground_at(self.pose, x, y)
        self._pivot = self.world.point_at(self.pose, x, y)

    def pan(self, x: float, y: float) -> None:
        """The ground that was grabbed follows the pointer; on foot one looks about instead."""
        dx, dy = x - self._pointer[0], y - self._pointer[1]
        self._pointer = (x, y)
        if self.walking:
            self.look(dx, dy)
        elif self._ground is not None:
            self._be(panned(self.world, self.pose, self._ground, x, y))

    def fling(self, vx: float, vy: float, now: float) -> None:
        """Let the ground glide on at pixels a second."""
        if self._ground is not None and not self.walking and math.hypot(vx, vy) > SLOWEST * 4:
            self._motion = Gliding(self._ground, *self._pointer, vx, vy, now)

    def orbit(self, dx: float, dy: float) -> None:
        """Turn about what was grabbed by a drag: to the right clockwise, upwards to the horizon."""
        if self.walking:
            self.look(dx, dy)
        elif self._pivot is not None:
            self._be(orbited(self.world, self.pose, self._pivot, dx * TURN, -dy * TILT))

    def look(self, dx: float, dy: float) -> None:
        """Look about from where one is: what is seen follows a drag."""
        self._motion = None
        pixel = math.degrees(1.0 / self.world.lens(self.pose).focal)
        self._be(looked(self.world, self.pose, -dx * pixel, dy * pixel))

    def zoom(self, levels: float, x: float, y: float, now: float) -> None:
        """Come nearer smoothly by doublings, the pixel held. What is left of the last step adds up."""
        if isinstance(self._motion, Zooming):
            levels += self._motion.left(now)
            self.tick(now)
        self.stop()
        self.walking = False
        self.pose = settled(self.world, self.pose)
        self._motion = Zooming(self.pose, self.world.point_at(self.pose, x, y), levels, now)

    def zoom_at_once(self, levels: float, x: float, y: float) -> None:
        """The same without easing: the small steps of a touchpad."""
        self.stop()
        self.walking = False
        self._be(zoomed(self.world, self.pose, self.world.point_at(self.pose, x, y), 2.0**-levels))

    def pinch(self, x: float, y: float, factor: float, turn: float = 0.0, tilt: float = 0.0) -> None:
        """Follow two fingers that took hold: their middle is at a pixel, they are *factor* times as far apart
        as a moment ago, turned by degrees (clockwise), or moved together for degrees of *tilt*."""
        ground = self._ground
        if ground is None:
            return
        self.walking = False
        pose = zoomed(self.world, self.pose, ground, 1.0 / min(max(factor, 0.1), 10.0))
        # The ground turns with the fingers, so the eye turns against them.
        pose = orbited(self.world, pose, ground, -turn, tilt)
        self._pointer = (x, y)
        self._be(pose if tilt else panned(self.world, pose, ground, x, y))

    # ---- keys ----

    def drive(self, drive: Drive, now: float, *, fast: bool = False) -> None:
        """The keys that are down now; none down: come to rest. *fast* with Shift."""
        motion = self._motion
        if not isinstance(motion, Pushed):
            if drive == Drive():
                return
            self.stop()
            motion = self._motion = Pushed(self.walking, now)
        motion.driving.push(drive, fast)

    def north_up(self, now: float) -> None:
        """Turn to the north."""
        self._turn(0.0, self.pose.tilt, now)

    def look_down(self, now: float) -> None:
        """Straight down as on a map, with north where it is; from there back to the slant of before."""
        if self.walking:
            self.leave_walk(now, tilt=0.0)
            return
        tilt = self.goal.tilt
        if tilt > 1.0:
            self._slanted = tilt
        self._turn(self.goal.heading, 0.0 if tilt > 1.0 else self._slanted, now)

    def _turn(self, heading: float, tilt: float, now: float) -> None:
        self.stop()
        self._motion = Turning(self.pose, heading, tilt, self.walking, now)

    # ---- journeys ----

    def fly_to(self, pose: Pose, now: float) -> None:
        """In an arc over the ground, out, across and in again."""
        self.stop()
        self.walking = False
        self._motion = Travelling(Journey(self.world, self.pose, self.world.clear(pose.clamped())), now)

    def go_home(self, now: float) -> None:
        self.fly_to(self.home, now)

    def walk(self, now: float, x: float | None = None, y: float | None = None) -> None:
        """Stand on what is at a pixel (default: the middle), the eye 1.7 m above it."""
        x = self.world.width / 2 if x is None else x
        y = self.world.height / 2 if y is None else y
        self.fly_to(on_foot(self.world, self.pose, self.world.ground_at(self.pose, x, y)), now)
        self.walking = True

    def leave_walk(self, now: float, tilt: float = SLANTED) -> None:
        """Rise above the place where one stands."""
        lon, lat, height = self.world.eye(self.pose)
        self.fly_to(Pose(lon, lat, height, self.pose.heading, tilt, ABOVE_WALKER), now)

    def play(self, flight: Flight, now: float) -> None:
        """A recorded flight from its beginning."""
        self.stop()
        self.walking = False
        self._motion = Playing(flight, now)

    # ---- within ----

    def _be(self, pose: Pose) -> None:
        self.pose = self.world.clear(pose.clamped())
