"""In and out: start-up sign-in, the live feed's state, offline work. Implements ``Gate`` over the client."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from console.client.link import Link as Client
from console.client.vault import Vault
from console.model.positions import Positions
from console.model.records import LayerInfo, Ticket, User
from console.model.text import Text
from console.sdk.context import Severity, Waiting
from console.sdk.errors import BackendAway, OneMapError
from console.sdk.map import Undo
from console.shell.connection import KeptHere, Link
from console.shell.services import Services
from console.store.batch import Batch, Snapshot
from console.store.live import LiveStore

PUMP = 0.1
"""Seconds between two batches of the feed: 10 a second."""
KEEP = 60.0
"""Seconds between two saves of what is known."""
STARTS_WITHIN = 60.0
"""Seconds that the console's own backend may take to come up before the line counts as broken."""
log = logging.getLogger(__name__)

Layers = Sequence[tuple[LayerInfo, Path]]


class Pages(Protocol):
    """What it shows: the main window."""

    def show_sign_in(self) -> None: ...
    def show_workbench(self) -> None: ...


class LateVault:
    """Opens the keyring at first use, on the pool thread that uses it: a probe may take seconds."""

    def __init__(self) -> None:
        self._vault: Vault | None = None
        self.lasting = False

    def load(self, name: str) -> str | None:
        """The secret, or None."""
        return self._opened().load(name)

    def save(self, name: str, secret: str) -> None:
        """Keep *secret*."""
        self._opened().save(name, secret)

    def forget(self, name: str) -> None:
        """Drop it."""
        self._opened().forget(name)

    def _opened(self) -> Vault:
        if self._vault is None:
            from console.client.keyring_vault import open_vault  # 0.1 s to load

            self._vault = open_vault()
            self.lasting = self._vault.lasting
        return self._vault


