"""Server half of the linkage plugin, under ``/linkage``: calibrations, by camera."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from console.sdk.errors import MissingService
from console.sdk.records import Role
from console.sdk.server import (
    ApiError,
    Caller,
    IdempotencyKey,
    ServerContext,
    Session,
    conflict,
    json_answer,
    not_found,
    write_once,
)
from plugins.linkage.model import READ, WRITE
from plugins.linkage.server.bodies import CalibrationBody, CameraId
from plugins.linkage.server.tables import CalibrationRow

AreasOf = Callable[[Session, Iterable[str]], dict[str, str]]
"""Service ``cameras.areas``: the area of each of some cameras that there are."""


def register(server: ServerContext) -> None:
    """Mount the endpoints."""
    server.auth.declare(READ, *Role)
    server.auth.declare(WRITE, Role.DISPATCHER, Role.ADMINISTRATOR)
    server.routes(_make_router(server, CalibrationBook(server)))


def _make_router(server: ServerContext, book: CalibrationBook) -> APIRouter:
    router = APIRouter(tags=["linkage"])
    reader, writer = Depends(server.auth.require(READ)), Depends(server.auth.require(WRITE))

    @router.get("")
    def list_all(caller: Caller = reader) -> Response:
        """Calibrations of the cameras of the caller's areas, by camera."""
        with server.session(write=False) as session:
            return json_answer(book.all(session, caller))

    @router.put("/{camera}")
    def save(
        camera: CameraId, body: CalibrationBody, key: IdempotencyKey = None, caller: Caller = writer
    ) -> Response:
        """Keep a camera's calibration; 409 when another one came between."""
        return write_once(server, caller, key, lambda session: book.save(session, camera, body, caller))

    @router.delete("/{camera}")
    def forget(camera: CameraId, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Forget a camera's calibration, as when it was hung elsewhere."""

        def work(session: Session) -> dict[str, str]:
            book.forget(session, camera, caller)
            return {"camera": camera}

        return write_once(server, caller, key, work)

    return router


class CalibrationBook:
    """Each change is one transaction of the caller's."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def all(self, session: Session, caller: Caller) -> list[dict[str, Any]]:
        """Those of the caller's areas."""
        rows = session.scalars(select(CalibrationRow).order_by(CalibrationRow.camera)).all()
        areas = self._areas_of(session, [row.camera for row in rows])
        return [_told(row) for row in rows if caller.may_see(areas.get(row.camera, ""))]

    def save(self, session: Session, camera: str, body: CalibrationBody, caller: Caller) -> dict[str, Any]:
        """Raises ApiError 404 (no such camera in the caller's areas), 409."""
        area = self._area(session, camera, caller)
        row = session.get(CalibrationRow, camera)
        present = row.edition if row is not None else 0
        if body.edition != present:
            raise conflict(
                "changed_meanwhile",
                "Somebody else has calibrated this camera: look at theirs and do it again if need be",
                "该摄像头已被他人标定，请查看后决定是否重新标定",
                edition=present,
            )
        if row is None:
            row = CalibrationRow(camera=camera)
            session.add(row)
        row.content = body.model_dump(mode="json", exclude={"edition"})
        row.edition, row.by, row.at = present + 1, caller.name, time.time()
        session.flush()
        self._server.audit(session, caller, "linkage.calibrate", f"camera/{camera}", area=area)
        return _told(row)

    def forget(self, session: Session, camera: str, caller: Caller) -> None:
        """Raises ApiError 404."""
        area = self._area(session, camera, caller)
        row = session.get(CalibrationRow, camera)
        if row is None:
            raise not_found()
        session.delete(row)
        self._server.audit(session, caller, "linkage.forget", f"camera/{camera}", area=area)

    def _area(self, session: Session, camera: str, caller: Caller) -> str:
        area = self._areas_of(session, [camera]).get(camera)
        if area is None or not caller.may_see(area):
            raise not_found()
        return area

    def _areas_of(self, session: Session, cameras: list[str]) -> dict[str, str]:
        try:
            areas: AreasOf = self._server.service("cameras.areas")
        except MissingService as error:
            raise ApiError(503, "no_cameras", "The plugin of cameras is off", "摄像头插件未启用") from error
        return areas(session, cameras)


def _told(row: CalibrationRow) -> dict[str, Any]:
    return {**row.content, "camera": row.camera, "edition": row.edition, "by": row.by, "at": row.at}
