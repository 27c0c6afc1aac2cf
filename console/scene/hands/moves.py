"""Single moves: a pose and what a hand does to a pose. Places that are held keep their pixel."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from console.scene.hands.world import Point, World
from console.scene.pose import LEAST_DISTANCE, MOST_DISTANCE, Pose

NEAREST = 1.0
"""Metres that the eye stays ahead of what it is drawn to."""
FLATTEST = 89.0
"""Degrees of tilt that turning about a place may reach; more only by looking about, or from below."""
LOWEST_LOOK, HIGHEST_LOOK = 1.0, 165.0
HELD = 1e-3
"""Pixels within which a place is held."""


def seen(world: World, pose: Pose, point: Point) -> Point:
    """(3,): metres right, above and ahead of the eye."""
    lens = world.lens(pose)
    return lens.axes @ (point - lens.eye)


def held(world: World, pose: Pose, point: Point, place: Point) -> Pose:
    """*pose*, moved so that *point* (3,) is at *place* (3,), metres right, above and ahead of the eye."""
    near = max(float(np.linalg.norm(place)) * HELD / world.lens(pose).focal, 1e-7)
    for _ in range(24):
        lens = world.lens(pose)
        off = point - lens.eye - place @ lens.axes
        if float(np.linalg.norm(off)) <= near:
            break
        pose = world.focused(pose, world.focus(pose) + off)
    return pose


def panned(world: World, pose: Pose, point: Point, x: float, y: float) -> Pose:
    """*point* (3,) of the ground below a pixel, the eye about as high as it is. A pixel near or above the
    horizon counts as one below it."""
    height, level = float(world.frame.geographic(point)[2]), pose.height
    for _ in range(24):
        lens = world.lens(pose)
        there = world.meet(lens, lens.rays(x, y), height)
        off = point - there
        if np.linalg.norm(off) <= np.linalg.norm(there - lens.eye) * HELD / lens.focal:
            break
        pose = replace(world.focused(pose, world.focus(pose) + off), height=level)
    return pose


def zoomed(world: World, pose: Pose, point: Point, factor: float) -> Pose:
    """*factor* times as far from *point* (3,), which stays at its pixel."""
    place = seen(world, pose, point)
    apart = max(float(np.linalg.norm(place)), 1e-6)
    factor = float(np.clip(factor, min(NEAREST / apart, 1.0), max(MOST_DISTANCE / apart, 1.0)))
    distance = float(np.clip(pose.distance * factor, LEAST_DISTANCE, MOST_DISTANCE))
    return held(world, replace(pose, distance=distance), point, place * factor)


def orbited(world: World, pose: Pose, point: Point, turn: float, tilt: float) -> Pose:
    """Turned by degrees about *point* (3,), which stays at its pixel. Tilting ends at the ground."""
    place = seen(world, pose, point)
    most = HIGHEST_LOOK if world.underground else FLATTEST
    goal = float(np.clip(pose.tilt + tilt, 0.0, max(most, pose.tilt)))

    def at(tilt: float) -> Pose:
        return held(world, replace(pose, heading=pose.heading + turn, tilt=tilt), point, place)

    moved = at(goal)
    if world.lack(moved) <= 0 or goal == pose.tilt:
        return moved
    free, stuck = pose.tilt, goal
    for _ in range(10):
        middle = (free + stuck) / 2
        if world.lack(at(middle)) <= 0:
            free = middle
        else:
            stuck = middle
    return at(free)


def looked(world: World, pose: Pose, turn: float, tilt: float) -> Pose:
    """The eye stays where it is and looks elsewhere, by degrees."""
    eye = world.lens(pose).eye
    tilt = float(np.clip(pose.tilt + tilt, LOWEST_LOOK, HIGHEST_LOOK))
    return held(world, replace(pose, heading=pose.heading + turn, tilt=tilt), eye, np.zeros(3))


def refocused(world: World, pose: Pose, distance: float) -> Pose:
    """The same view, said to look at what is *distance* metres ahead."""
    lens = world.lens(pose)
    distance = float(np.clip(distance, LEAST_DISTANCE, MOST_DISTANCE))
    moved = world.focused(replace(pose, distance=distance), lens.eye + lens.ahead * distance)
    return held(world, moved, lens.eye, np.zeros(3))


def settled(world: World, pose: Pose) -> Pose:
    """The same view, said to look at what is seen in its middle, where that is told well apart."""
    point = world.hit(world.width / 2, world.height / 2)
    if point is None:
        return pose
    distance = float(np.linalg.norm(point - world.lens(pose).eye))
    return (
        pose
        if abs(math.log(max(distance, NEAREST) / pose.distance)) < 0.2
        else refocused(world, pose, distance)
    )


def shortest(start: float, goal: float) -> float:
    """Degrees of turn from one heading to another, in -180 to 180."""
    return (goal - start + 180.0) % 360.0 - 180.0
