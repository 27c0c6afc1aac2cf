"""Serve with uvicorn until a signal comes."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from console.processes import end_with_parent
from console.server.app import create_app
from console.server.core import Core
from console.server.settings import ServerSettings

KEEP_ALIVE = 75
"""Seconds that an idle connection stays: who asks every few seconds shall not meet one that just closes."""
_MAX_MESSAGE = 64 << 10


def serve(
    settings: ServerSettings,
    host: str,
    port: int,
    ready: Callable[[str], None],
    prepare: Callable[[Core], None] = lambda _core: None,
) -> None:
    """Serve until SIGTERM or SIGINT; *ready* gets the URL once requests are answered.

    *prepare* may use the services before the first request. Port 0 takes a free one.
    Raises OSError when the address is taken, and the database's errors when it cannot be reached.
    """
    if settings.keep_alive_of_parent:
        end_with_parent()
    listener = socket.create_server(
        (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024
    )
    app = create_app(settings)
    prepare(app.state.core)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=_MAX_MESSAGE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=KEEP_ALIVE,
        h11_max_incomplete_event_size=64 << 10,
    )
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listener.getsockname()[1]}"
    core: Core = app.state.core
    _Server(config, lambda: ready(url), core.services.closing).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Tells when it answers, and when it was asked to stop."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], closing: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready, self._closing = ready, closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if not self.should_exit:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing()
        await super().shutdown(sockets=sockets)
