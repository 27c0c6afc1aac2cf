"""TAK's multicast: every client on the net hears everybody, and anybody can claim any name.

So a device is taken only from the one address that it was pinned to, and its fixes are
marked as not vouched for. Nothing of ours is sent there.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from console.sdk.server import DeviceDoor, PositionSource
from console.server.listeners.cot.events import CotEvent, fix_of, owner_of, read_frame
from console.server.listeners.cot.framing import datagram_frame
from console.server.listeners.settings import CotSettings

_MAX_WAITING = 2000


@asynccontextmanager
async def listen_mesh(settings: CotSettings, door: DeviceDoor) -> AsyncIterator[None]:
    """Take datagrams while the block runs. Raises OSError when the group can't be joined."""
    mesh = _Mesh(door)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: mesh, sock=_joined(settings))
    work = asyncio.create_task(_take_all(mesh.waiting, settings, door))
    try:
        yield
    finally:
        work.cancel()
        transport.close()


class _Mesh(asyncio.DatagramProtocol):
    def __init__(self, door: DeviceDoor) -> None:
        self._door = door
        self.waiting: asyncio.Queue[tuple[bytes, str]] = asyncio.Queue(_MAX_WAITING)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.waiting.full():
            self._door.refuse("too_many")
        else:
            self.waiting.put_nowait((data, addr[0]))


async def _take_all(
    waiting: asyncio.Queue[tuple[bytes, str]], settings: CotSettings, door: DeviceDoor
) -> None:
    while True:
        data, address = await waiting.get()
        try:
            await take_datagram(data, address, settings, door)
        except ValueError:
            door.refuse("not_understood")


async def take_datagram(data: bytes, address: str, settings: CotSettings, door: DeviceDoor) -> None:
    """One datagram. Raises ValueError for what is no event."""
    event = read_frame(datagram_frame(data))
    if not isinstance(event, CotEvent) or not event.type.startswith(("a-", "b-a-")):
        return
    device_id = owner_of(event)
    if settings.pinned.get(device_id) != address:
        door.refuse("other_device")
        return
    device = await door.vouched(device_id)
    fix = fix_of(event, device_id)
    if device is not None and fix is not None:
        door.take(device, [replace(fix, source=PositionSource.MESH, vouched=False)])


def _joined(settings: CotSettings) -> socket.socket:
    assert settings.multicast is not None
    group, port = settings.multicast
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((group if sys.platform == "linux" else "", port))  # Linux: the group's datagrams only
    member = socket.inet_aton(group) + socket.inet_aton(settings.interface)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    made.setblocking(False)
    return made