class Entrance:
    """All methods are for the GUI thread; *set_base* gives layers to the map."""

    def __init__(
        self, services: Services, client: Client, store: LiveStore, set_base: Callable[[Layers], None]
    ) -> None:
        self._services = services
        self._client = client
        self._store = store
        self._set_base = set_base
        self._pages: Pages | None = None
        self._hurrying = False
        self._starts_until = 0.0
        """Until when (monotonic) an own backend that was never heard is still starting."""
        self._desk_of = ""
        """Id of the user whose desk the plugins show; empty: nobody's."""
        self._undo: list[Callable[[], None]] = [
            client.backend.on_waiting(self._follow_outbox),
            store.on_stale(self._follow_age),
        ]

    def open(self, pages: Pages, *, ticket: Ticket | None, offline: bool) -> None:
        """The first steps after the window is shown."""
        self._pages = pages
        if ticket is not None:
            self._starts_until = time.monotonic() + STARTS_WITHIN
        self._undo.append(self._services.tasks.every(PUMP, self._pump))
        self._undo.append(self._services.tasks.every(KEEP, self._client.keep_snapshot))
        self._services.tasks.start(self._begin(ticket, offline))

    def sign_in(self, username: str, password: str) -> Any:
        """Awaitable; raises the errors of the SDK."""
        return self._sign_in(username, password)

    def sign_out(self) -> None:
        """Forget the user and what they saw."""
        self._services.tasks.start(self._leave())

    def reconnect(self) -> None:
        """Try again now."""
        if self._client.backend.user is None:
            self._services.tasks.start(self._begin(None, False))
        elif self._services.connection.link is not Link.EXPIRED:
            self._client.retry_now()

    def work_offline(self) -> None:
        """The workbench with what is cached, or as it was when the sign-in ended."""
        self._show().show_workbench()

    def dismiss(self, waiting_id: str) -> None:
        """Forget what the backend refused."""
        self._client.backend.dismiss(waiting_id)

    def withdraw(self, waiting_id: str) -> Awaitable[Undo | None]:
        """Take back what was not sent yet."""
        return self._client.backend.withdraw(waiting_id)

    def corrector(self, entry: Waiting) -> Callable[[Waiting], Any] | None:
        """The form of a plugin that a refused entry came from."""
        return self._client.backend.corrector(entry)

    def server_time(self) -> float:
        """The backend's clock."""
        return self._store.server_time

    def close(self) -> None:
        """Keep what is known and let go; the feed and the outbox end."""
        for undo in reversed(self._undo):
            undo()
        self._client.close()

    async def _begin(self, ticket: Ticket | None, offline: bool) -> None:
        username = ticket.user.username if ticket else self._services.layout.data.get("username", "")
        if username:
            known = await self._look_up_kept(username)
            if known:
                self._set_base(known)
        if offline:
            self._show().show_workbench()
            return
        self._services.connection.set(link=self._awaited)
        session, tasks = self._client.session, self._services.tasks
        try:
            user = await (tasks.run(session.adopt, ticket) if ticket else tasks.run(session.resume))
        except BackendAway:
            await self._start_cut_off(username)
        except OneMapError as error:
            log.warning("sign-in: %s", error)
            await self._ask()
        else:
            if user is None:
                await self._ask()
            else:
                await self._enter(user)

    async def _sign_in(self, username: str, password: str) -> None:
        user = await self._services.tasks.run(self._client.session.sign_in, username, password)
        await self._enter(user)

    async def _enter(self, user: User) -> None:
        """*user* has signed in. If theirs was the sign-in that ended, all goes on, else the desk is clean."""
        services = self._services
        services.layout.data["username"] = user.username
        services.layout.save()
        if self._client.username == user.username:
            self._client.retry_now()
        else:
            self._clear_desk()
            await self._follow(user.username)
        self._desk_of = user.id
        services.connection.set(link=self._awaited, user=user)
        self._client.backend.tell_user()
        self._show().show_workbench()
        services.tasks.start(self._fetch_areas())
        services.tasks.start(self._fetch_layers())
        services.afterwards.run(lambda: services.host.activate_on("signed_in"))

    async def _start_cut_off(self, username: str) -> None:
        """As the user of the last time, if the keyring still knows them; else the page says it."""
        if username:
            await self._follow(username)
        user = self._client.session.user
        if user is None:
            self._client.stop()
            await self._ask()
            return
        self._desk_of = user.id
        self._services.connection.set(link=Link.AWAY, user=user, away_since=self._store.known_at)
        self._client.backend.tell_user()
        self._show().show_workbench()
        host = self._services.host
        self._services.afterwards.run(lambda: host.activate_on("signed_in"))

    async def _follow(self, username: str) -> None:
        self._client.stop()
        try:
            account = await self._services.tasks.run(self._client.open, username)
        except OneMapError as error:
            self._services.notify(str(error), Severity.ERROR, key="outbox")
        else:
            self._client.start(account)

    async def _ask(self) -> None:
        """The sign-in page, which says what is kept for who was here last."""
        self._services.connection.set(link=Link.SIGNED_OUT)
        await self._look_up_kept(self._services.layout.data.get("username", ""))
        self._show().show_sign_in()

    async def _leave(self) -> None:
        self._clear_desk()
        self._services.connection.set(link=Link.SIGNED_OUT)
        await self._services.tasks.run(self._client.session.sign_out)
        self._client.backend.tell_user()
        await self._ask()

    def _clear_desk(self) -> None:
        """Nothing of the user before is left to be seen: what plugins kept for them comes back with them."""
        if not self._desk_of:
            return
        self._desk_of = ""
        self._services.host.start_over()
        self._client.stop()
        self._store.apply(Batch(snapshot=Snapshot(records={}, positions=Positions())))
        self._set_base([])
        self._services.selection.clear()
        self._services.notify.clear()

    async def _look_up_kept(self, username: str) -> Layers:
        """What lies on this machine for *username*; the map of it."""
        kept = await self._services.tasks.run(self._client.kept, username)
        counts = kept.counts
        here = KeptHere(
            username=username, waiting=counts.waiting, refused=counts.refused, map=bool(kept.layers)
        )
        self._services.connection.set_kept(here)
        return kept.layers

    async def _fetch_layers(self) -> None:
        services, cache = self._services, self._client.layers
        if cache is None:
            return
        tr = services.language.tr
        with services.tasks.progress(tr("Fetching the map")) as progress:
            maps = cache.sync(progress.report)
            following: Callable[[], Layers | None] = lambda: next(maps, None)  # noqa: E731
            try:
                while (layers := await services.tasks.run(following)) is not None:
                    self._set_base(layers)
            except (OneMapError, OSError) as error:
                services.notify(
                    tr("The map could not be brought up to date"),
                    Severity.WARNING,
                    detail=str(error),
                    action=(tr("Try again"), lambda: services.tasks.start(self._fetch_layers())),
                    key="layers",
                )

    async def _fetch_areas(self) -> None:
        """Names of the user's areas; codes are shown until they come."""
        try:
            areas = await self._client.backend.get("/areas")
        except OneMapError as error:
            log.info("areas: %s", error)
            return
        names = {area["code"]: Text(area["name"], area.get("name_en", "")) for area in areas}
        self._services.connection.set_areas(names)

    def _pump(self) -> None:
        if self._client.pump() and not self._hurrying:
            self._hurrying = True
            self._services.tasks.later(0, self._hurry)
        feed, connection = self._client.backend.connection, self._services.connection
        if connection.link in (Link.SIGNED_OUT, Link.EXPIRED):
            return
        if feed.signed_out:
            connection.set(link=Link.EXPIRED, away_since=self._store.known_at or time.time())
        elif feed.connected and (connection.link is not Link.ONLINE or feed.latency != connection.latency):
            self._starts_until = 0.0
            connection.set(link=Link.ONLINE, latency=feed.latency, user=self._client.session.user)
        elif self._awaited is Link.STARTING:
            return
        elif feed.problem and connection.link is not Link.AWAY:
            connection.set(link=Link.AWAY, away_since=self._store.known_at or time.time())

    @property
    def _awaited(self) -> Link:
        """What the line is until the backend is heard for the first time."""
        return Link.STARTING if time.monotonic() < self._starts_until else Link.CONNECTING

    def _hurry(self) -> None:
        """The rest of a large batch: a slice a turn of the event loop."""
        self._hurrying = False
        self._pump()

    def _follow_age(self) -> None:
        """The last state has come from the disk, or what is shown is live no more."""
        connection = self._services.connection
        if connection.link in (Link.AWAY, Link.EXPIRED) and self._store.known_at is not None:
            connection.set(link=connection.link, away_since=self._store.known_at)

    def _follow_outbox(self) -> None:
        self._services.connection.set_waiting(tuple(self._client.backend.waiting()))

    def _show(self) -> Pages:
        assert self._pages is not None, "open() comes first"
        return self._pages
