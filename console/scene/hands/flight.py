"""Recorded flights: poses with times, and a smooth way through them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from console.scene.ellipsoid import east_north_up, to_ecef, to_geodetic
from console.scene.pose import Pose

Floats = NDArray[np.float64]
APART = 0.01
"""Seconds between two keys at least."""
FASTEST, SWIFTEST = 500.0, 60.0
"""Metres and degrees a second of the eye, when nothing else is asked for."""
SAMPLES = 12
"""A segment, when speed is measured."""
EVERY, PAUSE = 0.1, 1.0
"""Seconds between samples while recording, and the longest rest that is kept."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where one is at a time of a flight, in seconds from its beginning."""

    at: float
    pose: Pose


@dataclass(frozen=True)
class Flight:
    """Keys in the order of their times, the first at nought.

    A cubic Hermite curve with tangents of three keys (Catmull-Rom for uneven times): the place as a point on
    the ellipsoid, the height, heading (the shorter way round), tilt and logarithm of the distance; the last
    three never overshoot.
    """

    keys: tuple[Key, ...]
    back: float | None = None
    """Seconds from the last key to the first again, in a circle without end; None: it ends."""
    name: str = field(default="", kw_only=True)

    @property
    def ends(self) -> bool:
        return self.back is None

    @property
    def seconds(self) -> float:
        """Of one round."""
        return self.keys[-1].at + (self.back or 0.0)

    def renamed(self, name: str) -> Flight:
        """The same flight with another name."""
        return replace(self, name=name)

    def at(self, seconds: float) -> Pose:
        """The pose at a time; before the beginning and after the end that of the first and last key."""
        if self.back is not None:
            seconds %= self.seconds
        times, values, slopes = self._curve
        seconds = min(max(seconds, 0.0), float(times[-1]))
        i = int(np.searchsorted(times, seconds, "right")) - 1
        if seconds == times[i]:
            return self.keys[i % len(self.keys)].pose
        return _pose(_between(times, values, slopes, np.array([seconds]))[0])

    def limited(self, speed: float = FASTEST, turning: float = SWIFTEST) -> Flight:
        """The same way, slower where the eye would be faster than metres and degrees a second."""
        if len(self.keys) == 1 and self.ends:
            return self
        flight = self
        for _ in range(3):
            flight = flight._stretched(flight._excess(speed, turning))
        # Slower neighbours bend a curve's slopes, so that a little is left: shared by all.
        excess = flight._excess(speed, turning)
        return flight._stretched(np.full_like(excess, excess.max()))

    @property
    def _gaps(self) -> Floats:
        """Seconds from key to key, and back."""
        gaps = np.diff([key.at for key in self.keys])
        return gaps if self.back is None else np.append(gaps, self.back)

    def _stretched(self, factors: Floats) -> Flight:
        gaps = self._gaps * factors
        times = np.concatenate([[0.0], np.cumsum(gaps)])
        keys = tuple(replace(key, at=float(time)) for key, time in zip(self.keys, times, strict=False))
        return replace(self, keys=keys, back=None if self.back is None else float(gaps[-1]))

    def _excess(self, speed: float, turning: float) -> Floats:
        """For each gap by how many times it is too fast; at least 1."""
        times, values, slopes = self._curve
        steps = np.diff(times) / SAMPLES
        at = times[:-1, None] + steps[:, None] * np.arange(SAMPLES + 1)
        eyes, ahead = _looks(_between(times, values, slopes, at.ravel()))
        shape = (*at.shape, 3)
        fastest = np.linalg.norm(np.diff(eyes.reshape(shape), axis=1), axis=2).max(axis=1, initial=0.0)
        swiftest = np.linalg.norm(np.diff(ahead.reshape(shape), axis=1), axis=2).max(axis=1, initial=0.0)
        return np.maximum(1.0, np.maximum(fastest / speed, np.degrees(swiftest) / turning) / steps)

    @cached_property
    def _curve(self) -> tuple[Floats, Floats, Floats]:
        """Times (n,), values (n, 7) and their slopes (n, 7); a circle has its first key again at the end."""
        poses = [key.pose for key in self.keys]
        times = [key.at for key in self.keys]
        if self.back is not None:
            poses, times = [*poses, poses[0]], [*times, self.seconds]
        values = np.array([_values(pose) for pose in poses])
        values[:, 4] = np.degrees(np.unwrap(np.radians(values[:, 4])))
        return np.array(times), values, _slopes(np.array(times), values, self.back is not None)


