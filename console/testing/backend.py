"""A backend in memory: the test says what it answers, and sees what it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from console.model.records import Role, User
from console.plugin_host.listeners import Listeners
from console.sdk import BackendAway, NotFound, Undo
from console.sdk.context import Waiting
from console.tasks.pending import Pending

OPERATOR = User(id="u1", username="operator", name="操作员", role=Role.OPERATOR, areas=("32",))


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the plugin."""

    method: str
    path: str
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict[str, Any])
    key: str = ""


class MemoryBackend:
    """Implements ``console.sdk.context.Backend``.

    ``answer("GET", "/patrols", [...])`` sets an answer: a value, an exception to
    raise, or a function of the Request. What has no answer is NotFound.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.user: User | None = OPERATOR
        self.rights: set[str] | None = None
        """Rights of the user; None: all."""
        self._answers: list[tuple[str, re.Pattern[str], Any]] = []
        self._connected = True
        self._connection: Listeners[[bool]] = Listeners()
        self._user_changed: Listeners[[User | None]] = Listeners()

    def answer(self, method: str, path: str, value: Any) -> None:
        """Answer requests whose path matches *path* (a pattern); the last one set wins."""
        self._answers.insert(0, (method, re.compile(path), value))

    def set_connected(self, connected: bool) -> None:
        """Cut the console off, or bring it back."""
        self._connected = connected
        self._connection.fire(connected)

    def get(self, path: str, **query: Any) -> Pending[Any]:
        return self._ask(Request("GET", path, None, query))

    def post(self, path: str, body: Any = None) -> Pending[Any]:
        return self._ask(Request("POST", path, body))

    def put(self, path: str, body: Any = None, *, key: str = "") -> Pending[Any]:
        return self._ask(Request("PUT", path, body, key=key))

    def delete(self, path: str) -> Pending[Any]:
        return self._ask(Request("DELETE", path))

    def submit(self, title: str, method: str, path: str, body: Any = None) -> Pending[Any]:
        return self._ask(Request(method, path, body))

    def waiting(self) -> Sequence[Waiting]:
        return ()

    def on_waiting(self, handler: Callable[[], None]) -> Undo:
        return lambda: None

    def dismiss(self, waiting_id: str) -> None:
        """Nothing waits here."""

    def withdraw(self, waiting_id: str) -> Pending[Undo | None]:
        """Always too late: nothing waits here."""
        late: Future[Undo | None] = Future()
        late.set_result(None)
        return Pending(late)

    def on_correct(self, path: str, handler: Callable[[Waiting], Any]) -> Undo:
        return lambda: None

    def on_user(self, handler: Callable[[User | None], None]) -> Undo:
        return self._user_changed.add(handler)

    def set_user(self, user: User | None) -> None:
        """As if *user* had signed in; None: nobody is."""
        self.user = user
        self._user_changed.fire(user)

    @property
    def connected(self) -> bool:
        return self._connected

    def on_connection(self, handler: Callable[[bool], None]) -> Undo:
        return self._connection.add(handler)

    def allowed(self, action: str) -> bool:
        return self.rights is None or action in self.rights

    def _ask(self, request: Request) -> Pending[Any]:
        self.requests.append(request)
        future: Future[Any] = Future()
        try:
            future.set_result(self._find(request))
        except Exception as error:
            future.set_exception(error)
        return Pending(future)

    def _find(self, request: Request) -> Any:
        if not self._connected:
            raise BackendAway("The backend cannot be reached.")
        for method, path, value in self._answers:
            if method == request.method and path.fullmatch(request.path):
                if isinstance(value, Exception):
                    raise value
                return value(request) if callable(value) else value
        raise NotFound(f"{request.method} {request.path} has no answer in this test", status=404)
