"""Surveys of coverage in parts: a question covers some hundred places, so that the asker sees progress.

Nothing is kept between the parts but the places, which follow from the roads and
the area: any process of the backend answers any part.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from console.sdk.records import Closure, Means
from console.sdk.server import ApiError, Caller, NoRoads, Router, ServerContext, Trip
from plugins.dispatch.model import Site, SurveyPart
from plugins.dispatch.server.chooser import Chooser
from plugins.dispatch.server.coverage import Floats, Ints, most_helpful, road_places, thin
from plugins.dispatch.server.dispatcher import no_roads
from plugins.dispatch.server.ranking import USUAL
from plugins.dispatch.server.ranking_parts import obstacles
from plugins.dispatch.server.ranking_roster import Roster

MOST_PLACES = 1200
PART = 120
MOST_SITES = 150
MOST_UNREACHED = 400
PROPOSALS = 3
_KEPT = 16


@dataclass(frozen=True, slots=True)
class Places:
    """Places along the roads of an area."""

    lonlat: Floats
    metres: float
    """How far apart they are, about."""


class Surveys:
    """Answers parts of surveys. For threads of the pool, not for the event loop."""

    def __init__(self, server: ServerContext, router: Router, chooser: Chooser) -> None:
        self._server = server
        self._router = router
        self._chooser = chooser
        self._lock = threading.Lock()
        self._places: OrderedDict[tuple[str, str], Places] = OrderedDict()

    def part(self, area: str, part: int, busy: bool, caller: Caller) -> SurveyPart:
        """How soon somebody of the caller's staff is at each place of one part. Raises ApiError 409."""
        places = self.places(area)
        points = places.lonlat[part * PART : (part + 1) * PART]
        roster, closures = self._chooser.present(caller)
        seconds = self._soonest(roster, _ready(roster, busy), points, closures)
        return SurveyPart(
            parts=-(-len(places.lonlat) // PART),
            metres=round(places.metres, 1),
            points=tuple((lon, lat) for lon, lat in points.tolist()),
            seconds=tuple(round(s, 1) if np.isfinite(s) else None for s in seconds.tolist()),
        )

    def sites(
        self, area: str, unreached: Sequence[int], minutes: float, means: Means, caller: Caller
    ) -> list[Site]:
        """Where one more, moving by *means*, would reach most of the *unreached* places of *area*."""
        places = self.places(area).lonlat
        rows = np.unique(np.array([row for row in unreached if row < len(places)], np.int64))
        share = max(len(rows) / MOST_UNREACHED, 1.0)
        asked = rows[(np.arange(min(len(rows), MOST_UNREACHED)) * share).astype(np.int64)]
        stand, _ = thin(places[rows], MOST_SITES)
        if not len(stand):
            return []
        roster, closures = self._chooser.present(caller)
        reach = self._matrix(stand, places[asked], means, closures, roster.trip) <= minutes * 60
        return [
            Site(where=(float(stand[site, 0]), float(stand[site, 1])), places=round(len(added) * share))
            for site, added in most_helpful(reach, PROPOSALS)
        ]

    def places(self, area: str) -> Places:
        """The places of *area*, kept for the next part. Raises ApiError 409 without roads."""
        key = (self._server.layers.version("road"), area)
        with self._lock:
            if key not in self._places:
                self._places[key] = self._make(area)
                while len(self._places) > _KEPT:
                    self._places.popitem(last=False)
            self._places.move_to_end(key)
            return self._places[key]

    def _make(self, area: str) -> Places:
        layer = self._server.layers.load("road")
        if layer is None or not len(layer):
            raise no_roads()
        every = road_places(layer)
        every, _ = thin(every, len(every))
        inside = [code.startswith(area) for code in self._server.layers.areas_at(every)]
        return Places(*thin(every[np.array(inside, bool)], MOST_PLACES))

    def _soonest(self, roster: Roster, rows: Ints, points: Floats, closures: Sequence[Closure]) -> Floats:
        """Seconds until the first of *rows* is at each of *points*; inf where none comes."""
        soonest = np.full(len(points), np.inf)
        for means in {roster.staff[row].means for row in rows.tolist()}:
            same = [row for row in rows.tolist() if roster.staff[row].means is means]
            seconds = self._matrix(roster.lonlat[same], points, means, closures, roster.trip)
            soonest = np.minimum(soonest, seconds.min(axis=0))
        return soonest

    def _matrix(
        self, starts: Floats, goals: Floats, means: Means, closures: Sequence[Closure], trip: Trip
    ) -> Floats:
        try:
            return self._router.matrix(starts, goals, means, closures, trip=trip).seconds
        except NoRoads as error:
            raise no_roads() from error
        except OSError as error:
            raise ApiError(503, "router_down", "No router answers", "路网服务无响应") from error


def _ready(roster: Roster, busy: bool) -> Ints:
    """Rows of those who could go now; those with a job only when *busy*."""
    why_not = obstacles(roster, np.zeros(len(roster.staff)), USUAL)
    free = [why is None and (busy or not m.job) for why, m in zip(why_not, roster.staff, strict=True)]
    return np.flatnonzero(np.array(free, bool))
