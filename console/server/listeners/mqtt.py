"""OwnTracks by MQTT: phones publish to a broker, we read there and send orders back.

The topic is ``owntracks/USER/DEVICE``, and USER is the device's id here. Who may publish
under which USER is the broker's business, so its ACL must tie it to the sign-in (trust
``broker``), or every message must be sealed with the key of its device (trust ``encrypted``).
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import OrderedDict
from typing import Any

import aiomqtt
import msgspec

from console.sdk.server import Device, DeviceDoor, Message
from console.server.listeners.settings import MqttSettings
from console.server.protocols.owntracks import fix_of, is_encrypted, read_messages, seal

log = logging.getLogger(__name__)

TOPICS = ("owntracks/+/+", "owntracks/+/+/event")
"""Places and last wills; transitions. Waypoints say where something else is, so they stay out."""
MAX_PAYLOAD = 64 << 10
_MAX_WAITING = 20_000
_MAX_NAMES = 50_000


def _client(settings: MqttSettings) -> aiomqtt.Client:
    """A session that the broker keeps, so that nothing is lost while the backend is away."""
    return aiomqtt.Client(
        settings.host,
        settings.port,
        username=settings.user or None,
        password=settings.password or None,
        identifier=settings.client,
        clean_session=False,
        tls_context=ssl.create_default_context(cafile=settings.ca or None) if settings.tls else None,
        keepalive=30,
        timeout=10,
        max_queued_incoming_messages=_MAX_WAITING,
        logger=log,
    )


class MqttListener:
    """One broker; remembers over its breaks by which topics the devices are reached."""

    def __init__(self, settings: MqttSettings, door: DeviceDoor) -> None:
        self._settings, self._door = settings, door
        self._topics: OrderedDict[str, str] = OrderedDict()
        """The last topic of each device, for orders."""

    async def listen(self) -> None:
        """Read and send until the connection breaks. Raises aiomqtt.MqttError, in a group or alone."""
        async with _client(self._settings) as client:
            for topic in TOPICS:
                await client.subscribe(topic, qos=1)
            self._door.ready()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send_orders(client))
                tasks.create_task(self._read(client))

    async def _read(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            payload = message.payload
            await self.take(message.topic.value, payload if isinstance(payload, bytes) else b"")

    async def take(self, topic: str, payload: bytes) -> None:
        """One message; whatever is wrong with it is counted, and the next one goes on."""
        parts = topic.split("/")
        if len(payload) > MAX_PAYLOAD:
            self._door.refuse("too_large")
        elif len(parts) >= 3 and payload.strip():
            try:
                await self._take_body(parts[1], "/".join(parts[:3]), payload)
            except ValueError:
                self._door.refuse("not_understood")

    async def _take_body(self, user: str, topic: str, payload: bytes) -> None:
        """Raises ValueError for what is no message or cannot be decrypted."""
        sealed = is_encrypted(payload)
        if not sealed and self._settings.trust == "encrypted":
            self._door.refuse("not_encrypted")
            return
        device = await self._door.vouched(user)
        if device is None:
            return
        key = await self._door.message_key(user) if sealed else b""
        messages = read_messages(payload, key or b"")
        self._remember(device, topic)
        fixes = [fix for message in messages if (fix := fix_of(message)) is not None]
        if fixes:
            self._door.take(device, fixes)
        elif any(message["_type"] == "lwt" for message in messages):
            self._door.lost(device)

    def _remember(self, device: Device, topic: str) -> None:
        self._topics[device.id] = topic
        self._topics.move_to_end(device.id)
        if len(self._topics) > _MAX_NAMES:
            self._topics.popitem(last=False)

    async def _send_orders(self, client: aiomqtt.Client) -> None:
        """Publish orders to the phones that have been heard of; what fails waits for the next connection."""
        while True:
            message = await self._door.next_message()
            try:
                await self._send(client, message)
            except aiomqtt.MqttError:
                self._door.keep(message)
                raise

    async def _send(self, client: aiomqtt.Client, message: Message) -> None:
        topic = self._topics.get(message.device.id)
        if topic is None:
            return  # it reports another way
        sealed = self._settings.trust == "encrypted"
        key = await self._door.message_key(message.device.id) if sealed else None
        if sealed and key is None:
            return  # taken out of service meanwhile
        for command in commands(message):
            body = seal(command, key) if key else msgspec.json.encode(command)
            await client.publish(f"{topic}/cmd", body, qos=1)


def commands(message: Message) -> list[dict[str, Any]]:
    """OwnTracks' commands for an order: its text (iOS shows it), its place as a waypoint (both)."""
    found: list[dict[str, Any]] = [{"_type": "cmd", "action": "action", "content": message.text}]
    if message.where is not None:
        lon, lat = message.where
        point = {
            "_type": "waypoint",
            "desc": message.text[:100],
            "lat": lat,
            "lon": lon,
            "rad": 50,
            "tst": int(message.at),
            "rid": message.id,
        }
        waypoints = {"_type": "waypoints", "waypoints": [point]}
        found.append({"_type": "cmd", "action": "setWaypoints", "waypoints": waypoints})
    return found