class Recorder:
    """Takes down where one goes. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._last = 0.0
        self._present: tuple[Pose, float] | None = None

    def take(self, pose: Pose, now: float) -> None:
        """The pose of a frame; a rest is cut short."""
        self._present = (pose, now)
        if not self._keys or now - self._last >= EVERY:
            self._keep()

    def add(self, pose: Pose, seconds: float) -> None:
        """A pose set by hand, so long after the one before."""
        after = self._keys[-1].at + max(seconds, APART) if self._keys else 0.0
        self._keys.append(Key(after, pose))

    def flight(self, name: str) -> Flight | None:
        """What was taken down, up to the last frame; None: no movement was."""
        self._keep()
        return Flight(tuple(self._keys), name=name) if len(self._keys) > 1 else None

    def _keep(self) -> None:
        """The present pose becomes a key, unless it is that of the last."""
        if self._present is None or (self._keys and self._keys[-1].pose == self._present[0]):
            return
        pose, now = self._present
        self.add(pose, min(now - self._last, PAUSE))
        self._last = now


def _values(pose: Pose) -> list[float]:
    ground = to_ecef(*(np.asarray(value) for value in (math.radians(pose.lon), math.radians(pose.lat), 0.0)))
    return [*map(float, ground), pose.height, pose.heading, pose.tilt, math.log(pose.distance)]


def _pose(values: Floats) -> Pose:
    lon, lat, _ = to_geodetic(values[None, :3])[0]
    height, heading, tilt, distance = map(float, values[3:])
    return Pose(
        math.degrees(lon), math.degrees(lat), height, heading % 360.0, tilt, math.exp(distance)
    ).clamped()


def _looks(values: Floats) -> tuple[Floats, Floats]:
    """(k, 3) eyes, Earth-centred, and (k, 3) unit directions of looking, of (k, 7)."""
    lon, lat, _ = to_geodetic(values[:, :3]).T
    east, north, up = np.moveaxis(east_north_up(lon, lat), 1, 0)
    turn, tilt = np.radians(values[:, 4:5]), np.radians(values[:, 5:6])
    ahead = np.sin(tilt) * (np.sin(turn) * east + np.cos(turn) * north) - np.cos(tilt) * up
    return to_ecef(lon, lat, values[:, 3]) - np.exp(values[:, 6:7]) * ahead, ahead


def _between(times: Floats, values: Floats, slopes: Floats, seconds: Floats) -> Floats:
    """(k, 7): the Hermite polynomials at (k,) times within the flight."""
    i = np.clip(np.searchsorted(times, seconds, "right") - 1, 0, len(times) - 2)
    gap = (times[i + 1] - times[i])[:, None]
    t = (seconds - times[i])[:, None] / gap
    rise, start, end = t * t * (3 - 2 * t), gap * t * (1 - t) ** 2, gap * t * t * (t - 1)
    return values[i] + rise * (values[i + 1] - values[i]) + start * slopes[i] + end * slopes[i + 1]


def _slopes(times: Floats, values: Floats, circle: bool) -> Floats:
    """(n, 7) a second: of the parabola through three keys; nought at the ends of a flight that ends."""
    slopes = np.zeros_like(values)
    if len(times) < 2:
        return slopes
    gaps = np.diff(times)[:, None]
    rates = np.diff(values, axis=0) / gaps
    before, after = rates[:-1], rates[1:]
    g0, g1 = gaps[:-1], gaps[1:]
    if circle:
        before, after = np.vstack([before, rates[-1:]]), np.vstack([after, rates[:1]])
        g0, g1 = np.vstack([g0, gaps[-1:]]), np.vstack([g1, gaps[:1]])
    inner = (before * g1 + after * g0) / (g0 + g1)
    inner[:, 4:] = _calm(inner[:, 4:], before[:, 4:], after[:, 4:])
    slopes[1 : len(inner) + 1] = inner
    if circle:
        slopes[0] = slopes[-1]
    return slopes


def _calm(slopes: Floats, before: Floats, after: Floats) -> Floats:
    """Slopes that do not overshoot: nought at a turning point, three times the flatter side at most (Fritsch
    and Carlson 1980)."""
    most = 3 * np.minimum(np.abs(before), np.abs(after))
    return np.where(before * after <= 0, 0.0, np.clip(slopes, -most, most))
