"""Puts playback together."""

from __future__ import annotations

from console.sdk.records import Role
from console.sdk.server import ServerContext
from plugins.cameras.server.devices.book import DeviceBook
from plugins.cameras.server.playback.desk import ReplayDesk
from plugins.cameras.server.playback.keeping import KeepingDesk, make_keeping_router
from plugins.cameras.server.playback.recorder import RecorderDriver
from plugins.cameras.server.playback.recorders import make_recorder_router
from plugins.cameras.server.playback.routes import make_playback_router
from plugins.cameras.server.view_rules import VIEWERS
from plugins.cameras.server.viewing import Sweeper, ViewingDesk


def add_playback(server: ServerContext, devices: DeviceBook, viewing: ViewingDesk) -> None:
    """Endpoints, the driver ``recorder`` and the service ``cameras.playback``."""
    server.auth.declare("camera.playback", *VIEWERS)
    server.auth.declare("camera.export", Role.DISPATCHER, Role.ADMINISTRATOR)
    devices.register(RecorderDriver(), lists=False)
    desk = ReplayDesk(server, devices, viewing)
    server.provide("cameras.playback", desk)
    server.routes(make_playback_router(server, desk), prefix="/cameras")
    server.routes(make_keeping_router(server, KeepingDesk(server, viewing)), prefix="/cameras")
    server.routes(make_recorder_router(server, devices), prefix="/cameras")
    sweeper = Sweeper(server, desk)
    server.on_start(sweeper.start)
    server.on_stop(sweeper.stop)
