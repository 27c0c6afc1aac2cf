"""What the console knows now. Read and written on the GUI thread alone."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from console.model.positions import Positions
from console.sdk.live import Change
from console.sdk.map import Undo
from console.store.batch import Batch, Clock, RecordChange, Snapshot
from console.store.collection import RecordCollection
from console.store.handlers import Handlers
from console.store.positions import PositionTable

STEP = 500
"""Records taken in one step, well under a millisecond."""


class LiveStore:
    """Implements ``console.sdk.live.Live``. ``steps`` is the only way in."""

    def __init__(self) -> None:
        self._collections: dict[str, RecordCollection] = {}
        self._positions = PositionTable()
        self._clock: Clock | None = None
        self._stale = Handlers()
        self.known_at: float | None = None
        """Backend's time of the last known state while cut off; None while live."""

    def collection(self, record_type: str) -> RecordCollection:
        """The collection of a type; an unknown type has an empty one."""
        return self._collections.setdefault(record_type, RecordCollection())

    @property
    def positions(self) -> PositionTable:
        """Last positions of all moving things."""
        return self._positions

    @property
    def server_time(self) -> float:
        """The backend's clock, s since 1970; the local one until the backend was heard."""
        if self._clock is None:
            return time.time()
        return self._clock.time + (time.monotonic() - self._clock.heard)

    def on_stale(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when ``known_at`` changed."""
        return self._stale.add(handler)

    def mark_stale(self, known_at: float | None) -> None:
        """Say that what is shown is as of *known_at*, or live (None)."""
        if known_at != self.known_at:
            self.known_at = known_at
            self._stale.call()

    def apply(self, batch: Batch) -> None:
        """Take one batch in, at once."""
        for _ in self.steps(batch):
            pass

    def steps(self, batch: Batch) -> Iterator[None]:
        """Take one batch in, a little a step: a city's first snapshot is more than a frame's work.

        A snapshot replaces what is known in one step. Handlers are called once a
        collection, one a step, after all is in place. The next batch must wait for the end.
        """
        if batch.clock is not None:
            self._clock = batch.clock
        before: dict[str, Change] = {}
        if batch.snapshot:
            fresh: dict[str, dict[str, Any]] = {}
            yield from _by_id(batch.snapshot, fresh)
            before = self._reset(batch.snapshot.positions, fresh)
            yield
        touched: defaultdict[str, set[str]] = defaultdict(set)
        yield from self._change(batch.changes, touched)
        merged = {name: self._merged(name, ids, before.get(name)) for name, ids in touched.items()}
        moved = batch.positions is not None and self._positions.upsert(batch.positions)
        if batch.snapshot:
            self.mark_stale(batch.snapshot.time if batch.snapshot.stale else None)
        yield
        for record_type, change in (before | merged).items():
            yield from self.collection(record_type).announce(change)
        if moved or batch.snapshot:
            yield from self._positions.announce()

    def snapshot(self) -> Snapshot:
        """What is known, for the local cache; records are shared, positions copied."""
        columns = self._positions.columns()
        records = {name: list(known.all()) for name, known in self._collections.items()}
        copy = Positions.from_wire(columns.to_wire())
        return Snapshot(records=records, positions=copy, time=self.server_time)

    def _reset(self, positions: Positions, fresh: dict[str, dict[str, Any]]) -> dict[str, Change]:
        self._positions.reset(positions)
        changes: dict[str, Change] = {}
        for record_type in {*self._collections, *fresh}:
            records = fresh.get(record_type, {})
            gone = self.collection(record_type).reset(records)
            changes[record_type] = Change(frozenset(records), gone, reset=True)
        return changes

    def _change(self, entries: list[RecordChange], touched: defaultdict[str, set[str]]) -> Iterator[None]:
        """Apply single changes in order; *touched* gets the ids of those that changed something."""
        for at, entry in enumerate(entries, start=1):
            known = self.collection(entry.type)
            if entry.record is None:
                changed = known.drop(entry.id, entry.version)
            else:
                changed = known.put(entry.id, entry.record)
            if changed:
                touched[entry.type].add(entry.id)
            if at % STEP == 0:
                yield

    def _merged(self, record_type: str, ids: set[str], before: Change | None) -> Change:
        """What changed in all; *before*: by a reset in the same batch."""
        known = self.collection(record_type)
        every = ids | before.put | before.gone if before else ids
        put = frozenset(record_id for record_id in every if known.get(record_id) is not None)
        return Change(put, frozenset(every) - put, reset=before is not None)


def _by_id(snapshot: Snapshot, fresh: dict[str, dict[str, Any]]) -> Iterator[None]:
    """Fill *fresh* with the records of *snapshot*, by type and id."""
    for record_type, rows in snapshot.records.items():
        mine = fresh[record_type] = dict[str, Any]()
        waiting = iter(rows)
        while part := list(islice(waiting, STEP)):
            mine.update((record.id, record) for record in part)
            yield
