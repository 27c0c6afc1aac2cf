"""Which of the built-in listeners run. Their libraries are imported when they start, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.sdk.server import DeviceDoor, Listener
from console.server.core import Core
from console.server.listeners.settings import (
    CotSettings,
    GtfsSettings,
    MqttSettings,
    cot_settings,
    gtfs_settings,
    mqtt_settings,
)
from console.server.settings import SettingError

if TYPE_CHECKING:
    from console.server.listeners.mqtt import MqttListener


def add_listeners(core: Core) -> None:
    """Add those that are set up. Raises SettingError."""
    listening = core.settings.listening
    if mqtt := mqtt_settings(listening):
        if mqtt.trust == "encrypted" and not core.settings.device_key:
            raise SettingError("ONEMAP_MQTT_TRUST=encrypted needs ONEMAP_DEVICE_KEY")
        core.listeners.add("mqtt", _mqtt(mqtt))
    if cot := cot_settings(listening):
        core.listeners.add("cot", _cot(cot))
    if gtfs := gtfs_settings(listening):
        core.listeners.add("gtfs", _gtfs(gtfs))


def _mqtt(settings: MqttSettings) -> Listener:
    listener: MqttListener | None = None

    async def listen(door: DeviceDoor) -> None:
        nonlocal listener
        from console.server.listeners.mqtt import MqttListener

        listener = listener or MqttListener(settings, door)
        await listener.listen()

    return listen


def _cot(settings: CotSettings) -> Listener:
    async def listen(door: DeviceDoor) -> None:
        from console.server.listeners.cot.server import CotServer

        await CotServer(settings, door).listen()

    return listen


def _gtfs(settings: GtfsSettings) -> Listener:
    async def listen(door: DeviceDoor) -> None:
        from console.server.listeners.gtfs import poll_vehicles

        await poll_vehicles(settings, door)

    return listen
