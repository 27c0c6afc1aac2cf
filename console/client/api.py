"""REST calls to the backend, on threads of the worker pool."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
from requests.auth import AuthBase

from console.client import problems
from console.sdk.errors import BackendAway, NotSignedIn

PREFIX = "/api/v1"
MAX_BODY = 64 << 20
"""Bytes of the longest JSON answer."""
TIMEOUT = (3.05, 20.0)
"""Seconds to connect, and between two bytes of the answer."""
READ_TRIES = 3
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

TokenSource = Callable[[], str]
Renew = Callable[[str], str]
"""Given the token that was refused, a better one; raises NotSignedIn."""


class _Bearer(AuthBase):
    """Set as ``auth``, or requests would put a password of ~/.netrc in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


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
        self._sessions = threading.local()
        self._token: TokenSource = lambda: ""
        self._renew: Renew = lambda _: ""

    def use_tokens(self, token: TokenSource, renew: Renew) -> None:
        """Where tokens come from; *renew* is asked once when the backend refuses one."""
        self._token, self._renew = token, renew

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
    ) -> Any:
        """One call, decoded; None for an empty answer. *key* makes a write idempotent.

        *token* None takes the signed-in user's, empty sends none. Raises BackendAway, BackendError.
        """
        headers = {"Idempotency-Key": key} if key else {}
        data = None if body is None else msgspec.json.encode(body)
        if data is not None:
            headers["Content-Type"] = "application/json"
        status, content = self._read(method, path, query, data, headers, token)
        if not 200 <= status < 300:
            raise problems.problem(status, content, self.language())
        try:
            return msgspec.json.decode(content) if content else None
        except msgspec.MsgspecError as error:
            raise problems.away(problems.NO_SENSE, self.language()) from error

    def open(self, path: str, headers: Mapping[str, str]) -> requests.Response:
        """A streamed answer of any status, for large downloads; the caller closes it."""
        token = self._token()
        response = self._send("GET", path, None, None, headers, token)
        if response.status_code != 401:
            return response
        response.close()
        return self._send("GET", path, None, None, headers, self._renew(token))

    def _read(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        data: bytes | None,
        headers: Mapping[str, str],
        token: str | None,
    ) -> tuple[int, bytes]:
        """Status and body; a refused token of the session is renewed once."""
        used = self._token() if token is None else token
        with self._send(method, path, query, data, headers, used) as response:
            status, content = response.status_code, self._body(response)
        if status == 401 and token is None:
            try:
                renewed = self._renew(used)
            except NotSignedIn:
                return status, content
            with self._send(method, path, query, data, headers, renewed) as response:
                status, content = response.status_code, self._body(response)
        return status, content

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        data: bytes | None,
        headers: Mapping[str, str],
        token: str,
    ) -> requests.Response:
        params = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            return self._session().request(
                method,
                f"{self.base_url}{PREFIX}{path}",
                params=params,
                data=data,
                headers={"Accept-Language": self.language().replace("_", "-"), **headers},
                auth=_Bearer(token),
                timeout=self._timeout,
                allow_redirects=False,  # a token is for this backend alone
                stream=True,
            )
        except requests.Timeout as error:
            raise problems.away(problems.TIMED_OUT, self.language()) from error
        except requests.RequestException as error:
            raise problems.away(problems.CUT_OFF, self.language()) from error

    def _body(self, response: requests.Response) -> bytes:
        parts, size = list[bytes](), 0
        try:
            for part in response.iter_content(1 << 16):
                parts.append(part)
                size += len(part)
                if size > MAX_BODY:
                    raise problems.away(problems.TOO_LARGE, self.language())
        except requests.RequestException as error:
            raise problems.away(problems.CUT_OFF, self.language()) from error
        return b"".join(parts)

    def _session(self) -> requests.Session:
        """One session a thread: requests does not promise to share them."""
        session = getattr(self._sessions, "session", None)
        if session is None:
            session = self._sessions.session = requests.Session()
            session.verify = self._verify
            session.trust_env = urlsplit(self.base_url).hostname not in LOOPBACK  # no proxy to ourselves
        return session
