"""Instructions of a way: its corners with lengths, landmarks and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from console.sdk.records import LonLat, Means
from plugins.dispatch.model import Step, Turn
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.results.arcs import Course, Leaving, Stretch
from plugins.dispatch.server.results.corners import Corner, Corners, bearing_after
from plugins.dispatch.server.results.landmarks import Landmarks
from plugins.dispatch.server.results.step_words import worded
from plugins.dispatch.server.routing.graph import Ints, RoadGraph

_BESIDE = 5.0
"""Metres; a goal nearer to the road lies on it."""
_MARKED = frozenset(
    {Turn.LEFT, Turn.RIGHT, Turn.SHARP_LEFT, Turn.SHARP_RIGHT, Turn.SLIGHT_LEFT, Turn.SLIGHT_RIGHT}
)


class Guide:
    """Makes the steps of ways on one graph."""

    def __init__(self, graph: RoadGraph, leaving: Leaving, landmarks: Landmarks) -> None:
        self._graph = graph
        self._leaving = leaving
        self._landmarks = landmarks

    def steps(
        self, stretches: Sequence[Stretch], start: LonLat, goal: LonLat, weights: Ints, means: Means
    ) -> list[Step]:
        """What somebody is told who goes by *means* from *start* over *stretches* to *goal*.

        *weights* are the arc weights of a ``Profile``: nobody is warned of a road they may not use.
        """
        course = Course.of(self._graph, stretches, start, goal)
        arrival = self._arrival(course, goal)
        if not course.arcs:
            return worded([arrival], means)
        walking = means is Means.FOOT
        corners = Corners(self._graph, self._leaving, weights, course, walking=walking)
        found = corners.find()
        marks = [0.0, *(corner.end for corner in found), course.metres]
        lengths = [b - a for a, b in pairwise(marks)]
        first = float(course.begins[0])
        departure = Step(
            turn=Turn.DEPART,
            where=start,
            metres=lengths[0],
            angle=0.0,
            bearing=round(bearing_after(course, first), 1),
            road=corners.names[0],
        )
        between = [self._step(course, *each) for each in zip(found, lengths[1:], strict=True)]
        return worded([departure, *between, arrival], means)

    def _step(self, course: Course, corner: Corner, metres: float) -> Step:
        where = self._degrees(course, corner.begin)
        step = Step(
            turn=corner.turn,
            where=where,
            metres=metres,
            angle=round(corner.angle, 1),
            bearing=round(bearing_after(course, corner.end), 1),
            road=corner.road,
            exit=corner.exit,
        )
        return replace(step, landmark=self._landmarks.at(where)) if corner.turn in _MARKED else step

    def _degrees(self, course: Course, metres: float) -> LonLat:
        scale = to_plane((1.0, 1.0), self._graph.latitude)[0]
        lon, lat = (course.place(metres) / scale).tolist()
        return (round(lon, 7), round(lat, 7))

    def _arrival(self, course: Course, goal: LonLat) -> Step:
        return Step(turn=Turn.ARRIVE, where=goal, metres=0.0, angle=0.0, bearing=0.0, side=_side(course))


def _side(course: Course) -> str:
    """On which side of the road the goal lies, seen in the direction of travel."""
    left = float(course.begins[-1]) if course.arcs else 0.0
    if not course.arcs or course.metres - left < _BESIDE:
        return ""
    here = course.place(left)
    ahead, aside = here - course.place(max(left - _BESIDE, 0.0)), course.xy[-1] - here
    across = ahead[0] * aside[1] - ahead[1] * aside[0]
    if abs(across) < 0.3 * np.hypot(*ahead) * np.hypot(*aside):
        return ""  # straight on beyond the end of the road
    return "left" if across > 0 else "right"
