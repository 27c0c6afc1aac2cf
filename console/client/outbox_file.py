"""The SQLite file behind the outbox. One process at a time; safe on several threads.

A second console of the same account takes a second file; what a closed console
left in its file is taken over by the next that starts.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from console.sdk.context import Waiting

MAX_CONSOLES = 16
"""Of one account on one machine."""
_SCHEMA = """
create table if not exists entry (
    place integer primary key autoincrement, id text not null unique, title text not null,
    method text not null, path text not null, body text not null, since real not null, error text not null,
    under_way integer not null default 0
)
"""

_COLUMNS = "id, title, method, path, body, since, error, under_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One kept call; *id* is its Idempotency-Key, *error* what the backend said when it refused.

    *under_way*: it was sent, and may have been done, but no answer has come. *place*: its turn.
    """

    id: str
    title: str
    method: str
    path: str
    body: Any
    since: float
    error: str = ""
    under_way: bool = False
    place: int = 0

    def refused(self, error: str) -> Entry:
        """The same, ended by the backend's refusal."""
        return replace(self, error=error)

    def waiting(self) -> Waiting:
        """As plugins see it."""
        return Waiting(
            id=self.id,
            title=self.title,
            method=self.method,
            path=self.path,
            body=self.body,
            since=self.since,
            error=self.error,
            under_way=self.under_way,
        )


class OutboxFile:
    """Entries in order of arrival. All methods raise sqlite3.Error when the disk fails."""

    def __init__(self, path: Path) -> None:
        """Open, for us alone: a second console of the account must not deliver as well."""
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=0.1, check_same_thread=False, isolation_level=None)
        self._connection.execute("pragma locking_mode = exclusive")
        # A roll-back journal and full sync: an accepted entry survives a power cut.
        self._connection.execute("pragma journal_mode = delete")
        self._connection.execute("pragma synchronous = full")
        self._connection.execute(_SCHEMA)
        self._add_under_way()
        self._connection.execute("begin exclusive")
        self._connection.execute("commit")

    def load(self) -> list[Entry]:
        """All entries, oldest first."""
        with self._lock:
            rows = self._connection.execute(f"select {_COLUMNS}, place from entry order by place").fetchall()  # noqa: S608
        return [
            Entry(
                id=row[0],
                title=row[1],
                method=row[2],
                path=row[3],
                body=msgspec.json.decode(row[4]),
                since=row[5],
                error=row[6],
                under_way=bool(row[7]),
                place=row[8],
            )
            for row in rows
        ]

    def add(self, entry: Entry) -> Entry:
        """Keep *entry* durably: in its place if it had one, else after all others."""
        body = msgspec.json.encode(entry.body).decode()
        values = (entry.id, entry.title, entry.method, entry.path, body, entry.since, entry.error)
        with self._lock:
            made = self._connection.execute(
                f"insert or ignore into entry ({_COLUMNS}, place) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (*values, int(entry.under_way), entry.place or None),
            )
        return entry if entry.place else replace(entry, place=made.lastrowid or 0)

    def update(self, entry: Entry) -> None:
        """Keep what has become of *entry*."""
        with self._lock:
            self._connection.execute(
                "update entry set error = ?, under_way = ? where id = ?",
                (entry.error, int(entry.under_way), entry.id),
            )

    def remove(self, entry: Entry) -> None:
        """Forget *entry*."""
        with self._lock:
            self._connection.execute("delete from entry where id = ?", (entry.id,))

    def _add_under_way(self) -> None:
        """Files of version 1.0 lack the column."""
        if not any(row[1] == "under_way" for row in self._connection.execute("pragma table_info(entry)")):
            self._connection.execute("alter table entry add column under_way integer not null default 0")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def open_first_free(folder: Path) -> OutboxFile:
    """The first file that no other console holds, with what closed consoles left in theirs.

    Raises sqlite3.Error, OSError when the disk fails or all files are held.
    """
    mine: OutboxFile | None = None
    for number in range(1, MAX_CONSOLES + 1):
        path = folder / ("outbox.db" if number == 1 else f"outbox-{number}.db")
        if mine is not None and not path.exists():
            continue
        try:
            file = OutboxFile(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            continue
        if mine is None:
            mine = file
        else:
            _take_over(file, mine)
    if mine is None:
        raise sqlite3.OperationalError(f"{MAX_CONSOLES} consoles of this account are open")
    return mine


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries wait, and how many the backend refused."""

    waiting: int = 0
    refused: int = 0


def count_entries(folder: Path) -> Counts:
    """What is kept in *folder*, without delivering it; what another console holds is not counted."""
    waiting = refused = 0
    for path in folder.glob("outbox*.db"):
        try:
            connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", timeout=0.1, uri=True)
            with contextlib.closing(connection):
                rows = connection.execute("select error from entry").fetchall()
        except sqlite3.Error:
            continue
        refused += sum(bool(error) for (error,) in rows)
        waiting += sum(not error for (error,) in rows)
    return Counts(waiting, refused)


def _take_over(file: OutboxFile, mine: OutboxFile) -> None:
    """Move all entries; a fault in between leaves them in both, with one key, so nothing is done twice."""
    for entry in file.load():
        mine.add(replace(entry, place=0))
        file.remove(entry)
    file.close()
