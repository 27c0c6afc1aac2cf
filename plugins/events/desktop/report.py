"""Where a new event is: by a click on the map, or at the map's context menu."""

from __future__ import annotations

from console.sdk.records import LonLat
from plugins.events.desktop.desk import EventDesk


async def report_by_click(desk: EventDesk) -> None:
    """Let the user click the place, or aim at it by keys, then show the form; Escape ends it."""
    if not _may(desk):
        return
    where = await desk.ctx.map.pick_point(desk.ctx.tr("Choose where it happened"))
    if where is not None:
        report_at(desk, where)


def report_at(desk: EventDesk, where: LonLat | None) -> None:
    """Show the form for a place."""
    if where is None or not _may(desk):
        return
    desk.ctx.panels.show("onemap.events.events")
    desk.drafted.emit(where)


async def grid_of(desk: EventDesk, where: LonLat) -> str | None:
    """Code of the grid of a place by the map of this machine, so also while cut off.

    Empty when the place lies outside of the user's areas; None when the map does not tell.
    """
    code = await desk.ctx.map.area_at(*where)
    user = desk.ctx.backend.user
    if code is None or user is None or not user.areas:
        return None
    return code if code and any(code.startswith(area) for area in user.areas) else ""


def _may(desk: EventDesk) -> bool:
    if desk.ctx.backend.user is None:
        desk.ctx.notify(desk.ctx.tr("Sign in first"), key="onemap.events.hint")
    elif not desk.may_write:
        desk.ctx.notify(desk.ctx.tr("You may not report events"), key="onemap.events.hint")
    return desk.may_write
