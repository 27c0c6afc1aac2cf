"""The datum in which each way in gives positions: WGS84 by every protocol, unless a deployment
knows better (apps built with Chinese map libraries report GCJ-02). Converted once, at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from console.model.coordinates import Datum, to_wgs84
from console.model.datum_checks import FeedDatum
from console.model.positions import PositionSource
from console.model.text import Text
from console.sdk.server import PositionFix
from console.server.settings import SettingError

SETTING = "ONEMAP_FEED_DATUMS"
TITLES: dict[PositionSource, Text] = {
    PositionSource.OSMAND: Text("OsmAnd、Traccar Client 手机定位", "OsmAnd and Traccar Client"),
    PositionSource.OWNTRACKS: Text("OwnTracks 手机定位（HTTP、MQTT）", "OwnTracks (HTTP, MQTT)"),
    PositionSource.COT: Text("TAK 终端（CoT，TCP/TLS）", "TAK, Cursor-on-Target by TCP or TLS"),
    PositionSource.MESH: Text("TAK 终端（CoT，组播）", "TAK, Cursor-on-Target by multicast"),
    PositionSource.VEHICLE: Text("车辆定位（GTFS-realtime）", "Vehicles (GTFS-realtime)"),
    PositionSource.PLUGIN: Text("插件接入的定位", "Positions that plugins take in"),
}


def feed_datums(text: str) -> dict[PositionSource, Datum]:
    """Read ``owntracks=gcj02,vehicle=bd09``; what is not named is WGS84. Raises SettingError."""
    sources = {source.name.lower(): source for source in TITLES}
    found: dict[PositionSource, Datum] = {}
    for part in filter(None, (part.strip().lower() for part in text.split(","))):
        feed, _, datum = (side.strip() for side in part.partition("="))
        if feed not in sources or datum not in set(Datum):
            names = f"{', '.join(sources)} = {', '.join(Datum)}"
            raise SettingError(f"{SETTING} should name feeds and their datums: {names}")
        found[sources[feed]] = Datum(datum)
    return found


class FeedDatums:
    """What comes in is turned to WGS84 here and nowhere else."""

    def __init__(self, declared: Mapping[PositionSource, Datum]) -> None:
        self._shifted = {source: datum for source, datum in declared.items() if datum is not Datum.WGS84}

    def to_wgs84(self, fixes: Sequence[PositionFix]) -> Sequence[PositionFix]:
        """*fixes* in WGS84 degrees."""
        if not self._shifted:
            return fixes
        return [self._converted(fix) if fix.source in self._shifted else fix for fix in fixes]

    def _converted(self, fix: PositionFix) -> PositionFix:
        if not (abs(fix.lon) <= 180 and abs(fix.lat) <= 90) or fix.lon == fix.lat == 0:
            return fix  # no place at all: judged as it came
        lon, lat = to_wgs84(np.array([fix.lon]), np.array([fix.lat]), self._shifted[fix.source])
        return replace(fix, lon=float(lon[0]), lat=float(lat[0]))

    def ledger(self) -> tuple[FeedDatum, ...]:
        """A line a way in."""
        return tuple(
            FeedDatum(
                id=source.name.lower(),
                title_zh=title.zh_CN,
                title_en=title.en,
                datum=str(self._shifted.get(source, Datum.WGS84)),
                datum_known="declared",
            )
            for source, title in TITLES.items()
        )
