"""One TAK client on TCP or TLS, from its first byte to its last."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable

from console.sdk.server import Device, DeviceDoor, Message
from console.server.listeners.cot import writing
from console.server.listeners.cot.events import CotEvent, Credentials, fix_of, owner_of, read_frame
from console.server.listeners.cot.framing import Splitter

log = logging.getLogger(__name__)

_SIGN_IN_SECONDS = 10.0
_IDLE_SECONDS = 600.0
_LOOK_AGAIN_SECONDS = 60.0
"""How soon a device that was taken out of service is sent away."""
_PATIENCE = 256 << 10
"""Bytes that may wait for a client; beyond, positions are left out."""
_MAX_BACKLOG = 1 << 20


class CotSession:
    """*device* is known from the certificate, or None until the client shows its secret."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        door: DeviceDoor,
        device: Device | None,
        address: str,
    ) -> None:
        self._reader, self._writer, self._door = reader, writer, door
        self.device = device
        self._address = address
        self._protobuf = False
        self._sent: dict[int, float] = {}
        self._checked = time.monotonic()

    async def run(self) -> None:
        """Serve until the client goes, keeps silent, or makes no sense."""
        splitter = Splitter()
        if self.device is not None:
            self._greet()
        while data := await self._read():
            for frame in splitter.feed(data):
                said = read_frame(frame)
                if isinstance(said, Credentials):
                    await self._sign_in(said)
                elif self.device is None:
                    self._door.refuse("not_signed_in")
                    return
                else:
                    self._hear(said, self.device)
            await self._look_again()
            await self._writer.drain()

    async def _read(self) -> bytes:
        patience = _SIGN_IN_SECONDS if self.device is None else _IDLE_SECONDS
        async with asyncio.timeout(patience):
            return await self._reader.read(16 << 10)

    async def _sign_in(self, shown: Credentials) -> None:
        """Raises ValueError for strangers, which ends the session."""
        if self.device is None:
            self.device = await self._door.enter(shown.device_id, shown.secret, self._address)
            if self.device is None:
                raise ValueError("unknown device")
            self._greet()

    async def _look_again(self) -> None:
        """Raises ValueError when the device was taken out of service."""
        if self.device is None or time.monotonic() - self._checked < _LOOK_AGAIN_SECONDS:
            return
        self._checked = time.monotonic()
        self.device = await self._door.vouched(self.device.id)
        if self.device is None:
            raise ValueError("the device is disabled")

    def _greet(self) -> None:
        self._write(writing.versions_event(time.time()))

    def _hear(self, event: CotEvent, device: Device) -> None:
        """One event of a client that is signed in."""
        match event.type:
            case "t-x-c-t":
                self._write(writing.pong_event(time.time()))
            case "t-x-takp-q":
                self._negotiate(event)
            case "b-t-f":
                self._take_chat(event, device)
            case _:
                self._take_fix(event, device)

    def _negotiate(self, event: CotEvent) -> None:
        """The answer still goes out as XML, what follows as protobuf."""
        agreed = event.version == 1
        self._write(writing.answer_event(time.time(), agreed))
        self._protobuf = agreed

    def _take_chat(self, event: CotEvent, device: Device) -> None:
        if owner_of(event) != device.id or event.parent not in {"", device.id}:
            self._door.refuse("other_device")
        else:
            self._door.said(device, event.text, event.uid)

    def _take_fix(self, event: CotEvent, device: Device) -> None:
        """Clients also send what they drew on their maps; only what is about themselves counts."""
        try:
            fix = fix_of(event, device.id)
        except ValueError:
            self._door.refuse("not_understood")
            return
        if fix is not None:
            self._door.take(device, [fix])
        elif event.type.startswith(("a-", "b-a-")):
            self._door.refuse("other_device")

    def send_positions(self, rows: Iterable[tuple[int, float, bytes, bytes]]) -> None:
        """(handle, time, XML, protobuf) of those that this client has not yet; none when it is slow."""
        if self._gone or self._backlog > _PATIENCE:
            return
        for handle, at, xml, protobuf in rows:
            if self._sent.get(handle) != at:
                self._sent[handle] = at
                self._put(protobuf if self._protobuf else xml)

    def close(self) -> None:
        """Send the client away."""
        self._writer.close()

    def send_message(self, message: Message) -> None:
        """An order, as chat and as a waypoint."""
        now = time.time()
        self._write(writing.chat_event(message, now))
        if message.where is not None:
            self._write(writing.goal_event(message, message.where, now))

    def _write(self, xml: bytes) -> None:
        if self._backlog > _MAX_BACKLOG:
            self._writer.transport.abort()
        else:
            self._put(writing.as_protobuf(xml) if self._protobuf else xml)

    def _put(self, data: bytes) -> None:
        if not self._gone:
            self._writer.write(data)

    @property
    def _gone(self) -> bool:
        """Whether the client has left; uvloop raises when one writes to it then."""
        return self._writer.is_closing()

    @property
    def _backlog(self) -> int:
        return 0 if self._gone else self._writer.transport.get_write_buffer_size()
