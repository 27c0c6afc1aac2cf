"""Desktop half of the staff plugin: one desk, with a layer, trail, alarm and panel around it."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.staff.desktop.alarms.panel import AlarmPanel
from plugins.staff.desktop.alarms.quiet import Alarms
from plugins.staff.desktop.alarms.sos import Sos
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.duty.panel import DutyPanel
from plugins.staff.desktop.ghosts import Ghosts
from plugins.staff.desktop.layer import StaffLayer
from plugins.staff.desktop.limits.desk import Limits
from plugins.staff.desktop.panel import StaffPanel
from plugins.staff.desktop.patrols.desk import PatrolsDesk
from plugins.staff.desktop.patrols.panel import PatrolsPanel
from plugins.staff.desktop.tracks.desk import TracksDesk
from plugins.staff.desktop.tracks.layer import TracksLayer
from plugins.staff.desktop.tracks.panel import TracksPanel
from plugins.staff.desktop.trail import Trail
from plugins.staff.desktop.workload.panel import WorkloadPanel


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panels."""
    desk = Desk(ctx)
    layer, alarms = StaffLayer(desk), Alarms(desk)
    parts: list[Any] = [desk, layer, Ghosts(desk), Trail(desk), Sos(desk), alarms]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active
    ctx.panels.bind("onemap.staff.staff", lambda: StaffPanel(desk))
    ctx.panels.bind("onemap.staff.alarms", lambda: AlarmPanel(alarms))
    tracks = TracksDesk(desk)
    tracks_layer = TracksLayer(tracks)
    ctx.panels.bind("onemap.staff.tracks", lambda: TracksPanel(desk, tracks, tracks_layer))
    patrols = PatrolsDesk(desk)
    ctx.panels.bind("onemap.staff.patrols", lambda: PatrolsPanel(desk, patrols))
    ctx.panels.bind("onemap.staff.workload", lambda: WorkloadPanel(desk))
    limits = Limits(desk)
    ctx.panels.bind("onemap.staff.duty", lambda: DutyPanel(desk, limits))
    ctx.commands.bind("onemap.staff.show", lambda: _with_selected(desk, desk.jump))
    ctx.commands.bind("onemap.staff.follow", lambda: _with_selected(desk, layer.follow))
    ctx.commands.bind("onemap.staff.stop_following", lambda: layer.follow(None))
    ctx.commands.bind("onemap.staff.trail", lambda: _toggle_trail(ctx))


def _with_selected(desk: Desk, act: Any) -> None:
    """Run *act* with the selected person, or say that there is none."""
    if desk.selected is None:
        desk.ctx.notify(desk.ctx.tr("Select a person first"), key="onemap.staff.select_first")
    else:
        act(desk.selected)


def _toggle_trail(ctx: Context) -> None:
    ctx.settings.set("show_trail", not ctx.settings.get("show_trail"))
