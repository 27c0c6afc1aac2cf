"""Keeps what can be snapped to up to date with the view, on a thread of its own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from console.map.editing.faults import geod
from console.map.editing.snap_index import Packages, Snap, SnapIndex, Source, build_index
from console.map.editing.strokes import Spot
from console.map.viewport import Bounds, Viewport
from console.model.records import LonLat

AROUND = 0.5
"""Share of the view on each side that is known beyond it."""
NEARER = 1.0
"""Zoom levels after which it is made anew: from far, crowded layers are left out."""
LOOK_AGAIN = 1.0
"""Seconds between looks at whether layers have changed."""
log = logging.getLogger(__name__)


class Snapper:
    """``look_at`` the view, then ``find``; all methods are for the GUI thread and wait for nothing."""

    def __init__(self, sources: Callable[[], Sequence[Source]], without: frozenset[Spot]) -> None:
        self._sources, self._without = sources, without
        self._packages = Packages()
        self._thread = ThreadPoolExecutor(1, "onemap-snap")
        self._thread.submit(geod)
        self._index: SnapIndex | None = None
        self._coming: Future[SnapIndex] | None = None
        self._known: tuple[Bounds, float, list[Source]] | None = None
        """Area, zoom and layers of what is known or coming."""
        self._looked = 0.0

    @property
    def ready(self) -> bool:
        """Whether what is in view has been read."""
        return self._index is not None and self._coming is None

    def look_at(self, viewport: Viewport) -> None:
        """Have what is in the view known soon."""
        if self._coming is not None:
            if not self._coming.done():
                return
            self._take(self._coming)
        now, known = time.monotonic(), self._known
        seen = known is not None and _within(viewport.bounds, known[0])
        near = known is not None and viewport.zoom - known[1] < NEARER
        if seen and near and now - self._looked < LOOK_AGAIN:
            return
        self._looked = now
        sources = list(self._sources())
        if known is None or not seen or not near or not _same(known[2], sources):
            area = _widened(viewport.bounds)
            self._known = area, viewport.zoom, sources
            self._coming = self._thread.submit(build_index, sources, self._packages, area, self._without)

    def _take(self, done: Future[SnapIndex]) -> None:
        self._coming = None
        if (error := done.exception()) is not None:
            log.error("what can be snapped to is not known", exc_info=error)
        else:
            self._index = done.result()

    def find(self, place: LonLat, reach: float) -> Snap | None:
        """The nearest vertex within *reach* world units, else the nearest place on an edge."""
        return self._index.find(place, reach) if self._index is not None else None

    def close(self) -> None:
        """End the thread when it has done what it is at; nobody waits for it."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _same(before: list[Source], now: list[Source]) -> bool:
    """Lines of shapes that changed are other arrays."""
    return len(before) == len(now) and all(map(_unchanged, before, now))


def _unchanged(a: Source, b: Source) -> bool:
    files = (a.packages, a.version, len(a.lines)) == (b.packages, b.version, len(b.lines))
    return files and all(x is y for x, y in zip(a.lines, b.lines, strict=True))


def _within(inner: Bounds, outer: Bounds) -> bool:
    low = all(a >= b for a, b in zip(inner[:2], outer[:2], strict=True))
    return low and all(a <= b for a, b in zip(inner[2:], outer[2:], strict=True))


def _widened(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    across, up = (east - west) * AROUND, (north - south) * AROUND
    return west - across, south - up, east + across, north + up
