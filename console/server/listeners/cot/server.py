"""TAK clients by TCP, TLS and multicast; positions and orders go out to those who signed in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np

from console.sdk.server import Device, DeviceDoor
from console.server.listeners.cot import writing
from console.server.listeners.cot.mesh import listen_mesh
from console.server.listeners.cot.session import CotSession
from console.server.listeners.settings import Address, CotSettings

log = logging.getLogger(__name__)

_TICK = 2.0
_FRESH_SECONDS = 300.0
"""Older positions are not sent: the person may be off duty since."""
_NAMES_SECONDS = 60.0
_MAX_SESSIONS = 2000
_MAX_UNKNOWN = 64
"""Connections that have not signed in yet."""
Row = tuple[int, float, bytes, bytes]


class CotServer:
    """All TAK clients of this process."""

    def __init__(self, settings: CotSettings, door: DeviceDoor) -> None:
        self._settings, self._door = settings, door
        self._sessions: set[CotSession] = set()
        self._names: dict[int, tuple[str, str]] = {}
        self._names_until = 0.0

    async def listen(self) -> None:
        """Serve until cancelled. Raises OSError when an address is taken, ssl.SSLError for bad files."""
        async with contextlib.AsyncExitStack() as stack:
            if self._settings.tcp:
                await stack.enter_async_context(self._serve(self._settings.tcp, None))
            if self._settings.tls:
                await stack.enter_async_context(self._serve(self._settings.tls, _tls(self._settings)))
            if self._settings.multicast:
                await stack.enter_async_context(listen_mesh(self._settings, self._door))
            self._door.ready()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send_positions())
                tasks.create_task(self._send_messages())

    @asynccontextmanager
    async def _serve(self, address: Address, tls: ssl.SSLContext | None) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._meet, *address, ssl=tls, limit=64 << 10)
        try:
            yield
        finally:
            server.close()
            for session in list(self._sessions):
                session.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection; nothing that a client does ends more than itself."""
        address = str((writer.get_extra_info("peername") or ("",))[0])
        device = None
        try:
            if name := _certified_name(writer):
                device = await self._door.vouched(name)
            if self._has_room(device) and (device is not None or not name):
                await self._serve_one(CotSession(reader, writer, self._door, device, address))
        except ValueError as error:
            self._door.refuse("not_understood")
            log.info("TAK client at %s: %s", address, error)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            log.debug("TAK client at %s: %s", address, type(error).__name__)
        finally:
            writer.close()

    def _has_room(self, device: Device | None) -> bool:
        unknown = sum(session.device is None for session in self._sessions)
        room = len(self._sessions) < _MAX_SESSIONS and (device is not None or unknown < _MAX_UNKNOWN)
        if not room:
            self._door.refuse("too_many")
        return room

    async def _serve_one(self, session: CotSession) -> None:
        self._sessions.add(session)
        try:
            await session.run()
        finally:
            self._sessions.discard(session)
            if session.device is not None:
                self._door.lost(session.device)

    async def _send_messages(self) -> None:
        while True:
            message = await self._door.next_message()
            for session in list(self._sessions):
                if session.device is not None and session.device.id == message.device.id:
                    session.send_message(message)

    async def _send_positions(self) -> None:
        """Every other second: what is new in each client's area, encoded once an area."""
        while True:
            await asyncio.sleep(_TICK)
            by_area: dict[str, list[CotSession]] = {}
            for session in self._sessions:
                if session.device is not None:
                    by_area.setdefault(session.device.area, []).append(session)
            for area, sessions in by_area.items():
                rows = await self._rows(area)
                for session in sessions:
                    own = session.device.handle if session.device else 0
                    session.send_positions(row for row in rows if row[0] != own)

    async def _rows(self, area: str) -> list[Row]:
        found = self._door.latest([area], time.time() - _FRESH_SECONDS)
        handles = found.handle.tolist()
        await self._learn_names(handles)
        rows: list[Row] = []
        for number, handle in enumerate(handles):
            if handle in self._names:
                xml = writing.position_event(*self._names[handle], found.only(np.array([number])))
                rows.append((handle, float(found.time[number]), xml, writing.as_protobuf(xml)))
        return rows

    async def _learn_names(self, handles: list[int]) -> None:
        if time.monotonic() > self._names_until:
            self._names, self._names_until = {}, time.monotonic() + _NAMES_SECONDS
        if missing := [handle for handle in handles if handle not in self._names]:
            self._names |= await self._door.who(missing)


def _tls(settings: CotSettings) -> ssl.SSLContext:
    """Only clients with a certificate of our own authority come in."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=settings.ca)
    context.load_cert_chain(settings.certificate, settings.key)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _certified_name(writer: asyncio.StreamWriter) -> str:
    """Common name of the client's certificate, or empty on TCP."""
    certificate = writer.get_extra_info("peercert") or {}
    names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
    return names[0] if names else ""
