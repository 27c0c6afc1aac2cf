"""Tells a request for help to who can answer it, and the answer to the station that asked."""

from __future__ import annotations

from console.sdk import Change, Severity
from console.sdk.records import HelpRequest, HelpState
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.stations import PANEL

_ANSWERS: dict[HelpState, tuple[str, Severity]] = {
    HelpState.GRANTED: ("Help is granted: {what}", Severity.SUCCESS),
    HelpState.DECLINED: ("Help is declined: {what}", Severity.WARNING),
}


class HelpNews:
    """Follows the live requests; open ones are counted on the panel's tab."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._desk = desk
        self._states = {request.id: request.state for request in desk.requests.all()}
        desk.requests.on_change(self._look)
        self._count()

    def _look(self, change: Change) -> None:
        for request_id in change.put:
            request: HelpRequest | None = self._desk.requests.get(request_id)
            if request is None:
                continue
            before = self._states.get(request_id)
            self._states[request_id] = request.state
            if not change.reset and before is not request.state:
                self._tell(request)
        self._count()

    def _tell(self, request: HelpRequest) -> None:
        desk, tr, user = self._desk, self._desk.ctx.tr, self._desk.ctx.backend.user
        asked_here = user is not None and request.area in user.areas
        if request.state is HelpState.OPEN and not asked_here:
            words, severity = "{station} asks for help: {what}", Severity.WARNING
        elif request.state in _ANSWERS and asked_here:
            words, severity = _ANSWERS[request.state]
        else:
            return  # what was done here is no news
        desk.ctx.notify(
            tr(words, station=desk.area_name(request.area), what=request.what),
            severity,
            detail=request.answer,
            action=(tr("Show"), lambda: desk.ctx.panels.show(PANEL)),
            key=f"onemap.dispatch.help.{request.id}",
        )

    def _count(self) -> None:
        waiting = sum(request.state is HelpState.OPEN for request in self._desk.requests.all())
        self._desk.ctx.panels.set_badge(PANEL, str(waiting) if waiting else "")
