"""``ctx.backend``: what plugins may ask of the backend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from console.client import problems
from console.client.api import Api
from console.client.inbox import Connection
from console.client.outbox import Outbox
from console.client.session import Session
from console.model.records import User
from console.sdk.context import Waiting
from console.sdk.errors import NotSignedIn
from console.sdk.map import Undo
from console.store.handlers import Handlers
from console.tasks.pending import Pending
from console.tasks.worker_pool import WorkerPool


class BackendFacet:
    """Implements ``console.sdk.context.Backend``. For the GUI thread; nothing here blocks."""

    def __init__(self, api: Api, session: Session, pool: WorkerPool) -> None:
        self._api, self._session, self._pool = api, session, pool
        self._outbox: Outbox | None = None
        self._connection = Connection()
        self._connection_handlers = Handlers()
        self._waiting_handlers = Handlers()
        self._user_handlers = Handlers()
        self._told_user: User | None = None
        self._correctors: dict[str, Callable[[Waiting], Any]] = {}

    def get(self, path: str, **query: Any) -> Pending[Any]:
        """Read."""
        return Pending(self._pool.submit(lambda: self._api.get(path, **query)))

    def post(self, path: str, body: Any = None) -> Pending[Any]:
        """Ask or do now, or not at all; for intent that must not be lost see ``submit``."""
        return Pending(self._pool.submit(self._api.call, "POST", path, body))

    def put(self, path: str, body: Any = None, *, key: str = "") -> Pending[Any]:
        """Replace now, or not at all; sent again with the same *key* it is done once."""
        return Pending(self._pool.submit(lambda: self._api.call("PUT", path, body, key=key)))

    def delete(self, path: str) -> Pending[Any]:
        """Delete now, or not at all."""
        return Pending(self._pool.submit(self._api.call, "DELETE", path))

    def submit(self, title: str, method: str, path: str, body: Any = None) -> Pending[Any]:
        """Give intent to the outbox. Raises NotSignedIn when nobody is signed in."""
        if self._outbox is None:
            raise NotSignedIn(problems.SIGN_IN.get(self._api.language()), status=401, code="not_signed_in")
        return Pending(self._outbox.submit(title, method, path, body))

    def waiting(self) -> Sequence[Waiting]:
        """What the outbox still holds."""
        return self._outbox.waiting() if self._outbox else []

    def on_waiting(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when ``waiting()`` changed."""
        return self._waiting_handlers.add(handler)

    def dismiss(self, waiting_id: str) -> None:
        """Forget a refused entry."""
        if self._outbox:
            self._outbox.dismiss(waiting_id)

    def withdraw(self, waiting_id: str) -> Pending[Undo | None]:
        """Take back what was not sent yet. Raises NotSignedIn when nobody is signed in."""
        if self._outbox is None:
            raise NotSignedIn(problems.SIGN_IN.get(self._api.language()), status=401, code="not_signed_in")
        return Pending(self._outbox.withdraw(waiting_id))

    def on_correct(self, path: str, handler: Callable[[Waiting], Any]) -> Undo:
        """*handler* takes refused entries with this path back into their form."""
        self._correctors[path] = handler

        def undo() -> None:
            if self._correctors.get(path) is handler:
                del self._correctors[path]

        return undo

    def corrector(self, entry: Waiting) -> Callable[[Waiting], Any] | None:
        """Who takes *entry* back into its form; None: nobody."""
        return self._correctors.get(entry.path) if entry.error else None

    @property
    def connected(self) -> bool:
        """Whether the live feed is up."""
        return self._connection.connected

    @property
    def connection(self) -> Connection:
        """How the feed stands, with latency, for the status bar."""
        return self._connection

    def on_connection(self, handler: Callable[[bool], None]) -> Undo:
        """*handler* is called when ``connected`` changed."""
        return self._connection_handlers.add(handler)

    @property
    def user(self) -> User | None:
        """Who is signed in, or whose sign-in has just ended."""
        return self._session.user

    def on_user(self, handler: Callable[[User | None], None]) -> Undo:
        """*handler* is called when ``user`` changed."""
        return self._user_handlers.add(handler)

    def tell_user(self) -> None:
        """Who is signed in may have changed."""
        if self.user != self._told_user:
            self._told_user = self.user
            self._user_handlers.call(self.user)

    def allowed(self, action: str) -> bool:
        """Whether the user has the right; the backend decides anyway."""
        user = self._session.user
        return user is not None and action in user.rights

    def use_outbox(self, outbox: Outbox | None) -> None:
        """Of the account that is signed in now."""
        self._outbox = outbox
        self._waiting_handlers.call()

    def tell_waiting(self) -> None:
        """The outbox changed."""
        self._waiting_handlers.call()

    def take_connection(self, connection: Connection) -> None:
        """How the feed stands now; handlers hear of up and down only."""
        before, self._connection = self._connection, connection
        if before.connected != connection.connected:
            self._connection_handlers.call(connection.connected)
