"""Puts platforms together."""

from __future__ import annotations

from console.sdk.server import ServerContext
from plugins.cameras.server.devices.book import DeviceBook
from plugins.cameras.server.wvp.driver import Floats, WvpDriver
from plugins.cameras.server.wvp.watch import PlatformWatch


def add_wvp(server: ServerContext, devices: DeviceBook) -> None:
    """The driver ``wvp``, and the service ``cameras.platforms``."""

    def to_wgs84(datum: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        with server.session(write=False) as session:
            return server.to_wgs84(session, datum, x, y)

    driver = WvpDriver(to_wgs84, server.log)
    devices.register(driver)
    watch = PlatformWatch(server, devices, driver)
    server.provide("cameras.platforms", watch)
    server.on_start(watch.start)
    server.on_stop(watch.stop)
