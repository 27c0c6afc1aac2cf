"""Service ``cameras.import``: cameras of a table, for the command line and administrators."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from sqlalchemy import select

from console.sdk.records import CameraKind
from console.sdk.server import Caller, OtherKey, ServerContext, Session, sees_whole_district
from plugins.cameras.server.catalogue import to_record
from plugins.cameras.server.devices.driver import Fault
from plugins.cameras.server.devices.words import WORDS
from plugins.cameras.server.importing.rows import Line, Reader, Rejected
from plugins.cameras.server.streams import StreamBook, Streams, hosts_of
from plugins.cameras.server.tables import CameraRow, StreamRow

MOST = 100_000
"""Lines of one table."""
Row = TypeVar("Row", CameraRow, StreamRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became, or would become, of a table. With lines rejected nothing is stored, unless the others
    were asked for."""

    added: int
    changed: int
    same: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """Rows by the id of their camera."""

    cameras: Mapping[str, CameraRow]
    streams: Mapping[str, StreamRow]


class CameraImport:
    """Works in the transaction of its caller: all or nothing, audited."""

    def __init__(self, server: ServerContext, streams: StreamBook) -> None:
        self._server, self._streams = server, streams

    def take(
        self,
        session: Session,
        lines: Sequence[Mapping[str, Any]],
        *,
        datum: str = "wgs84",
        columns: Mapping[str, str] | None = None,
        caller: Caller | None = None,
        without_rejected: bool = False,
    ) -> Imported:
        """Store the cameras of a table; who is known by id is brought up to date. Roll back for a preview.

        *datum* of the table's places; *columns* are headings of the user's own. *caller* None is the
        server's own command line. Raises ValueError for too many lines or a field that there is not,
        ApiError 422 for an unknown datum.
        """
        if len(lines) > MOST:
            raise ValueError(f"超过 {MOST} 行 / more than {MOST} lines")
        reader = Reader(columns)
        read = [reader.read(at, line) for at, line in enumerate(lines, start=1)]
        found = [each for each in read if isinstance(each, Line)]
        found = self._placed(session, found, datum)
        known = _known(session, [line.id for line in found])
        good, bad = self._sorted(session, found, known.cameras, caller)
        bad = sorted(
            [*bad, *(each for each in read if isinstance(each, Rejected))], key=lambda each: each.row
        )
        counts = Counter[str]()
        if not bad or without_rejected:
            counts = self._store(session, good, known)
            reason = f"added {counts['added']}, changed {counts['changed']}"
            self._server.audit(session, caller, "camera.import", "camera", reason=reason)
        return Imported(
            added=counts["added"], changed=counts["changed"], same=counts["same"], rejected=tuple(bad)
        )

    def _placed(self, session: Session, lines: list[Line], datum: str) -> list[Line]:
        """Places as WGS84; what cannot be converted is infinite."""
        places = np.array([line.place or (np.nan, np.nan) for line in lines], float).reshape(-1, 2)
        east, north = self._server.to_wgs84(session, datum, places[:, 0], places[:, 1])
        pairs = zip(np.asarray(east).tolist(), np.asarray(north).tolist(), strict=True)
        return [
            line if line.place is None else replace(line, place=(round(lon, 7), round(lat, 7)))
            for line, (lon, lat) in zip(lines, pairs, strict=True)
        ]

    def _sorted(
        self, session: Session, lines: list[Line], known: Mapping[str, CameraRow], caller: Caller | None
    ) -> tuple[list[Line], list[Rejected]]:
        """Lines that may be stored, with their area, and the others with their reasons."""
        named = self._server.known_areas(session, {line.area for line in lines if line.area})
        stands = [line.place if line.place and _on_earth(line.place) else (0.0, -89.0) for line in lines]
        around = self._server.layers.areas_at(np.array(stands, float).reshape(-1, 2))
        times = Counter(line.id for line in lines)
        good, bad = list[Line](), list[Rejected]()
        for line, at in zip(lines, around, strict=True):
            row = known.get(line.id)
            area = named.get(line.area, "") if line.area else at if line.place else row.area if row else ""
            fault = _fault(line, area, row, caller, times[line.id]) or self._barred(line)
            if fault is None:
                good.append(replace(line, area=area))
            else:
                bad.append(Rejected(row=line.row, id=line.id, reason=fault[0], reason_zh=fault[1]))
        return good, bad

    def _barred(self, line: Line) -> tuple[str, str] | None:
        told = [url for name in ("main", "sub") for url in hosts_of(line.streams.get(name, ""))]
        if not any(map(self._server.networks.bars, told)):
            return None
        _, text, text_zh = WORDS[Fault.BARRED]
        return text, text_zh

    def _store(self, session: Session, lines: Iterable[Line], known: _Known) -> Counter[str]:
        counts, changed = Counter[str](), list[CameraRow]()
        version = self._server.feed.next_version(session)
        for line in lines:
            row = known.cameras.get(line.id)
            new = row is None
            if row is None:
                row = _new_row(line.id)
                session.add(row)
            other = self._bring_up(session, row, line, known.streams.get(line.id))
            counts["added" if new else "changed" if other else "same"] += 1
            if new or other:
                row.version = version
                changed.append(row)
        session.flush()
        for row in changed:
            self._server.feed.put(session, "camera", to_record(row))
        return counts

    def _bring_up(self, session: Session, row: CameraRow, line: Line, kept: StreamRow | None) -> bool:
        """Write what *line* says; whether anything was another."""
        said = {**line.said, "area": line.area}
        if line.place is not None:
            said |= {"lon": line.place[0], "lat": line.place[1]}
        changes = {name: value for name, value in said.items() if getattr(row, name) != value}
        for name, value in changes.items():
            setattr(row, name, value)
        before = self._before(kept)
        streams = replace(_without_stale_sign_in(before, line.streams), **line.streams)
        after = streams if streams.main else None
        if line.streams and before != after:
            self._streams.keep(session, row, after, first=kept is None)
            return True
        return bool(changes)

    def _before(self, kept: StreamRow | None) -> Streams | None:
        """A sign-in that was sealed with another key is as none: the table says it anew."""
        if kept is None:
            return None
        try:
            return self._streams.opened(kept)
        except OtherKey:
            return Streams(main=kept.main, sub=kept.sub)


