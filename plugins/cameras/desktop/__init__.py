"""Desktop half of the cameras plugin: one desk, with layers and panels around it."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.devices.panel import DevicesPanel
from plugins.cameras.desktop.drones.fleet import Fleet
from plugins.cameras.desktop.drones.layer import DroneLayer
from plugins.cameras.desktop.gone.desk import GoneDesk
from plugins.cameras.desktop.gone.panel import PANEL as GONE
from plugins.cameras.desktop.gone.panel import GonePanel
from plugins.cameras.desktop.layer import CameraLayer, StationLayer
from plugins.cameras.desktop.live.panel import LivePanel
from plugins.cameras.desktop.live.wall import PANEL as LIVE
from plugins.cameras.desktop.live.wall import LiveDesk
from plugins.cameras.desktop.map.fields import FieldsLayer
from plugins.cameras.desktop.map.floating import FloatingPictures
from plugins.cameras.desktop.map.hover import Hover
from plugins.cameras.desktop.map.memory import FilterMemory
from plugins.cameras.desktop.map.told import FilterNotice
from plugins.cameras.desktop.near import PANEL, NearPlace
from plugins.cameras.desktop.near_panel import NearPanel
from plugins.cameras.desktop.panel import CameraPanel
from plugins.cameras.desktop.playback.deck import PANEL as PLAYBACK
from plugins.cameras.desktop.playback.deck import Deck
from plugins.cameras.desktop.playback.panel import PlaybackPanel
from plugins.cameras.desktop.selecting.selector import Selector
from plugins.cameras.desktop.service import CameraService
from plugins.cameras.desktop.sight import geod


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panels."""
    desk = Desk(ctx)
    ctx.tasks.start(_load(ctx))
    near = NearPlace(desk)
    live = LiveDesk(desk)
    fleet = Fleet(desk)
    live.told.connect(fleet.hear)
    deck, gone = Deck(desk), GoneDesk(desk)
    layer = CameraLayer(desk)
    layer.on_open(live.show_selected)
    selector = Selector(desk, live)
    parts: list[Any] = [desk, layer, StationLayer(desk), near, live, deck, gone, selector]
    parts += [fleet, DroneLayer(desk, fleet), FieldsLayer(desk)]
    parts += [
        FilterMemory(desk),
        FilterNotice(desk),
        Hover(desk, layer, live, gone),
        FloatingPictures(desk, layer, live),
    ]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active
    ctx.panels.bind("onemap.cameras.cameras", lambda: CameraPanel(desk))
    ctx.services.provide("cameras", CameraService(desk, near, live, selector))
    ctx.panels.bind(PANEL, lambda: NearPanel(desk, near, selector))
    ctx.panels.bind("onemap.cameras.devices", lambda: DevicesPanel(desk))
    ctx.panels.bind(LIVE, lambda: LivePanel(desk, live))
    ctx.panels.bind(PLAYBACK, lambda: PlaybackPanel(deck))
    ctx.panels.bind(GONE, lambda: GonePanel(desk, gone, live))
    ctx.commands.bind("onemap.cameras.show", lambda: _show_selected(desk))


async def _load(ctx: Context) -> None:
    """Load what the first selected camera needs, off the GUI thread."""
    await ctx.tasks.run(geod)


def _show_selected(desk: Desk) -> None:
    if desk.selected is None:
        desk.ctx.notify(desk.ctx.tr("Select a camera first"), key="onemap.cameras.select_first")
    else:
        desk.jump(desk.selected)
