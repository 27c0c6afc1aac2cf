"""Which hosts the backend may talk to on behalf of its users: cameras, recorders, platforms.

Who may add a camera could else have the backend ask any host and port and read from its answers what is
there (server-side request forgery, OWASP Top 10 2021, A10).
"""

from __future__ import annotations

import ipaddress
import socket

from console.server.settings import PRIVATE, SettingError

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Networks:
    """Implements sdk.server.Networks. *text*: networks, addresses and names, parted by commas.

    ``10.20.0.0/16, 192.0.2.7, recorder.example``; empty: the private networks without the own machine.
    Raises SettingError.
    """

    def __init__(self, text: str = "") -> None:
        self._names = set[str]()
        self._networks = list[_Network]()
        for each in (text or PRIVATE).split(","):
            if word := each.strip().lower():
                self._add(word)

    def _add(self, word: str) -> None:
        try:
            self._networks.append(ipaddress.ip_network(word))
        except ValueError:
            if "/" in word or ":" in word or word.replace(".", "").isdigit() or len(word) > 253:
                raise SettingError(f"ONEMAP_CAMERA_NETWORKS: {word[:60]} is no network") from None
            self._names.add(word)

    def permits(self, host: str) -> bool:
        """Whether the backend may talk to *host*. Asks name servers, which may take seconds.

        A name that leads nowhere is permitted: that nobody answers there is seen by who asks.
        """
        literal = _literal(host)
        if literal:
            return self._holds(literal)
        return bool(host) and (host.lower() in self._names or all(map(self._holds, _resolved(host))))

    def bars(self, host: str) -> bool:
        """Whether it surely may not, at once: what a name leads to is seen when it is talked to."""
        literal = _literal(host)
        return literal is not None and not self._holds(literal)

    def _holds(self, address: _Address) -> bool:
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(plain in network for network in self._networks)


def _literal(host: str) -> _Address | None:
    """*host* as the system reads it: ``127.1`` and ``0x7f000001`` are addresses, too."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.ip_address(socket.inet_aton(host)) if host.isascii() else None
    except OSError:
        return None


def _resolved(host: str) -> list[_Address]:
    """None of a name that nobody knows."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
