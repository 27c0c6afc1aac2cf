"""Intent that must not be lost: kept on disk in order, delivered once.

An entry is on disk before it is sent and leaves it when the backend answered.
The Idempotency-Key is kept with it, so that sending it again after a break, a
restart or a kill -9 does nothing twice. Two threads of its own: one writes
(``submit`` never waits for the network), one delivers, in order.
"""

from __future__ import annotations

import contextlib
import logging
import random
import sqlite3
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from console.client.api import Api
from console.client.outbox_file import Entry, open_first_free
from console.model.text import Text
from console.sdk.context import Waiting
from console.sdk.errors import BackendAway, BackendError, NotAccepted, NotSignedIn
from console.sdk.map import Undo

log = logging.getLogger(__name__)

FIRST_RETRY, LAST_RETRY = 0.5, 15.0
"""Seconds between tries; doubled each time, with jitter."""
_NOT_KEPT = Text("本机磁盘无法保存，指令未被接受：", "Not accepted, the local disk cannot keep it: ")


class Outbox:
    """The outbox of one account. Every entry is tried until the backend answers it."""

    def __init__(self, folder: Path, api: Api, account: str = "") -> None:
        """Opens a file in *folder* and begins to deliver what it holds. Raises NotAccepted if it cannot.

        Nothing is ever sent with the token of another than *account* (a user name).
        """
        self._api, self._account = api, account
        try:
            self._file = open_first_free(folder)
        except (OSError, sqlite3.Error) as error:
            raise self._not_kept(error) from error
        self._lock = threading.Lock()
        self._answers: dict[str, Future[Any]] = {}
        self._entries = {entry.id: entry for entry in self._file.load()}
        self._wake = threading.Event()
        self._closing = threading.Event()
        self.revision = 0
        """Grows with every change, for observers that look now and then."""
        self._writer = ThreadPoolExecutor(1, "onemap-outbox-write")
        self._courier = threading.Thread(target=self._deliver_all, name="onemap-outbox", daemon=True)
        self._courier.start()

    def submit(self, title: str, method: str, path: str, body: Any = None) -> Future[Any]:
        """Keep and send; the future has the backend's answer, however late.

        It fails with BackendError if the backend refuses, with NotAccepted at
        once if the disk cannot keep it. It cannot be cancelled: intent stays.
        """
        entry = Entry(
            id=str(uuid.uuid4()), title=title, method=method, path=path, body=body, since=time.time()
        )
        answer: Future[Any] = Future()
        answer.set_running_or_notify_cancel()
        self._writer.submit(self._keep, entry, answer)
        return answer

    def waiting(self) -> list[Waiting]:
        """What is not confirmed, in order of delivery, refused entries included."""
        with self._lock:
            return [entry.waiting() for entry in self._entries.values()]

    def dismiss(self, entry_id: str) -> None:
        """Forget a refused entry; one that still waits stays."""
        self._writer.submit(self._forget_refused, entry_id)

    def withdraw(self, entry_id: str) -> Future[Undo | None]:
        """Take back what was not sent yet. The future has what puts it back in place, or None: too late."""
        return self._writer.submit(self._take_back, entry_id)

    def retry_now(self) -> None:
        """Do not wait out the present pause: the backend is back."""
        self._wake.set()

    def close(self) -> None:
        """Stop; what is not delivered stays on disk. A call under way is sent again later, with its key."""
        self._closing.set()
        self._wake.set()
        self._writer.shutdown(wait=True)
        self._courier.join(2)
        self._file.close()

    def _keep(self, entry: Entry, answer: Future[Any]) -> None:
        try:
            entry = self._file.add(entry)
        except (OSError, sqlite3.Error) as error:
            answer.set_exception(self._not_kept(error))
            return
        with self._lock:
            self._answers[entry.id] = answer
            self._entries[entry.id] = entry
            self.revision += 1
        self._wake.set()

    def _forget_refused(self, entry_id: str) -> None:
        with self._lock:
            entry = self._entries.get(entry_id)
        if entry is not None and entry.error:
            self._remove(entry)

    def _take_back(self, entry_id: str) -> Undo | None:
        with self._lock:  # the courier marks what it sends under the same lock
            entry = self._entries.get(entry_id)
            if entry is None or entry.error or entry.under_way:
                return None
            del self._entries[entry_id]
            self.revision += 1
        if self._write(self._file.remove, entry):
            return lambda: self._put_back(entry)
        self._show_again(entry)  # or it would come back with the next start, and be sent
        return None

    def _put_back(self, entry: Entry) -> None:
        """The user thought better of withdrawing it."""
        with contextlib.suppress(RuntimeError):  # the account was closed meanwhile
            self._writer.submit(self._keep_again, entry)

    def _keep_again(self, entry: Entry) -> None:
        if self._write(self._file.add, entry):
            self._show_again(entry)
            self._wake.set()

    def _show_again(self, entry: Entry) -> None:
        with self._lock:
            entries = sorted([*self._entries.values(), entry], key=lambda each: each.place)
            self._entries = {each.id: each for each in entries}
            self.revision += 1

    def _deliver_all(self) -> None:
        pause = FIRST_RETRY
        while not self._closing.is_set():
            self._wake.clear()
            entry = self._take_next()
            if entry is None:
                self._wake.wait()
            elif self._deliver(entry):
                pause = FIRST_RETRY
            else:
                self._wake.wait(pause * random.uniform(0.7, 1.3))
                pause = min(LAST_RETRY, pause * 2)

    def _take_next(self) -> Entry | None:
        """The next to be sent, as it was before; from now on it cannot be withdrawn."""
        with self._lock:
            entry = next((entry for entry in self._entries.values() if not entry.error), None)
            if entry is not None and not entry.under_way:
                self._entries[entry.id] = replace(entry, under_way=True)
                self.revision += 1
            return entry

    def _deliver(self, entry: Entry) -> bool:
        """One try; whether the entry is through, answered or refused. *entry* is as it was before."""
        if not entry.under_way:
            self._write(self._file.update, replace(entry, under_way=True))
        try:
            answer = self._api.call(entry.method, entry.path, entry.body, key=entry.id, account=self._account)
        except NotSignedIn:
            return self._not_done(entry)
        except BackendAway as error:
            return not error.sent and self._not_done(entry)
        except BackendError as error:
            if error.status >= 500 or error.status == 429:
                log.warning("%s waits: %s", entry.title, error)
                return False
            self._refuse(entry, error)
            return True
        self._remove(entry)
        self._settle(entry.id, answer, None)
        return True

    def _not_done(self, entry: Entry) -> bool:
        """This try did nothing: the entry is again what it was before. False: it is not through."""
        self._write(self._file.update, entry)
        with self._lock:
            self._entries[entry.id] = entry
            self.revision += 1
        return False

    def _refuse(self, entry: Entry, error: BackendError) -> None:
        """Keep what the backend said, so that it can be shown even after a restart."""
        refused = entry.refused(str(error))
        self._write(self._file.update, refused)
        with self._lock:
            self._entries[entry.id] = refused
            self.revision += 1
        self._settle(entry.id, None, error)

    def _remove(self, entry: Entry) -> None:
        self._write(self._file.remove, entry)
        with self._lock:
            self._entries.pop(entry.id, None)
            self.revision += 1

    def _write(self, function: Any, entry: Entry) -> bool:
        """A failing write is not fatal here: at worst the entry is sent again, with the same key."""
        try:
            function(entry)
        except (OSError, sqlite3.Error) as error:
            log.warning("the outbox cannot be written: %s", error)
            return False
        return True

    def _settle(self, entry_id: str, answer: Any, error: BackendError | None) -> None:
        with self._lock:
            future = self._answers.pop(entry_id, None)
        if future is None:  # given before the last restart: nobody waits
            return
        if error is None:
            future.set_result(answer)
        else:
            future.set_exception(error)

    def _not_kept(self, error: Exception) -> NotAccepted:
        return NotAccepted(_NOT_KEPT.get(self._api.language()) + str(error))
