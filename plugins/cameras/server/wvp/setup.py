"""Puts platforms together."""

from __future__ import annotations

from console.sdk.server import ServerContext
from plugins.cameras.server.devices.book import DeviceBook
from plugins.cameras.server.wvp.driver import Floats, WvpDriver


def add_wvp(server: ServerContext, devices: DeviceBook) -> None:
    """The driver ``wvp``."""

    def to_wgs84(datum: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        with server.session(write=False) as session:
            return server.to_wgs84(session, datum, x, y)

    devices.register(WvpDriver(to_wgs84, server.log))
