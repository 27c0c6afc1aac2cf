"""Groups and rounds in the database: who may see and change which."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import or_, select

from console.sdk.errors import MissingService
from console.sdk.server import (
    ApiError,
    AreaChange,
    Caller,
    Move,
    ServerContext,
    Session,
    conflict,
    move_rows,
    not_found,
)
from plugins.polling.model import Entry, Group, Round
from plugins.polling.server.bodies import GroupBody, RoundBody
from plugins.polling.server.tables import GroupRow, RoundRow

LEVELS = (15, 12, 9, 6, 4, 2)
"""Digits of the codes of areas."""
MOST_ROUNDS = 500
"""That are told at once, the last first."""
AreasOf = Callable[[Session, Iterable[str]], dict[str, str]]
"""Service ``cameras.areas``: the area of each of some cameras that there are."""


class PollingBook:
    """Each change is one transaction of the caller's."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def groups(self, session: Session, caller: Caller) -> list[Group]:
        """The caller's own, and those that are shared with an area of theirs; by title."""
        shared = self._server.in_areas(GroupRow.area, caller.areas) & (GroupRow.area != "")
        mine = (GroupRow.owner == caller.user_id) & (GroupRow.area == "")
        query = select(GroupRow).where(or_(mine, shared)).order_by(GroupRow.title, GroupRow.id)
        return [_group(row) for row in session.scalars(query)]

    def save(self, session: Session, group_id: str, body: GroupBody, caller: Caller) -> Group:
        """Keep the next edition. Raises ApiError 404, 409 (somebody else's came between), 422."""
        area = self._area(session, body.area, caller)
        row = session.get(GroupRow, group_id)
        if row is not None and not _may(row, caller):
            raise conflict("id_taken", "This id belongs to another group", "该编号已被占用")
        present = row.edition if row is not None else 0
        if body.edition != present:
            raise conflict(
                "changed_meanwhile",
                "Somebody else has changed this group: look at it and edit it again",
                "该分组已被他人修改，请查看后重新编辑",
                edition=present,
            )
        if row is None:
            row = GroupRow(id=group_id, owner=caller.user_id)
            session.add(row)
        elif not area:
            row.owner = caller.user_id  # who takes a shared one for themselves owns it
        row.area, row.title = area, body.title
        row.content = body.model_dump(mode="json", include={"kind", "rule", "cameras"})
        row.edition, row.by, row.at = present + 1, caller.name, time.time()
        session.flush()
        subject = f"polling-group/{group_id}"
        self._server.audit(session, caller, "polling.save", subject, reason=body.title, area=area)
        return _group(row)

    def delete(self, session: Session, group_id: str, caller: Caller) -> None:
        """Take a group away. Raises ApiError 404."""
        row = session.get(GroupRow, group_id)
        if row is None or not _may(row, caller):
            raise not_found()
        session.delete(row)
        subject = f"polling-group/{group_id}"
        self._server.audit(session, caller, "polling.delete", subject, reason=row.title, area=row.area)

    def rounds(self, session: Session, caller: Caller) -> list[Round]:
        """Inspections of the caller, and those whose cameras all lie in their areas; the last first."""
        seen = or_(RoundRow.owner == caller.user_id, self._server.in_areas(RoundRow.area, caller.areas))
        query = select(RoundRow).where(seen).order_by(RoundRow.began.desc(), RoundRow.id).limit(MOST_ROUNDS)
        return [_round(row) for row in session.scalars(query)]

    def keep_round(self, session: Session, round_id: str, body: RoundBody, caller: Caller) -> Round:
        """Keep an inspection. Raises ApiError 409 (it is there), 422 (a camera of it is not the caller's)."""
        if session.get(RoundRow, round_id) is not None:
            raise conflict("id_taken", "This inspection was kept already", "该巡检记录已保存")
        cameras = [entry.camera for entry in body.entries]
        areas = self._areas_of(session, cameras)
        if not all(caller.may_see(areas.get(camera, "")) for camera in cameras):
            raise ApiError(
                422, "outside_areas", "A camera of it is outside your areas", "部分摄像头不在您的辖区内"
            )
        row = RoundRow(
            id=round_id,
            owner=caller.user_id,
            area=common_area(list(areas.values())),
            title=body.title,
            began=body.began,
            ended=body.ended,
            entries=[entry.model_dump(mode="json") for entry in body.entries],
            by=caller.name,
        )
        session.add(row)
        session.flush()
        subject = f"polling-round/{round_id}"
        self._server.audit(session, caller, "polling.inspect", subject, reason=body.title, area=row.area)
        return _round(row)

    def follow_areas(self, session: Session, change: AreaChange) -> list[Move]:
        """Groups of an area that is taken away are shared with its heir; rounds keep theirs."""
        return move_rows(
            "polling_group",
            session.scalars(select(GroupRow).where(GroupRow.area.in_(change.touched))).all(),
            lambda row: change.of_member("polling_group", row.id, row.area),
            lambda row: None,
        )

    def _area(self, session: Session, code: str, caller: Caller) -> str:
        """The area as records write it. Raises ApiError 422 for another's, or one that there is not."""
        if not code:
            return ""
        known = self._server.known_areas(session, [code]).get(code, "")
        if not known or not caller.may_see(known):
            raise ApiError(422, "outside_areas", "That area is not yours", "该辖区不在您的权限范围内")
        return known

    def _areas_of(self, session: Session, cameras: list[str]) -> dict[str, str]:
        try:
            areas: AreasOf = self._server.service("cameras.areas")
        except MissingService as error:
            raise ApiError(503, "no_cameras", "The plugin of cameras is off", "摄像头插件未启用") from error
        return areas(session, cameras)


def common_area(areas: Sequence[str]) -> str:
    """The smallest area that holds all of *areas*; empty: there is none."""
    first = min(areas, default="")
    return next((first[:n] for n in LEVELS if n <= len(first) and all(a[:n] == first[:n] for a in areas)), "")


def _may(row: GroupRow, caller: Caller) -> bool:
    return caller.may_see(row.area) if row.area else row.owner == caller.user_id


def _group(row: GroupRow) -> Group:
    content = row.content
    return Group(
        id=row.id,
        title=row.title,
        kind=content["kind"],
        rule=content["rule"],
        cameras=tuple(content["cameras"]),
        area=row.area,
        edition=row.edition,
        by=row.by,
        at=row.at,
    )


def _round(row: RoundRow) -> Round:
    entries = tuple(Entry(**entry) for entry in row.entries)
    return Round(
        id=row.id,
        title=row.title,
        began=row.began,
        ended=row.ended,
        entries=entries,
        area=row.area,
        by=row.by,
    )
