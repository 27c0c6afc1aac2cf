"""A survey of coverage as it comes in: how soon somebody is at each place along the roads of an area."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import Context, MissingService, OneMapError, Undo
from console.sdk.records import LonLat, Means
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.model import Site, SurveyPart

_FINEST_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is known of the coverage of an area."""

    area: str = ""
    minutes: int = 5
    points: tuple[LonLat, ...] = ()
    seconds: tuple[float | None, ...] = ()
    done: float = 0.0
    """Share of the parts that have come."""
    metres: float = 0.0
    sites: tuple[Site, ...] = ()
    problem: str = ""
    running: bool = False

    @property
    def unreached(self) -> list[int]:
        """Rows that nobody reaches in time."""
        limit = self.minutes * 60
        return [row for row, seconds in enumerate(self.seconds) if seconds is None or seconds > limit]


def own_areas(ctx: Context) -> list[tuple[str, str]]:
    """Codes and names of the user's areas down to communities; codes alone without a directory."""
    try:
        known = [area.code for area in ctx.services.get("areas").all() if len(area.code) <= _FINEST_DIGITS]
        names = ctx.services.get("areas").name
    except MissingService:
        known, names = [], str
    user = ctx.backend.user
    return [(code, names(code)) for code in known or (user.areas if user else ())]


class Surveyor(QObject):
    """Asks part by part and keeps what has come."""

    changed = Signal()

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self.desk = desk
        self.survey = Survey()
        self._asking: Undo | None = None

    def start(self, area: str, minutes: int, busy: bool, means: Means) -> None:
        """Survey *area* anew."""
        self.stop()
        self._show(Survey(area=area, minutes=minutes, running=True))
        self._asking = self.desk.ctx.tasks.start(self._ask(busy, means))

    def stop(self) -> None:
        """Ask no further; what has come stays."""
        if self._asking:
            self._asking()
            self._asking = None
        self._show(replace(self.survey, running=False))

    def clear(self) -> None:
        """Take the picture away."""
        self.stop()
        self._show(Survey(minutes=self.survey.minutes))

    async def _ask(self, busy: bool, means: Means) -> None:
        backend, parts, part = self.desk.ctx.backend, 1, 0
        try:
            while part < parts:
                body: dict[str, Any] = {"area": self.survey.area, "part": part, "busy": busy}
                found = msgspec.convert(await backend.post("/dispatch/coverage", body), SurveyPart)
                parts, part = found.parts, part + 1
                self._show(
                    replace(
                        self.survey,
                        points=self.survey.points + found.points,
                        seconds=self.survey.seconds + found.seconds,
                        metres=found.metres,
                        done=part / max(parts, 1),
                    )
                )
            body = {"area": self.survey.area, "unreached": self.survey.unreached, "means": means.value}
            answer = await backend.post("/dispatch/coverage/sites", body | {"minutes": self.survey.minutes})
            sites = tuple(msgspec.convert(answer, list[Site]))
            self._show(replace(self.survey, sites=sites, running=False))
        except OneMapError as error:
            self._show(replace(self.survey, problem=str(error), running=False))

    def _show(self, survey: Survey) -> None:
        self.survey = survey
        self.changed.emit()
