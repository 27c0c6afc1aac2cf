"""What is told to whom: providers of snapshots, and views that consoles share."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from console.sdk.server import Caller
from console.server.changes import last_seq
from console.server.db import Database

log = logging.getLogger(__name__)

SnapshotFunction = Callable[[Session, Caller], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class View:
    """What one console is shown: its areas and record types. Equal views share all encoding."""

    areas: tuple[str, ...]
    types: frozenset[str]
    positions: bool

    def stream(self, database: str) -> str:
        """Name of the log as this view sees it: a console may only resume within the same view."""
        content = [database, *self.areas, "", *sorted(self.types), str(self.positions)]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class _Provider:
    snapshot: SnapshotFunction
    action: str


class FeedSources:
    """Providers of all record types, and snapshots shared by equal views."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._providers: dict[str, _Provider] = {}
        self._snapshots: dict[View, tuple[int, dict[str, msgspec.Raw]]] = {}
        self._lock = threading.Lock()

    def provide(self, record_type: str, snapshot: SnapshotFunction, action: str) -> None:
        """Register the provider of a record type. Raises ValueError for a second one."""
        if record_type in self._providers:
            raise ValueError(f"the record type {record_type} has a provider already")
        self._providers[record_type] = _Provider(snapshot, action)

    def view(self, caller: Caller, wanted: Sequence[str] | None) -> View:
        """The caller's view, narrowed to the areas *wanted*."""
        types = frozenset(t for t, p in self._providers.items() if p.action in caller.rights)
        areas = narrow_areas(caller.areas, wanted)
        return View(areas, types, "positions.read" in caller.rights)

    def snapshot(self, caller: Caller, view: View) -> tuple[int, dict[str, msgspec.Raw]]:
        """Sequence number and all records of *view*, each type as MessagePack array. Blocks.

        Consoles of one view that come together (after a restart) share the work.
        """
        with self._lock, self._database.read() as session:
            seq = last_seq(session)
            known = self._snapshots.get(view)
            if known and known[0] == seq:
                return known
            narrowed = replace(caller, areas=view.areas)
            records = {t: self._records(session, narrowed, t) for t in sorted(view.types)}
            self._snapshots = {v: s for v, s in self._snapshots.items() if s[0] == seq}
            self._snapshots[view] = seq, records
            return seq, records

    def _records(self, session: Session, caller: Caller, record_type: str) -> msgspec.Raw:
        rows = list(self._providers[record_type].snapshot(session, caller))
        return msgspec.Raw(msgspec.msgpack.encode(rows))


def narrow_areas(allowed: Sequence[str], wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The part of *wanted* that lies in *allowed*; None wants all that is allowed."""
    if wanted is None:
        return tuple(sorted(allowed))
    inner = {code for code in wanted if code.startswith(tuple(allowed))} if allowed else set[str]()
    outer = {code for code in allowed if code.startswith(tuple(wanted))} if wanted else set[str]()
    return tuple(sorted(inner | outer))
