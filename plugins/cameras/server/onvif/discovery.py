"""Looking for devices by WS-Discovery. Anybody in the network may answer, so nothing of it is believed but
where an answer came from."""

from __future__ import annotations

import select
import socket
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from urllib.parse import unquote, urlsplit

from plugins.cameras.server.devices.driver import DeviceFault
from plugins.cameras.server.devices.searching import Spotted
from plugins.cameras.server.onvif.profiles import tidy
from plugins.cameras.server.onvif.soap import on_host

GROUP, PORT = "239.255.255.250", 3702
LONGEST = 16_384
"""Bytes of an answer."""
EACH = 16
"""Answers of one address that are looked at: a device answers each of three probes, on each interface."""
ANSWERS, DEVICES = 20_000, 2_000
"""That are looked at, and kept, in one search."""


class Discovery:
    """Called with seconds, gives devices; a ``searching.Finder``."""

    def __init__(self, interfaces: Sequence[str] | None = None, port: int = PORT) -> None:
        """*interfaces*: addresses of our own to look from; None: all that there are."""
        self._interfaces, self._port = interfaces, port

    def __call__(self, seconds: float) -> list[Spotted]:
        """By address, each once."""
        from onveef.wsdiscovery import local_ipv4_addresses

        with ExitStack() as stack:
            found = _Found()
            sockets = list[socket.socket]()
            for interface in self._interfaces or local_ipv4_addresses() or ["0.0.0.0"]:  # noqa: S104
                with suppress(OSError):  # one that is down does not hinder the others
                    sockets.append(stack.enter_context(_bound(interface)))
            begin = time.monotonic()
            for part in range(3):  # datagrams get lost
                self._send(sockets, found.probe())
                found.listen(sockets, begin + seconds * (part + 1) / 3)
            return found.spotted()

    def _send(self, sockets: Sequence[socket.socket], probe: bytes) -> None:
        for each in sockets:
            with suppress(OSError):
                each.sendto(probe, (GROUP, self._port))


class _Found:
    def __init__(self) -> None:
        self._asked: list[bytes] = []
        self._by_address: dict[str, Spotted] = {}
        self._senders = Counter[str]()
        self._answers = 0

    def probe(self) -> bytes:
        """A new question; answers to others than ours are not looked at."""
        from onveef.wsdiscovery import build_probe

        message = f"urn:uuid:{uuid.uuid4()}"
        self._asked.append(message.encode())
        return build_probe(message_id=message).encode()

    def listen(self, sockets: Sequence[socket.socket], until: float) -> None:
        """Take what comes."""
        while sockets and self._answers < ANSWERS and (rest := until - time.monotonic()) > 0:
            for each in select.select(sockets, [], [], rest)[0]:
                with suppress(OSError):
                    data, (sender, _) = each.recvfrom(65_536)
                    self._answers += 1
                    self._take(data, sender)
        time.sleep(max(0.0, until - time.monotonic()) if not sockets else 0.0)

    def spotted(self) -> list[Spotted]:
        """By address."""
        return [self._by_address[key] for key in sorted(self._by_address)]

    def _take(self, data: bytes, sender: str) -> None:
        self._senders[sender] += 1
        if len(data) > LONGEST or self._senders[sender] > EACH or len(self._by_address) >= DEVICES:
            return
        if not any(message in data for message in self._asked):
            return
        from onveef.wsdiscovery import parse_probe_matches

        for match in parse_probe_matches(data.decode("utf-8", errors="replace"))[:EACH]:
            address = _address(match.xaddrs, sender)
            if address:
                name, model = (tidy(unquote(each)) for each in (match.name, match.hardware))
                self._by_address[address] = Spotted(driver="onvif", address=address, name=name, model=model)


def _address(told: Sequence[str], sender: str) -> str:
    """The first page among *told*, on the sender's own address; empty: there is none."""
    for each in told[:EACH]:
        with suppress(ValueError, DeviceFault):
            parts = urlsplit(each)
            if parts.scheme in ("http", "https") and parts.hostname and len(each) < 500:
                here = f"{parts.scheme}://{sender}" + (f":{parts.port}" if parts.port else "")
                return on_host(here, each)
    return ""


def _bound(interface: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 2)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        sock.bind((interface, 0))
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock
