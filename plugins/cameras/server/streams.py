"""Where the pictures of cameras come from: kept apart from their records, secrets in them sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from sqlalchemy import select

from console.sdk.server import ServerContext, Session, announce
from plugins.cameras.model import Health
from plugins.cameras.server.catalogue import to_record
from plugins.cameras.server.tables import CameraRow, HealthRow, PictureRow, StreamRow

SCHEMES = frozenset({"rtsp", "rtspu", "rtsps", "rtmp", "rtmps", "http", "https", "udp", "rtp", "srt"})
HEARD = frozenset({"udp", "rtp", "srt"})
"""Of these, consoles listen to what comes; the backend asks nobody."""
LONGEST = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Addresses without sign-ins, and the sign-in."""

    main: str
    sub: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def checked(streams: Streams) -> Streams:
    """*streams* with sign-ins taken out of the addresses. Raises ValueError with ``main`` or ``sub``."""
    main, inside = _parted(streams.main, "main")
    sub, also = _parted(streams.sub, "sub") if streams.sub else ("", ("", ""))
    user, password = (streams.user, streams.password) if streams.user else inside if inside[0] else also
    return Streams(main=main, sub=sub, user=user, password=password)


def _parted(url: str, name: str) -> tuple[str, tuple[str, str]]:
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(name) from error
    if parts.scheme.lower() not in SCHEMES or not host or len(url) > LONGEST:
        raise ValueError(name)
    signed = (unquote(parts.username or ""), unquote(parts.password or ""))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])), signed


def spoken(url: str) -> str:
    """*url* as a server hears it: ``rtspu`` is RTSP, of which a player takes the pictures by UDP."""
    return "rtsp" + url.removeprefix("rtspu") if url.startswith("rtspu:") else url


def hosts_of(addresses: str) -> list[str]:
    """Hosts that are asked at *addresses*, parted by blanks. One that cannot be read has an empty name."""
    try:
        parts = [urlsplit(each) for each in addresses.split()]
        return [each.hostname or "" for each in parts if each.scheme.lower() not in HEARD]
    except ValueError:
        return [""]


class StreamBook:
    """Service ``cameras.streams``. Works in the transaction of its caller."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def put(self, session: Session, camera_id: str, streams: Streams | None) -> None:
        """Give a camera its streams, or take them away, and announce whether there are any.

        Raises KeyError for an unknown camera, ValueError with ``main`` or ``sub`` for a bad address.
        """
        camera = session.get(CameraRow, camera_id)
        if camera is None:
            raise KeyError(camera_id)
        before = camera.live, camera.blind
        self.keep(session, camera, streams)
        if (camera.live, camera.blind) != before:
            announce(self._server, session, "camera", camera, to_record)

    def keep(
        self, session: Session, camera: CameraRow, streams: Streams | None, *, first: bool = False
    ) -> None:
        """As ``put``; announcing the camera is left to the caller. *first*: it surely had none."""
        camera.live, camera.blind = streams is not None, ""
        old = (PictureRow,) if streams else (PictureRow, StreamRow, HealthRow)
        for table in () if first else old:
            if row := session.get(table, camera.id):
                session.delete(row)
        if streams is None:
            return
        store = session.add if first else session.merge
        store(self._row(camera.id, checked(streams)))
        store(HealthRow(camera=camera.id, state=Health.UNKNOWN, fault="", fails=0, due=0.0))

    def _row(self, camera_id: str, streams: Streams) -> StreamRow:
        """Queries may hold tokens: an address with one is sealed as a whole."""
        bare = [
            urlunsplit(urlsplit(url)._replace(query="", fragment="")) for url in (streams.main, streams.sub)
        ]
        secret = [streams.user, streams.password]
        if bare != [streams.main, streams.sub]:
            secret += [streams.main, streams.sub]
        sealed = self._server.vault.seal(json.dumps(secret)) if any(secret) else b""
        return StreamRow(camera=camera_id, main=bare[0], sub=bare[1], sealed=sealed)

    def of(self, session: Session, camera_id: str) -> Streams | None:
        """A camera's streams with the sign-in; None when there are none.

        Raises OtherKey.
        """
        row = session.scalar(select(StreamRow).where(StreamRow.camera == camera_id))
        return None if row is None else self.opened(row)

    def opened(self, row: StreamRow) -> Streams:
        """*row* with its secrets. Raises OtherKey."""
        secret = json.loads(self._server.vault.unseal(row.sealed)) if row.sealed else ["", ""]
        user, password, main, sub = secret if len(secret) == 4 else [*secret, row.main, row.sub]
        return Streams(main=main, sub=sub, user=user, password=password)
