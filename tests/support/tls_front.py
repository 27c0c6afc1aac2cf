"""TLS before a server that knows none."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def under_tls(port: int, certificate: Path, key: Path) -> Iterator[int]:
    """The port on loopback that leads to *port*; what is not greeted properly leads nowhere."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as front:
        over = threading.Event()
        thread = threading.Thread(target=_serve, args=(front, context, port, over), daemon=True)
        thread.start()
        try:
            yield front.getsockname()[1]
        finally:
            over.set()
            front.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(front: socket.socket, context: ssl.SSLContext, port: int, over: threading.Event) -> None:
    with suppress(OSError):
        while True:
            line, _ = front.accept()
            with suppress(OSError):
                line.settimeout(5)
                _join(context.wrap_socket(line, server_side=True), port, over)
            line.close()


def _join(outer: ssl.SSLSocket, port: int, over: threading.Event) -> None:
    """One who watches at a time, until either ends; who says nothing has turned away."""
    if not (first := outer.recv(65_536)):
        return
    with socket.create_connection(("127.0.0.1", port)) as inner, outer:
        inner.sendall(first)
        while not over.is_set():
            ready = [outer] if outer.pending() else select.select([outer, inner], [], [], 0.2)[0]
            for source, target in ((outer, inner), (inner, outer)):
                if source in ready:
                    if not (data := source.recv(65_536)):
                        return
                    target.sendall(data)
