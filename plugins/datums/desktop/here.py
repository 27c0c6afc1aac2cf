"""Measuring on this machine: what the backend doesn't have, by the files that the map draws."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from console.sdk import Context, OneMapError, PositionFlag, PositionSource
from console.sdk.datums import (
    FEWEST,
    TILES,
    PackageError,
    measure_device_places,
    measure_files,
    measure_tiles,
)
from console.sdk.json_file import JsonFile
from console.sdk.records import DatumCheck
from plugins.datums.desktop.entry import Entry

UNSURE = PositionFlag.JUMP | PositionFlag.NULL_ISLAND | PositionFlag.MOCK
ACCURATE = 50.0
"""Metres: what a device itself calls less accurate is left out."""
KEPT = 200
"""Results that are kept from start to start."""
DEVICE = "feed/"


class NotMeasured(OneMapError):
    """The files of a layer are not there or broken; the text is for the user."""


class _Kept(msgspec.Struct, frozen=True):
    """One result, with what both layers were."""

    check: DatumCheck
    versions: tuple[str, str]


class HereMeasurer:
    """Remembers its results as long as both layers are what they were."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._kept: dict[str, _Kept] = {}
        self._file = JsonFile(ctx, "checks.json")
        self._file.load(self._take)

    def check_of(self, entry: Entry, versions: dict[str, str]) -> DatumCheck | None:
        """What was found of *entry*, if it still holds; *versions* of all layers by key."""
        kept = self._kept.get(entry.key)
        if kept is None:
            return None
        now = versions.get(entry.key, ""), versions.get(kept.check.reference, "")
        return kept.check if now == kept.versions else None

    def devices(self, entry: Entry) -> int:
        """Devices that report by a feed, with a place that can be measured."""
        return int(np.count_nonzero(self._of_feed(entry)))

    async def measure(self, entry: Entry, reference: Entry) -> DatumCheck:
        """Measure *entry* against *reference*. Raises NotMeasured."""
        names, against = (entry.key, reference.key), self._files(reference)
        try:
            if entry.kind == TILES:
                tiles = self._tiles(entry)
                found = await self._ctx.tasks.run(
                    measure_tiles, tiles, entry.datum, against, reference.kind, names
                )
            elif entry.is_feed:
                positions, rows = self._ctx.live.positions.columns(), self._of_feed(entry)
                places = positions.lon[rows].copy(), positions.lat[rows].copy()
                found = await self._ctx.tasks.run(measure_device_places, *places, entry.datum, against, names)
            else:
                files = self._files(entry)
                found = await self._ctx.tasks.run(measure_files, files, entry.datum, against, names)
        except (OSError, PackageError, ValueError) as error:
            raise NotMeasured(self._ctx.tr("Its features cannot be read: {error}", error=error)) from error
        return replace(found, at=time.time(), by=self._ctx.tr("on this machine"))

    def keep(self, check: DatumCheck, versions: dict[str, str]) -> None:
        """Remember a result, the newest last; of devices only until the program ends, as they move on."""
        kept = _Kept(check, (versions.get(check.layer, ""), versions.get(check.reference, "")))
        self._kept.pop(check.layer, None)
        self._kept[check.layer] = kept
        lasting = [row for key, row in self._kept.items() if not key.startswith(DEVICE)]
        self._file.save(msgspec.to_builtins(lasting[-KEPT:]))

    def _tiles(self, entry: Entry) -> str:
        found = self._ctx.map.layers.tiles(entry.key)
        if found is None:
            raise NotMeasured(self._ctx.tr("The layer is not on the map any more"))
        return found

    def _files(self, entry: Entry) -> list[str]:
        if entry.own is not None:
            return list(entry.own.packages)
        found = self._ctx.map.layers.files(entry.key)
        if found is None:
            raise NotMeasured(self._ctx.tr("The layer has not come to this machine yet"))
        return list(found.packages)

    def _of_feed(self, entry: Entry) -> Any:
        """Mask of the present positions that came by the feed and can be trusted."""
        positions = self._ctx.live.positions.columns()
        source = PositionSource[entry.key.removeprefix(DEVICE).upper()]
        with np.errstate(invalid="ignore"):
            vague = positions.accuracy > ACCURATE
        placed = np.isfinite(positions.lon) & np.isfinite(positions.lat)
        return (positions.source == source) & placed & ~vague & ((positions.flags & UNSURE) == 0)

    def _take(self, rows: list[Any]) -> None:
        """What was found the last time; rows that nobody understands are left out."""
        for row in rows:
            try:
                kept = msgspec.convert(row, _Kept)
            except msgspec.ValidationError:
                continue
            self._kept.setdefault(kept.check.layer, kept)


def enough(devices: int) -> bool:
    """Whether so many devices can be judged."""
    return devices >= FEWEST
