"""One simulated person on the roads: patrols, follows a pushed route, stands at a place."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from console.model.coordinates import haversine
from console.model.records import LonLat, Means
from console.simulation.roads import Path, Roads

SPEED = {
    Means.FOOT: 1.35,
    Means.BICYCLE: 4.2,
    Means.CAR: 8.5,
    Means.MOTORCYCLE: 8.5,
    Means.EMERGENCY: 11.0,
}
"""Metres a second on patrol and on the way."""
REACH = {Means.FOOT: 300.0, Means.BICYCLE: 500.0}
OWN_GROUND = 700.0
"""Metres from home within which a patrol keeps, on foot or bicycle (REACH) and otherwise."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Where somebody is: WGS84 degrees, m/s, degrees from north."""

    where: LonLat
    speed: float
    heading: float


class Walker:
    """Goes along paths; ``advance`` is the only clock it knows."""

    def __init__(self, roads: Roads, home: LonLat, means: Means, chance: random.Random) -> None:
        self._roads, self._chance = roads, chance
        self._means, self._home = means, home
        self._piece, self._forward = roads.nearest(home, means), chance.random() < 0.5
        self._path = roads.piece(self._piece, self._forward)
        self._along = self._path.length * chance.random()
        self._speed = SPEED[means] * chance.uniform(0.85, 1.15)
        self._following = False
        self._rest = 0.0

    @property
    def following(self) -> bool:
        """Whether a pushed route is under way."""
        return self._following

    @property
    def arrived(self) -> bool:
        """Whether the end of the pushed route is reached."""
        return self._following and self._along >= self._path.length

    def follow(self, route: Sequence[LonLat]) -> None:
        """Leave the patrol and go along *route*."""
        self._path = Path.through(np.asarray(route, float))
        self._along, self._following, self._rest = 0.0, True, 0.0

    def patrol(self) -> None:
        """Go back to walking the streets, from where the person stands."""
        where = self._path.at(self._along)
        self._following = False
        self._piece = self._roads.nearest(where, self._means)
        self._path, self._along = self._roads.piece(self._piece, self._forward), 0.0

    def advance(self, seconds: float) -> Fix:
        """Move on by *seconds* and say where that is."""
        standing = min(self._rest, seconds)
        self._rest -= standing
        ahead = self._speed * (seconds - standing)
        moving = ahead > 0 and not self.arrived
        while ahead > 0 and not self.arrived:
            left = self._path.length - self._along
            if ahead < left or self._following:
                self._along = min(self._along + ahead, self._path.length)
                break
            ahead -= left
            self._turn()
        return Fix(
            self._path.at(self._along),
            self._speed if moving else 0.0,
            self._path.heading(self._along),
        )

    def _turn(self) -> None:
        """At a crossing: choose a way on, homewards when far off; now and then stay a while, as people do."""
        off = haversine(*self._path.at(self._path.length), *self._home)
        toward = self._home if off > REACH.get(self._means, OWN_GROUND) else None
        self._piece, self._forward = self._roads.onward(
            self._piece, self._forward, self._means, self._chance, toward
        )
        self._path, self._along = self._roads.piece(self._piece, self._forward), 0.0
        if self._chance.random() < 0.03:
            self._rest = self._chance.uniform(5, 60)
