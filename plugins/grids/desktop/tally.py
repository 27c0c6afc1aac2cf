"""Live counts of records by area, kept up to date by what changed alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from console.sdk import Change, Collection, parent_area


class Tally:
    """How many records of one type lie in each area, those below it included."""

    def __init__(self, counts: Callable[[Any], bool]) -> None:
        """*counts* says whether a record is counted now (on duty, open …)."""
        self._counts = counts
        self._area_of: dict[str, str] = {}
        self._here: Counter[str] = Counter()

    def __getitem__(self, area: str) -> int:
        return self._here[area]

    def lacking(self, areas: Iterable[str]) -> list[str]:
        """Those of *areas* without any."""
        here = self._here
        return [area for area in areas if area not in here or not here[area]]

    def apply(self, change: Change, collection: Collection[Any]) -> None:
        """Follow a change of the live collection."""
        if change.reset:
            self.load(collection.all())
            return
        for key in change.gone:
            self._set(key, None)
        for key in change.put:
            self._set(key, collection.get(key))

    def load(self, records: Iterable[Any]) -> None:
        """Count *records* anew: areas first, then their parents, which are far fewer than the records."""
        self._area_of = {record.id: record.area for record in records if self._counts(record)}
        self._here = Counter()
        for area, count in Counter(self._area_of.values()).items():
            self._add(area, count)

    def _set(self, key: str, record: Any | None) -> None:
        now = record.area if record is not None and self._counts(record) else None
        before = self._area_of.pop(key, None)
        if now is not None:
            self._area_of[key] = now
        if now != before:
            if before is not None:
                self._add(before, -1)
            if now is not None:
                self._add(now, 1)

    def _add(self, area: str | None, count: int) -> None:
        while area:
            self._here[area] += count
            area = parent_area(area)
