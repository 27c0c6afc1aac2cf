"""The console's link to one backend: sign-in, feed, outbox, caches, as one object.

The composition root makes it, signs in and opens the user's account on a pool
thread, calls ``start`` with it and ``pump`` from a timer of the GUI thread, 5 to
20 times a second.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.client.api import Api
from console.client.backend import BackendFacet
from console.client.cache import LocalCache
from console.client.inbox import Connection, Inbox
from console.client.layer_cache import LayerCache, Layers
from console.client.outbox import Outbox
from console.client.outbox_file import Counts, count_entries
from console.client.session import Session
from console.client.vault import Vault
from console.store.batch import Batch
from console.store.live import LiveStore
from console.tasks.io_thread import IoThread
from console.tasks.worker_pool import WorkerPool

log = logging.getLogger(__name__)


SLICE = 0.008
"""Seconds of the GUI thread that one ``pump`` takes, but for a handler that takes longer alone."""
CLOSING = 5.0
"""Seconds that the disk may take at the end."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies on this machine for an account: entries of the outbox, and whether there is a map."""

    counts: Counts
    layers: Layers


@dataclass(frozen=True, slots=True)
class Account:
    """What is kept on this machine for one user of one backend, opened."""

    username: str
    cache: LocalCache
    outbox: Outbox
    layers: LayerCache


class Link:
    """All that speaks to *base_url*. GUI thread, but for ``session``, ``layers``, ``open``: they block."""

    def __init__(
        self,
        base_url: str,
        *,
        io: IoThread,
        pool: WorkerPool,
        store: LiveStore,
        cache_dir: Path,
        data_dir: Path,
        vault: Vault | None = None,
        language: Callable[[], str] = lambda: "zh_CN",
        verify: bool | str = True,
        kept_as: str = "",
    ) -> None:
        self._io, self._pool, self._store, self._language = io, pool, store, language
        self._folders = cache_dir, data_dir
        self.api = Api(base_url, language=language, verify=verify)
        self._kept_as = kept_as or self.api.base_url
        self.session = Session(self.api, vault)
        self.backend = BackendFacet(self.api, self.session, pool)
        self.inbox = Inbox()
        self.outbox: Outbox | None = None
        self.layers: LayerCache | None = None
        self._cache: LocalCache | None = None
        self._feeding: Future[None] | None = None
        self._ending: Future[None] | None = None
        self._outbox_revision = 0
        self._username = ""
        self._work: Iterator[None] = iter(())
        """What is left of the last batch."""

    def open(self, username: str) -> Account:
        """What is kept of *username*; the one before must be stopped. Blocks: for pool threads.

        Works while cut off. Raises NotAccepted if the outbox cannot be opened.
        """
        if self._ending is not None:
            self._ending.result()  # it may be the same file
        cache = LocalCache(*self._folders, self._kept_as, username)
        if self.session.user is None:
            self.session.assume(cache.load_user())
        else:
            _save(cache.save_user, self.session.user)
        outbox = Outbox(cache.outbox_folder(), self.api, username)
        return Account(username, cache, outbox, LayerCache(self.api, cache))

    def start(self, account: Account) -> None:
        """Show the last known state of *account*, deliver its outbox, follow the feed."""
        self.stop()
        self._cache, self.outbox, self.layers = account.cache, account.outbox, account.layers
        self._username = account.username
        self.backend.use_outbox(self.outbox)
        self.inbox = Inbox()
        self._pool.submit(_recall, self._cache, self.inbox)
        self._follow()

    def kept(self, username: str) -> Kept:
        """The map that *username* had last and what waits, before any sign-in. Blocks: for pool threads."""
        if self._ending is not None:
            self._ending.result()  # or the file is held by ourselves
        cache = LocalCache(*self._folders, self._kept_as, username)
        return Kept(count_entries(cache.data_folder), LayerCache(self.api, cache).known())

    def retry_now(self) -> None:
        """Do not wait out the present pauses of feed and outbox."""
        if self.outbox is not None:
            self.outbox.retry_now()
        if self._feeding is not None and not self.backend.connected:
            self._feeding.cancel()
            self._follow()

    @property
    def username(self) -> str:
        """Whose account is open; empty: nobody's."""
        return self._username

    def _follow(self) -> None:
        self.inbox.set_connection(Connection())
        self._feeding = self._io.submit(self._feed(self.inbox))

    async def _feed(self, inbox: Inbox) -> None:
        # websockets takes 0.1 s to load: here, on the network's thread.
        from console.client.feed import LiveFeed

        await LiveFeed(self.api.base_url, self.session, inbox, language=self._language).run()

    def pump(self) -> bool:
        """Bring what has come into the store and tell who listens, for SLICE at most.

        True: there is more, so call again when the window has had its turn.
        """
        end = time.perf_counter() + SLICE
        if not self._worked_off(end):
            return True
        self._work = self._take(self.inbox.drain(), self.inbox.connection)
        return not self._worked_off(end)

    def _take(self, batch: Batch | None, connection: Connection) -> Iterator[None]:
        """One batch, then how the feed stands: it must not be live before what is live is shown."""
        if batch is not None:
            yield from self._store.steps(batch)
        self._follow_connection(connection)

    def _worked_off(self, end: float) -> bool:
        """Go on with the last batch until *end* (``perf_counter``); whether it is done."""
        return all(time.perf_counter() < end for _ in self._work)

    def _follow_connection(self, connection: Connection) -> None:
        """Say how the feed stands, and what the outbox holds."""
        came_up = connection.connected and not self.backend.connected
        if came_up or (connection.connected and self._store.known_at is not None):
            self._store.mark_stale(None)
        elif self.backend.connected and not connection.connected:
            self._store.mark_stale(self._store.server_time)
        self.backend.take_connection(connection)
        if self.outbox is not None:
            if came_up:
                self.outbox.retry_now()
            if self.outbox.revision != self._outbox_revision:
                self._outbox_revision = self.outbox.revision
                self.backend.tell_waiting()

    def keep_snapshot(self) -> Future[Any] | None:
        """Save what is known now for the next start; None while it is old itself."""
        if self._cache is None or self._store.known_at is not None:
            return None
        return self._pool.submit(_save, self._cache.save_snapshot, self._store.snapshot())

    def stop(self) -> None:
        """End feed and outbox; what is not delivered stays kept."""
        self._work = iter(())
        if self._feeding is not None:
            self._feeding.cancel()
            self._feeding = None
        if self.outbox is not None:
            self.backend.use_outbox(None)
            self._ending = self._pool.submit(self.outbox.close)
            self.outbox = None
        self._username = ""
        self._outbox_revision = 0

    def close(self) -> None:
        """Save what is known and stop; returns when all is on disk, or after some seconds."""
        kept = self.keep_snapshot()
        self.stop()
        wait([work for work in (kept, self._ending) if work is not None], CLOSING)


def _recall(cache: LocalCache, inbox: Inbox) -> None:
    snapshot = cache.load_snapshot()
    if snapshot is not None:
        inbox.put_old_snapshot(snapshot)


def _save(function: Callable[[Any], None], content: Any) -> None:
    """What the cache cannot keep costs a little at the next start, so it is only logged."""
    try:
        function(content)
    except OSError as error:
        log.warning("the local cache cannot be written: %s", error)
