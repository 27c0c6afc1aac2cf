"""What the console knows now. Read and written on the GUI thread alone."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

from console.model.positions import Positions
from console.sdk.live import Change
from console.sdk.map import Undo
from console.store.batch import Batch, Clock, RecordChange, Snapshot
from console.store.collection import RecordCollection
from console.store.handlers import Handlers
from console.store.positions import PositionTable


class LiveStore:
    """Implements ``console.sdk.live.Live``. ``apply`` is the only way in."""

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
        """Take one batch in; handlers are called once a collection, after all is in place."""
        if batch.clock is not None:
            self._clock = batch.clock
        changes = self._reset(batch.snapshot) if batch.snapshot else {}
        changes |= self._change(batch.changes, changes)
        moved = batch.positions is not None and self._positions.upsert(batch.positions)
        if batch.snapshot:
            self.mark_stale(batch.snapshot.time if batch.snapshot.stale else None)
        for record_type, change in changes.items():
            self.collection(record_type).announce(change)
        if moved or batch.snapshot:
            self._positions.announce()

    def snapshot(self) -> Snapshot:
        """What is known, for the local cache; records are shared, positions copied."""
        columns = self._positions.columns()
        records = {name: list(known.all()) for name, known in self._collections.items()}
        copy = Positions.from_wire(columns.to_wire())
        return Snapshot(records=records, positions=copy, time=self.server_time)

    def _reset(self, snapshot: Snapshot) -> dict[str, Change]:
        self._positions.reset(snapshot.positions)
        changes: dict[str, Change] = {}
        for record_type in {*self._collections, *snapshot.records}:
            records = {record.id: record for record in snapshot.records.get(record_type, ())}
            gone = self.collection(record_type).reset(records)
            changes[record_type] = Change(frozenset(records), gone, reset=True)
        return changes

    def _change(self, entries: list[RecordChange], before: dict[str, Change]) -> dict[str, Change]:
        """Apply single changes; those of a type that was reset in this batch are merged with it."""
        touched: defaultdict[str, set[str]] = defaultdict(set)
        for entry in entries:
            known = self.collection(entry.type)
            if entry.record is None:
                changed = known.drop(entry.id, entry.version)
            else:
                changed = known.put(entry.id, entry.record)
            if changed:
                touched[entry.type].add(entry.id)
        return {name: self._merged(name, ids, before.get(name)) for name, ids in touched.items()}

    def _merged(self, record_type: str, ids: set[str], before: Change | None) -> Change:
        known = self.collection(record_type)
        every = ids | before.put | before.gone if before else ids
        put = frozenset(record_id for record_id in every if known.get(record_id) is not None)
        return Change(put, frozenset(every) - put, reset=before is not None)
