"""REST calls to the backend, on threads of the worker pool."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from console.client import problems
from console.sdk.errors import BackendAway, NotSignedIn

if TYPE_CHECKING:  # loaded with the first call only
    from requests import Response

    from console.client.wire import Wire

PREFIX = "/api/v1"
MAX_BODY = 64 << 20
"""Bytes of the longest JSON answer."""
TIMEOUT = (3.05, 20.0)
"""Seconds to connect, and between two bytes of the answer."""
READ_TRIES = 3
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

TokenSource = Callable[[str], str]
"""Given an account (empty: whoever is signed in), its token; raises NotSignedIn when it is another's."""
Renew = Callable[[str, str], str]
"""Given the token that was refused and the account, a better one; raises NotSignedIn."""


class Api:
    """The backend at *base_url*. Blocks: for pool threads, never for the GUI's."""

    def __init__(
        self,
        base_url: str,
        *,
        language: Callable[[], str] = lambda: "zh_CN",
        verify: bool | str = True,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.language = language
        self._verify = verify
        self._timeout = timeout
        self._token: TokenSource = lambda _: ""
        self._renew: Renew = lambda _refused, _account: ""

    def use_tokens(self, token: TokenSource, renew: Renew) -> None:
        """Where tokens come from; *renew* is asked once when the backend refuses one."""
        self._token, self._renew = token, renew

    @cached_property
    def wire(self) -> Wire:
        """What sends; made with the first call, see there."""
        from console.client.wire import Wire

        return Wire(
            self.base_url + PREFIX,
            self.language,
            verify=self._verify,
            timeout=self._timeout,
            proxies=urlsplit(self.base_url).hostname not in LOOPBACK,  # none to ourselves
        )

    def get(self, path: str, **query: Any) -> Any:
        """Read; tried again when cut off. Raises BackendAway, BackendError."""
        for attempt in range(1, READ_TRIES):
            try:
                return self.call("GET", path, query=query)
            except BackendAway:
                time.sleep(0.3 * attempt * random.uniform(0.5, 1.5))
        return self.call("GET", path, query=query)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        key: str = "",
        token: str | None = None,
        account: str = "",
    ) -> Any:
        """One call, decoded; None for an empty answer. *key* makes a write idempotent.

        *token* None takes the signed-in user's, empty sends none; *account* lets nobody
        else's be taken. Raises BackendAway, BackendError.
        """
        headers = {"Idempotency-Key": key} if key else {}
        data = None if body is None else msgspec.json.encode(body)
        if data is not None:
            headers["Content-Type"] = "application/json"
        status, content = self._read(method, path, query, data, headers, token, account)
        if not 200 <= status < 300:
            raise problems.problem(status, content, self.language())
        try:
            return msgspec.json.decode(content) if content else None
        except msgspec.MsgspecError as error:
            raise problems.away(problems.NO_SENSE, self.language()) from error

    def open(self, path: str, headers: Mapping[str, str]) -> Response:
        """A streamed answer of any status, for large downloads; the caller closes it."""
        token = self._token("")
        response = self.wire.send("GET", path, None, None, headers, token)
        if response.status_code != 401:
            return response
        response.close()
        return self.wire.send("GET", path, None, None, headers, self._renew(token, ""))

    def _read(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        data: bytes | None,
        headers: Mapping[str, str],
        token: str | None,
        account: str,
    ) -> tuple[int, bytes]:
        """Status and body; a refused token of the session is renewed once."""
        used = self._token(account) if token is None else token
        with self.wire.send(method, path, query, data, headers, used) as response:
            status, content = response.status_code, self._body(response)
        if status == 401 and token is None:
            try:
                renewed = self._renew(used, account)
            except NotSignedIn:
                return status, content
            with self.wire.send(method, path, query, data, headers, renewed) as response:
                status, content = response.status_code, self._body(response)
        return status, content

    def _body(self, response: Response) -> bytes:
        parts, size = list[bytes](), 0
        for part in self.wire.parts(response, 1 << 16):
            parts.append(part)
            size += len(part)
            if size > MAX_BODY:
                raise problems.away(problems.TOO_LARGE, self.language())
        return b"".join(parts)
