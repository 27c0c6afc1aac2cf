"""Puts ONVIF together."""

from __future__ import annotations

from collections.abc import Sequence

from console.sdk.server import ServerContext
from plugins.cameras.server.devices.book import DeviceBook
from plugins.cameras.server.devices.desk import DeviceDesk
from plugins.cameras.server.devices.driver import Channel, VideoDevice
from plugins.cameras.server.onvif.discovery import Discovery
from plugins.cameras.server.onvif.driver import OnvifDriver
from plugins.cameras.server.wvp.watch import PlatformWatch


class _Quiet(OnvifDriver):
    """For the watch, which asks time and again."""

    def channels(self, device: VideoDevice) -> Sequence[Channel]:
        return self.watched(device)


def add_onvif(server: ServerContext, devices: DeviceBook, desk: DeviceDesk) -> None:
    """The driver ``onvif``, its search, and the service ``cameras.onvif``, which watches its devices."""
    devices.register(OnvifDriver())
    desk.search.finders.append(Discovery())
    watch = PlatformWatch(server, devices, _Quiet())
    server.provide("cameras.onvif", watch)
    server.on_start(watch.start)
    server.on_stop(watch.stop)
