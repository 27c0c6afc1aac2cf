"""HTTP itself, through requests. That takes 0.1 s to load: only with the first call, on its pool thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests
from requests.auth import AuthBase
from urllib3.exceptions import NewConnectionError

from console.client import problems


class _Bearer(AuthBase):
    """Set as ``auth``, or requests would put a password of ~/.netrc in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Wire:
    """Sends requests below *root*; all methods raise BackendAway. Safe on any thread."""

    def __init__(
        self,
        root: str,
        language: Callable[[], str],
        *,
        verify: bool | str,
        timeout: tuple[float, float],
        proxies: bool,
    ) -> None:
        self._root, self._language = root, language
        self._verify, self._timeout, self._proxies = verify, timeout, proxies
        self._sessions = threading.local()

    def send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        data: bytes | None,
        headers: Mapping[str, str],
        token: str,
    ) -> requests.Response:
        """The answer, whatever its status, with its body still to come; the caller closes it."""
        params = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            return self._session().request(
                method,
                f"{self._root}{path}",
                params=params,
                data=data,
                headers={"Accept-Language": self._language().replace("_", "-"), **headers},
                auth=_Bearer(token),
                timeout=self._timeout,
                allow_redirects=False,  # a token is for this backend alone
                stream=True,
            )
        except requests.RequestException as error:
            raise self._away(error) from error

    def parts(self, response: requests.Response, size: int) -> Iterator[bytes]:
        """The body in parts of *size* bytes."""
        try:
            yield from response.iter_content(size)
        except requests.RequestException as error:
            raise self._away(error) from error

    def _away(self, error: requests.RequestException) -> Exception:
        text = problems.TIMED_OUT if isinstance(error, requests.Timeout) else problems.CUT_OFF
        return problems.away(text, self._language(), sent=not _never_left(error))

    def _session(self) -> requests.Session:
        """One session a thread: requests does not promise to share them."""
        session = getattr(self._sessions, "session", None)
        if session is None:
            session = self._sessions.session = requests.Session()
            session.verify = self._verify
            session.trust_env = self._proxies
        return session


def _never_left(error: requests.RequestException) -> bool:
    """Whether there was no connection at all, so that nothing can have been done."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)
