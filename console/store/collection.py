"""Live records of one type: the newest version wins, whatever the order of arrival."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from console.sdk.live import Change
from console.sdk.map import Undo
from console.store.handlers import Handlers

MAX_TOMBSTONES = 20_000
"""Dropped records remembered, so that a late copy does not bring one back."""


class RecordCollection:
    """Implements ``console.sdk.live.Collection``; only LiveStore writes."""

    def __init__(self) -> None:
        self._records: dict[str, Any] = {}
        self._tombstones: dict[str, int] = {}
        self._handlers = Handlers()

    def get(self, record_id: str) -> Any | None:
        """The record, or None."""
        return self._records.get(record_id)

    def all(self) -> Iterable[Any]:
        """All records; a view that must not be kept over a batch."""
        return self._records.values()

    def __len__(self) -> int:
        return len(self._records)

    def on_change(self, handler: Callable[[Change], None]) -> Undo:
        """*handler* is called once a batch."""
        return self._handlers.add(handler)

    def put(self, record_id: str, record: Any) -> bool:
        """Take *record* unless a newer one is known; whether it was taken."""
        version = _version(record)
        if version < self._tombstones.get(record_id, -1):
            return False
        present = self._records.get(record_id)
        if present is not None and version < _version(present):
            return False
        self._records[record_id] = record
        return present != record

    def drop(self, record_id: str, version: int = 0) -> bool:
        """Forget a record, unless a version newer than *version* (0: any) is known."""
        present = self._records.get(record_id)
        if present is not None and version and version < _version(present):
            return False
        held = _version(present)
        # A copy as old as the one dropped stays away as well: hence the + 1.
        self._bury(record_id, max(version, held + 1 if held else 0))
        self._records.pop(record_id, None)
        return present is not None

    def reset(self, records: dict[str, Any]) -> frozenset[str]:
        """Replace everything; the ids that are gone."""
        gone = frozenset(self._records) - frozenset(records)
        self._records, self._tombstones = records, {}
        return gone

    def announce(self, change: Change) -> Iterator[None]:
        """Tell the handlers, one a step."""
        return self._handlers.calls(change)

    def _bury(self, record_id: str, version: int) -> None:
        version = max(version, self._tombstones.pop(record_id, 0))
        self._tombstones[record_id] = version
        if len(self._tombstones) > MAX_TOMBSTONES:
            del self._tombstones[next(iter(self._tombstones))]


def _version(record: Any) -> int:
    """Versions that are texts (layers) have no order: the last one to come wins."""
    version = getattr(record, "version", 0)
    return version if isinstance(version, int) else 0
