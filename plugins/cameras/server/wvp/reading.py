"""The platform's answers, read with care: whatever stands in them, only what makes sense comes out."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from console.sdk.records import CameraKind, LonLat
from plugins.cameras.server.devices.driver import DeviceFault, Fault, Preset, Recording
from plugins.cameras.server.streams import Streams, checked

CHINA = timezone(timedelta(hours=8))
"""The platform's clock, wherever it stands."""
LONGEST_NAME = 128
_CODE = re.compile(r"[0-9A-Za-z_-]{1,63}", re.ASCII)
_KINDS = {
    1: (CameraKind.PTZ, True),
    2: (CameraKind.DOME, False),
    3: (CameraKind.BULLET, False),
    4: (CameraKind.BULLET, True),
    5: (CameraKind.DOME, True),
    6: (CameraKind.PANORAMA, False),
}
"""By the standard's PTZType: what it is built as, and whether it can be turned."""
_STREAMS = ("rtsp", "rtsps", "flv", "https_flv", "hls", "https_hls")
"""The best first."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A device that registered with the platform."""

    id: str
    name: str
    online: bool
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A channel as the platform tells it."""

    id: str
    name: str
    kind: CameraKind
    steerable: bool
    where: LonLat | None
    """In the datum of the platform."""
    owner: str
    online: bool


@dataclass(frozen=True, slots=True)
class Played:
    """A picture that the platform has begun."""

    streams: Streams
    app: str
    stream: str
    server: str
    """Names of the picture at the media server, as the platform wants them again."""


def garbled(what: str) -> DeviceFault:
    """An answer without *what* it must have."""
    return DeviceFault(Fault.GARBLED, f"the answer has no {what}")


def is_code(text: object) -> TypeGuard[str]:
    """Whether it can be an id of the platform: it is put into addresses."""
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


def is_stream(text: str) -> bool:
    """Whether it can be the name of a picture at the media server."""
    return re.fullmatch(r"[0-9A-Za-z_-]{1,128}", text, re.ASCII) is not None


def rows(data: object) -> tuple[list[dict[str, Any]], int]:
    """Of a page: its rows, and how many there are on all pages. Raises DeviceFault."""
    if not isinstance(data, dict) or not isinstance(found := data.get("list"), list):
        raise garbled("list")
    total = data.get("total")
    return [row for row in found if isinstance(row, dict)], total if _whole(total) else len(found)


def registered(row: dict[str, Any]) -> Registered | None:
    """A device; None: not one."""
    if not is_code(row.get("deviceId")):
        return None
    count = row.get("channelCount")
    name = _text(row.get("name")) or row["deviceId"]
    return Registered(row["deviceId"], name, row.get("onLine") is True, count if _whole(count) else 1)


def channel(row: dict[str, Any], device: Registered) -> Found | None:
    """A channel with a picture; None: a folder, or nothing."""
    if not is_code(row.get("deviceId")) or row.get("channelType") in (1, 2):
        return None
    kind, steerable = _KINDS.get(_small(row.get("ptzType")), (CameraKind.BULLET, False))
    return Found(
        id=f"{device.id}/{row['deviceId']}",
        name=_text(row.get("name")) or row["deviceId"],
        kind=kind,
        steerable=steerable,
        where=_where(row),
        owner=_text(row.get("owner")),
        online=device.online and row.get("status") == "ON",
    )


def played(data: object, hosts: Collection[str]) -> Played:
    """The best address of a picture that leads to one of *hosts*. Raises DeviceFault."""
    if not isinstance(data, dict):
        raise garbled("picture")
    refused = ""
    for name in _STREAMS:
        address, host = _address(data.get(name))
        if not address:
            continue
        if host in hosts:
            names = (data.get(key) for key in ("app", "stream", "mediaServerId"))
            app, stream, server = (each if isinstance(each, str) else "" for each in names)
            return Played(address, app, stream, server)
        refused = host
    if refused:
        raise DeviceFault(Fault.GARBLED, f"the media server {refused[:80]} is not among those allowed")
    raise garbled("address of a picture")


def watchers(data: object) -> int:
    """How many look at a picture at the media server."""
    count = data.get("readerCount") if isinstance(data, dict) else None
    return count if _whole(count) else 0


def presets(data: object) -> list[Preset]:
    """Those with a number, each once."""
    found = dict[str, Preset]()
    for row in data if isinstance(data, list) else []:
        if isinstance(row, dict) and (number := preset_number(row.get("presetId"))):
            found[str(number)] = Preset(str(number), _text(row.get("presetName")) or str(number))
    return list(found.values())


def preset_number(told: object) -> int:
    """1 to 255; 0: none."""
    if isinstance(told, str):
        told = int(told) if re.fullmatch(r"\d{1,6}", told.strip(), re.ASCII) else 0
    return told if _whole(told) and told <= 255 else 0


def recordings(data: object) -> list[Recording]:
    """By time; those that end before they begin are left out."""
    listed = data.get("recordList") if isinstance(data, dict) else None
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    spans = {span for row in rows for span in _span(row)}
    return [Recording(begin, end) for begin, end in sorted(spans)]


def told_time(seconds: float) -> str:
    """s since 1970 as the platform writes it."""
    return datetime.fromtimestamp(seconds, CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _span(row: dict[str, Any]) -> Iterator[tuple[float, float]]:
    with suppress(ValueError, TypeError, OverflowError):
        begin, end = (
            datetime.fromisoformat(row[name]).replace(tzinfo=CHINA).astimezone(UTC).timestamp()
            for name in ("startTime", "endTime")
            if isinstance(row.get(name), str)
        )
        if 0 <= begin < end:
            yield begin, end


def _address(told: object) -> tuple[Streams | None, str]:
    if not isinstance(told, str):
        return None, ""
    try:
        return checked(Streams(main=told)), (urlsplit(told.strip()).hostname or "").lower()
    except ValueError:
        return None, ""


def _where(row: dict[str, Any]) -> LonLat | None:
    lon, lat = row.get("longitude"), row.get("latitude")
    if not _number(lon) or not _number(lat) or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return None if lon == 0 or lat == 0 else (float(lon), float(lat))


def _number(told: object) -> TypeGuard[float]:
    return isinstance(told, int | float) and not isinstance(told, bool) and math.isfinite(told)


def _whole(told: object) -> TypeGuard[int]:
    return isinstance(told, int) and not isinstance(told, bool) and told >= 0


def _small(told: object) -> int:
    return told if isinstance(told, int) else 0


def _text(told: object) -> str:
    if not isinstance(told, str):
        return ""
    return "".join(each for each in told if each.isprintable()).strip()[:LONGEST_NAME]
