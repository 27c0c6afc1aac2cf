"""What surrounds every request: reading mode, sizes, security headers, an access log without secrets."""

from __future__ import annotations

import logging
import re
import time

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.server.db import reading_request

access_log = logging.getLogger("onemap.access")

_DEVICE_PATH = re.compile(r"(/ingest/\w+/[^/]+)/.*")
MAX_BODY = 8 << 20
"""Bytes of a body that is read into memory; uploads in parts (imports) have limits of their own."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Surroundings:
    """Pure ASGI, so that it costs microseconds at a thousand requests a second."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reading_request.set(scope["method"] in {"GET", "HEAD"})
        begun, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, _limited(scope, receive), send_with_headers)
        finally:
            if access_log.isEnabledFor(logging.INFO):
                took = (time.perf_counter() - begun) * 1000
                access_log.info("%s %s %s %.0f ms", scope["method"], redact_path(scope["path"]), status, took)


def _limited(scope: Scope, receive: Receive) -> Receive:
    """*receive* that ends in 413 when a body grows beyond MAX_BODY, whatever length it announced."""
    if b"multipart/form-data" in dict(scope["headers"]).get(b"content-type", b""):
        return receive
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise HTTPException(413)  # the one kind of error that passes the reading of bodies
        return message

    return limited


def redact_path(path: str) -> str:
    """The path without a device's secret; the query is never logged."""
    return _DEVICE_PATH.sub(r"\1/***", path)
