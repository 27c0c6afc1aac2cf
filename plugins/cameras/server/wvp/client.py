"""One conversation with a platform: signed in, limited in time and size, never led elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Self, TypeVar

from plugins.cameras.server.devices.driver import DeviceFault, Fault, VideoDevice
from plugins.cameras.server.wvp.address import Place, place_of
from plugins.cameras.server.wvp.faults import fault_of

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")
QUICK = 8.0
"""Seconds that most answers may take."""
CALL = 22.0
"""Those for a picture: the platform itself gives up after 18."""
SEARCH = 15.0
"""Those for recordings: it gives up after 10."""
LARGEST = 8 << 20
"""Bytes of an answer."""
AGAIN = 60.0
"""Seconds for which a sign-in that was refused is not tried again."""


class Tokens:
    """Sign-ins that hold, by device; and which were refused. Safe on all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, str]] = {}
        self._refused: dict[str, tuple[str, float]] = {}

    def of(self, device: VideoDevice) -> str:
        """A token; empty: sign in first. Raises DeviceFault when that was refused a moment ago."""
        mark = _mark(device)
        with self._lock:
            refused, at = self._refused.get(device.id, ("", 0.0))
            if refused == mark and time.monotonic() - at < AGAIN:
                raise DeviceFault(Fault.SIGN_IN)
            held, token = self._held.get(device.id, ("", ""))
            return token if held == mark else ""

    def keep(self, device: VideoDevice, token: str) -> None:
        """*token* holds; empty: it does no more."""
        with self._lock:
            self._held[device.id] = (_mark(device), token)

    def refuse(self, device: VideoDevice) -> None:
        """The sign-in itself is wrong."""
        with self._lock:
            self._refused[device.id] = (_mark(device), time.monotonic())


def _mark(device: VideoDevice) -> str:
    """Changes with the sign-in and with where it is told."""
    told = "\0".join((device.address, device.user, device.password))
    return hashlib.sha256(told.encode()).hexdigest()


def talk(work: Coroutine[Any, Any, T]) -> T:
    """Do *work* to its end on this thread."""
    return asyncio.run(work)


class Platform:
    """``async with Platform(…) as platform``: requests over kept connections. All raise DeviceFault."""

    def __init__(self, device: VideoDevice, tokens: Tokens) -> None:
        self._device, self._tokens = device, tokens
        self.place: Place = place_of(device.address)
        self._http: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        import aiohttp

        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def ask(self, path: str, seconds: float = QUICK, **query: str | int) -> Any:
        """The data of an answer; *path* below ``/api``."""
        token = self._tokens.of(self._device) or await self._sign_in()
        status, body = await self._get(path, query, seconds, token)
        if _unsigned(status, body):
            self._tokens.keep(self._device, "")
            status, body = await self._get(path, query, seconds, await self._sign_in())
        return _data(status, body)

    async def _sign_in(self) -> str:
        """The platform wants the MD5 of the password, and it in the query."""
        hashed = hashlib.md5(self._device.password.encode(), usedforsecurity=False).hexdigest()
        query = {"username": self._device.user, "password": hashed}
        status, body = await self._get("user/login", query, QUICK, "")
        if isinstance(body, dict) and (status == 401 or body.get("code") in (100, 401, 403)):
            self._tokens.refuse(self._device)
            raise DeviceFault(Fault.SIGN_IN)
        data = _data(status, body)
        token = data.get("accessToken") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise DeviceFault(Fault.GARBLED)
        self._tokens.keep(self._device, token)
        return token

    async def _get(self, path: str, query: dict[str, Any], seconds: float, token: str) -> tuple[int, Any]:
        """Status and body. Errors are not chained: they hold the address with what is secret in it."""
        import aiohttp

        headers = {"access-token": token} if token else {}
        url = f"{self.place.base}/api/{path}"
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.get(url, params=query, headers=headers, allow_redirects=False) as answer,
            ):
                return answer.status, _parsed(await _limited(answer.content))
        except (aiohttp.ClientResponseError, aiohttp.ClientPayloadError, ValueError, RecursionError):
            raise DeviceFault(Fault.GARBLED) from None
        except (TimeoutError, aiohttp.ClientError, OSError):
            raise DeviceFault(Fault.UNREACHABLE) from None


async def _limited(content: aiohttp.StreamReader) -> bytes:
    parts, size = list[bytes](), 0
    async for part in content.iter_any():
        size += len(part)
        if size > LARGEST:
            raise ValueError("too long")
        parts.append(part)
    return b"".join(parts)


def _parsed(raw: bytes) -> Any:
    return json.loads(raw)


def _unsigned(status: int, body: Any) -> bool:
    return status == 401 or (isinstance(body, dict) and body.get("code") == 401)


def _data(status: int, body: Any) -> Any:
    code = body.get("code") if isinstance(body, dict) else None
    if not isinstance(code, int) or isinstance(code, bool):
        raise DeviceFault(Fault.GARBLED)
    if code != 0:
        raise fault_of(code, str(body.get("msg")))
    if status != 200:
        raise DeviceFault(Fault.GARBLED)
    return body.get("data")