def _without_stale_sign_in(before: Streams | None, said: Mapping[str, str]) -> Streams:
    """What was known. A sign-in is for the host that it was given for: another must never see it."""
    if before is None:
        return Streams(main="")
    hosts = {urlsplit(url).hostname for url in (before.main, before.sub)}
    fresh = [urlsplit(url.strip()) for name in ("main", "sub") if (url := said.get(name))]
    if any(parts.hostname not in hosts or parts.username for parts in fresh):
        return replace(before, user="", password="")
    return before


def _fault(
    line: Line, area: str, row: CameraRow | None, caller: Caller | None, times: int
) -> tuple[str, str] | None:
    """Why a line may not be stored, in English and Chinese."""
    if times > 1:
        return "the id stands twice in the table", "编号在表中重复"
    if row is not None and not _reaches(caller, row.area):
        return "belongs to another area", "该摄像头属于其他区域"
    if row is None and (line.place is None or "name" not in line.said):
        return "the name or the place is missing", "缺少名称或经纬度"
    if line.place is not None and not _on_earth(line.place):
        return "the place is not on earth: is the datum right?", "经纬度无效，请核对坐标基准"
    if not area and line.area:
        return f"there is no area {line.area}", f"没有编码为 {line.area} 的区域"
    if not area or not _reaches(caller, area):
        return "stands in none of your areas: is the datum right?", "不在您的辖区内，请核对坐标基准"
    if row is not None and not _whole_district(caller) and _reclassed(line, row):
        return (
            "only the district changes whose camera it is, and of what kind",
            "权属单位和类型须由区中心修改",
        )
    has_main = line.streams.get("main") or (row is not None and row.live)
    if not has_main and any(line.streams.values()):
        return "a sign-in or sub-stream, but no main stream", "缺少主码流地址"
    return None


def _reclassed(line: Line, row: CameraRow) -> bool:
    """Whether a rule on who may look would no longer hold for it."""
    return any(
        line.said.get(name, getattr(row, name)) != getattr(row, name) for name in ("owner", "kind", "high")
    )


def _whole_district(caller: Caller | None) -> bool:
    return caller is None or sees_whole_district(caller)


def _new_row(camera_id: str) -> CameraRow:
    return CameraRow(
        id=camera_id,
        owner="",
        kind=CameraKind.BULLET.value,
        high=False,
        online=True,
        live=False,
        steerable=False,
        recorded=False,
        blind="",
        version=0,
    )


def _known(session: Session, ids: list[str]) -> _Known:
    def rows(table: type[Row], key: Any) -> Iterable[Row]:
        for at in range(0, len(ids), 500):
            yield from session.scalars(select(table).where(key.in_(ids[at : at + 500])))

    return _Known(
        {row.id: row for row in rows(CameraRow, CameraRow.id)},
        {row.camera: row for row in rows(StreamRow, StreamRow.camera)},
    )


def _on_earth(place: tuple[float, float]) -> bool:
    lon, lat = place
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90


def _reaches(caller: Caller | None, area: str) -> bool:
    return caller is None or caller.may_see(area)
