"""Cameras and stations as the backend keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.sdk.records import Camera, CameraKind, Place, Station
from console.sdk.server import AreaChange, Caller, Move, ServerContext, announce, move_rows
from plugins.cameras.server.tables import CameraRow, StationRow

Row = CameraRow | StationRow


def to_record(row: Row) -> Camera | Station:
    """The row as it travels."""
    where = (row.lon, row.lat)
    if isinstance(row, StationRow):
        return Station(
            id=row.id, name=row.name, area=row.area, where=where, kind=row.kind, version=row.version
        )
    return Camera(
        id=row.id,
        name=row.name,
        area=row.area,
        where=where,
        high=row.high,
        heading=row.heading,
        owner=row.owner,
        online=row.online,
        version=row.version,
        kind=CameraKind(row.kind),
        tilt=row.tilt,
        mast=row.mast,
        across=row.across,
        reach=row.reach,
        live=row.live,
        steerable=row.steerable,
        recorded=row.recorded,
        blind=row.blind,
    )


class Catalogue:
    """Reading cut by area, seeding, searching."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def all(self, session: Session, table: type[Row], areas: Sequence[str]) -> list[Camera | Station]:
        """All rows of *table* in *areas*, by id."""
        query = select(table).where(self._server.in_areas(table.area, areas)).order_by(table.id)
        return [to_record(row) for row in session.scalars(query)]

    def state(self, session: Session, table: type[Row], areas: Sequence[str]) -> str:
        """A tag that changes with any change of what ``all`` gives."""
        query = select(func.count(), func.max(table.version)).where(self._server.in_areas(table.area, areas))
        count, newest = session.execute(query).one()
        return f'"{count}-{newest or 0}-{"-".join(areas)}"'

    def areas_of(self, session: Session, cameras: Iterable[str]) -> dict[str, str]:
        """Service ``cameras.areas``: the areas of those of some cameras that there are."""
        query = select(CameraRow.id, CameraRow.area).where(CameraRow.id.in_(list(cameras)))
        return {row.id: row.area for row in session.execute(query)}

    def seed(self, session: Session, records: Sequence[Camera | Station]) -> None:
        """Store new cameras and stations and put them on the feed."""
        version = self._server.feed.next_version(session)
        for record in records:
            row = _to_row(record, version)
            session.add(row)
            kind = "camera" if isinstance(record, Camera) else "station"
            self._server.feed.put(session, kind, to_record(row))

    def follow(self, session: Session, change: AreaChange) -> list[Move]:
        """Those in changed areas belong to the area that they stand in now."""
        moves: list[Move] = []
        for kind, table in (("camera", CameraRow), ("station", StationRow)):
            moves += move_rows(
                kind,
                session.scalars(select(table).where(table.area.in_(change.touched))).all(),
                lambda row: change.of_place((row.lon, row.lat), row.area),
                lambda row, kind=kind: announce(self._server, session, kind, row, to_record),
            )
        return moves

    def find(self, session: Session, caller: Caller, text: str, limit: int) -> list[Place]:
        """Search both by name."""
        if "camera.read" not in caller.rights:
            return []
        places: list[Place] = []
        for kind, table in (("station", StationRow), ("camera", CameraRow)):
            query = (
                select(table)
                .where(self._server.in_areas(table.area, caller.areas))
                .where(table.name.contains(text, autoescape=True))
                .order_by(table.name, table.id)
                .limit(limit)
            )
            for row in session.scalars(query):
                places.append(
                    Place(title=row.name, kind=kind, where=(row.lon, row.lat), ref=f"{kind}/{row.id}")
                )
        return places[:limit]


def _to_row(record: Camera | Station, version: int) -> Row:
    lon, lat = record.where
    place = {"id": record.id, "name": record.name, "area": record.area, "lon": lon, "lat": lat}
    if isinstance(record, Station):
        return StationRow(**place, kind=record.kind, version=version)
    kind = CameraKind.HIGH if record.high and record.kind is CameraKind.BULLET else record.kind
    return CameraRow(
        **place,
        kind=kind.value,
        high=kind is CameraKind.HIGH,
        tilt=record.tilt,
        mast=record.mast,
        across=record.across,
        reach=record.reach,
        live=False,
        steerable=False,
        recorded=False,
        blind="",
        heading=record.heading,
        owner=record.owner,
        online=record.online,
        version=version,
    )
