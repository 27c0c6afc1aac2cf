"""The database: one engine, reading and writing transactions, the same on SQLite and PostgreSQL.

Writing transactions run one after another on both: SQLite by ``BEGIN IMMEDIATE``,
PostgreSQL by an advisory lock. So the order of the change log is the order of
commits, and no two writers can deadlock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

reading_request: ContextVar[bool] = ContextVar("reading_request", default=False)
"""Set for GET and HEAD requests: their transactions only read."""

_WRITER_LOCK = 0x0E3A9
_BUSY_MS = 15_000


class Database:
    """Transactions on one database. Safe to use from many threads."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _make_engine(url, self.is_sqlite)
        self._after_commit: list[Callable[[], None]] = []

    def on_commit(self, function: Callable[[], None]) -> None:
        """*function* is called after each writing transaction, on the writer's thread."""
        self._after_commit.append(function)

    @contextmanager
    def session(self, *, write: bool | None = None) -> Iterator[Session]:
        """A transaction that commits at the end. *write* None: reading inside a GET request."""
        writes = not reading_request.get() if write is None else write
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            self._begin(session, writes)
            yield session
        if writes:
            for function in self._after_commit:
                function()

    def read(self) -> Any:
        """A reading transaction; all its statements see the same state."""
        return self.session(write=False)

    def write(self) -> Any:
        """A writing transaction."""
        return self.session(write=True)

    @contextmanager
    def bulk(self) -> Iterator[Connection]:
        """A writing transaction that PostgreSQL need not put in line: positions, counters."""
        with self.engine.connect() as connection, connection.begin():
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def _begin(self, session: Session, writes: bool) -> None:
        session.info["write"] = writes
        if self.is_sqlite:
            session.connection().exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
            return
        if writes:
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITER_LOCK})
        else:
            session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _make_engine(url: str, sqlite: bool) -> Engine:
    if sqlite:
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=20,
        max_overflow=30,
        pool_timeout=20,
        pool_pre_ping=not sqlite,
        connect_args={"check_same_thread": False} if sqlite else {"connect_timeout": 10},
    )
    if sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """WAL, waiting for writers, and transactions begun by us, not by the driver."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        f"busy_timeout = {_BUSY_MS}",
        "foreign_keys = ON",
        "cache_size = -16000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Session, "before_flush")
def _refuse_write(session: Session, _context: Any, _instances: Any) -> None:
    if session.info.get("write") is False and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a write in a reading transaction: open it with write=True")
