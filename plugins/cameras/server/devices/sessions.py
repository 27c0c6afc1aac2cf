"""Live pictures that a platform was asked to send: ended when nobody has a ticket for them any more."""

from __future__ import annotations

import threading
import time

from sqlalchemy import select

from console.sdk.server import ServerContext
from plugins.cameras.server.devices.book import DeviceBook, Link
from plugins.cameras.server.devices.driver import DeviceFault
from plugins.cameras.server.streams import Streams
from plugins.cameras.server.tables import ViewingRow

GRACE = 15.0
"""Seconds that a picture goes on with nobody looking: who goes back finds it; a ticket may be on its way."""


class LiveSessions:
    """Knows what this backend has begun. A platform ends by itself what a backend that died has left."""

    def __init__(self, server: ServerContext, book: DeviceBook) -> None:
        self._server, self._book = server, book
        self._lock = threading.Lock()
        self._begun: dict[str, tuple[Link, float]] = {}

    def begin(self, link: Link) -> Streams:
        """Where the picture is. Takes as long as the device; not inside a transaction. Raises DeviceFault."""
        streams = self._book.driver(link.device).streams(link.device, link.channel)
        with self._lock:
            self._begun[link.camera] = (link, time.monotonic())
        return streams

    def sweep(self) -> None:
        """End what nobody looks at; called every few seconds."""
        now = time.monotonic()
        with self._lock:
            old = {camera: link for camera, (link, at) in self._begun.items() if now - at > GRACE}
        if not old:
            return
        with self._server.session(write=False) as session:
            query = select(ViewingRow.camera).where(ViewingRow.ended.is_(None), ViewingRow.camera.in_(old))
            watched = set(session.scalars(query))
        for camera in old.keys() - watched:
            self._end(camera)

    def _end(self, camera: str) -> None:
        with self._lock:
            link, at = self._begun[camera]
            if time.monotonic() - at < GRACE:
                return  # somebody asked again meanwhile
            del self._begun[camera]
        try:
            self._book.driver(link.device).ended(link.device, link.channel)
        except DeviceFault as fault:  # the platform ends what nobody fetches
            self._server.log.info("a live picture was not ended: %s", fault.fault)
