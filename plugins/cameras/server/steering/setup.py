"""Puts steering together."""

from __future__ import annotations

from console.sdk.server import ServerContext
from plugins.cameras.server.devices.book import DeviceBook
from plugins.cameras.server.steering.claims import RECORD, Claims
from plugins.cameras.server.steering.desk import SteeringDesk, Sweeper
from plugins.cameras.server.steering.routes import make_steering_router
from plugins.cameras.server.view_rules import VIEWERS
from plugins.cameras.server.viewing import ViewingDesk


def add_steering(server: ServerContext, devices: DeviceBook, viewing: ViewingDesk) -> None:
    """Endpoints, feed and the service ``cameras.steering``."""
    server.auth.declare("camera.steer", *VIEWERS)
    server.auth.declare(f"{RECORD}.read", *VIEWERS)
    claims = Claims(server, devices, viewing)
    desk = SteeringDesk(server, devices, claims)
    server.feed.provide(RECORD, claims.current, action=f"{RECORD}.read")
    server.provide("cameras.steering", desk)
    server.routes(make_steering_router(server, desk, claims), prefix="/cameras")
    sweeper = Sweeper(server, desk)
    server.on_start(sweeper.start)
    server.on_stop(sweeper.stop)
