"""Reads that can be ended from outside: what blocks in a socket is let go only by its shutdown."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Read:
    """One read under way."""

    def __init__(self) -> None:
        self.ended = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def uses(self, connection: socket.socket | None) -> None:
        """It waits for *connection* now."""
        with self._lock:
            self._socket = connection
        if self.ended:
            self.end()

    def end(self) -> None:
        """Make it raise, from any thread."""
        self.ended = True
        with self._lock, contextlib.suppress(OSError):
            if self._socket is not None:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # not TLS's, which waits for locks


class _Current(threading.local):
    read: Read | None = None


current = _Current()
"""The read of this thread."""


def _tell(connection: Any) -> None:
    """The read of this thread hears which socket it waits for."""
    if current.read is not None:
        current.read.uses(connection.sock)


class _Plain(HTTPConnection):
    def request(self, *args: Any, **named: Any) -> None:
        super().request(*args, **named)
        _tell(self)


class _Secure(HTTPSConnection):
    def request(self, *args: Any, **named: Any) -> None:
        super().request(*args, **named)
        _tell(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain  # pyright: ignore[reportAssignmentType]


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure  # pyright: ignore[reportAssignmentType]


class EndableAdapter(HTTPAdapter):
    """requests over connections that tell of their sockets."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        _tell_tale(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **named)
        _tell_tale(manager)
        return manager


def _tell_tale(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
