"""The services of one server, built in one place and handed on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import partial

from console.server.area_edits import AreaEdits
from console.server.areas import AreaIndex
from console.server.changes import LoggedChange
from console.server.db import Database
from console.server.devices import Devices
from console.server.door import Door
from console.server.imports import Imports
from console.server.layers import AREAS_CHANGED, Layers
from console.server.listeners.orders import OrderTexts, staff_names
from console.server.listeners.supervisor import Listeners
from console.server.live.feed import FeedSources
from console.server.live.hub import LiveHub
from console.server.networks import Networks
from console.server.positions.board import PositionBoard
from console.server.positions.feed_datums import FeedDatums, feed_datums
from console.server.positions.history import PositionTables
from console.server.positions.intake import PositionIntake
from console.server.protocols import Protocols
from console.server.rights import Rights
from console.server.search import Search
from console.server.services import Services
from console.server.settings import ServerSettings
from console.server.signin import SignIn


@dataclass(slots=True)
class Core:
    """Everything that endpoints and server halves may need."""

    settings: ServerSettings
    process: str
    """Name of this process among those on the database."""
    database: Database
    rights: Rights
    sign_in: SignIn
    devices: Devices
    areas: AreaIndex
    layers: Layers
    board: PositionBoard
    tables: PositionTables
    intake: PositionIntake
    sources: FeedSources
    hub: LiveHub
    search: Search
    imports: Imports
    feeds: FeedDatums
    door: Door
    networks: Networks
    listeners: Listeners
    protocols: Protocols = field(default_factory=Protocols)
    services: Services = field(default_factory=Services)
    area_edits: AreaEdits = field(default_factory=AreaEdits)


def build_core(settings: ServerSettings) -> Core:
    """Build the services; nothing runs yet and no table is touched."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    process = str(uuid.uuid4())
    database, rights, board = Database(settings.url), Rights(), PositionBoard()
    areas, sources = AreaIndex(database), FeedSources(database)
    layers = Layers(database, areas, settings.data_dir / "layers")
    tables = PositionTables(database, process)
    hub = LiveHub(database, sources, board, settings)
    database.on_commit(hub.wake)
    hub.on_change(lambda change: _tell_layers(layers, change))
    devices, services = Devices(database, settings.device_key), Services()
    intake = PositionIntake(board, tables, settings.position_tick, settings.is_shared)
    feeds = FeedDatums(feed_datums(settings.feed_datums))
    door = Door(devices, intake, feeds)
    listeners = Listeners(door, devices, board, partial(staff_names, database, services))
    hub.on_change(OrderTexts(database, services, listeners).on_change)
    return Core(
        settings=settings,
        process=process,
        database=database,
        rights=rights,
        sign_in=SignIn(database, settings, rights),
        devices=devices,
        areas=areas,
        layers=layers,
        board=board,
        tables=tables,
        intake=intake,
        sources=sources,
        hub=hub,
        search=Search(),
        imports=Imports(database, settings, process),
        feeds=feeds,
        door=door,
        networks=Networks(settings.camera_networks),
        listeners=listeners,
        services=services,
    )


def _tell_layers(layers: Layers, change: LoggedChange) -> None:
    if change.type in {"layer", AREAS_CHANGED}:
        layers.changed(change.record_id if change.type == "layer" else AREAS_CHANGED)
