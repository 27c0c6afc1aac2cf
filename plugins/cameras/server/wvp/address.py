"""What is told of a platform in one line: where it is, where its pictures may come from, its datum.

``https://10.0.0.5:18080?media=10.0.0.6,10.0.0.7&datum=gcj02``
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit, urlunsplit

from plugins.cameras.server.devices.driver import DeviceFault, Fault

DATUMS = ("wgs84", "gcj02", "bd09", "cgcs2000")


@dataclass(frozen=True, slots=True)
class Place:
    """A platform's address, taken apart."""

    base: str
    """Of its API, without a slash at the end."""
    media: frozenset[str]
    """Hosts that pictures may come from: its own, and those that were named."""
    datum: str
    """Of the coordinates that it tells, a name of ``docs/datums.md``."""


def place_of(address: str) -> Place:
    """Raises DeviceFault for what is no address of a platform."""
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname, parts.port
        more = parse_qs(parts.query, max_num_fields=8)
    except ValueError:
        raise DeviceFault(Fault.UNREACHABLE, "no address of a platform") from None
    datum = more.get("datum", ["wgs84"])[-1].lower()
    signed = parts.username is not None
    if parts.scheme not in ("http", "https") or not host or signed or datum not in DATUMS:
        raise DeviceFault(Fault.UNREACHABLE, "no address of a platform")
    named = {each.strip().lower() for line in more.get("media", []) for each in line.split(",")}
    base = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    return Place(base, frozenset(named - {""} | {host}), datum)
