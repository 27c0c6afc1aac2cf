"""``POST /cameras/import``, for administrators."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from console.sdk.server import ApiError, Caller, ServerContext
from plugins.cameras.server.importing.desk import MOST, CameraImport, Imported


class _Preview(Exception):
    """Leaves the transaction without storing anything."""

    def __init__(self, done: Imported) -> None:
        super().__init__("preview")
        self.done = done


class ImportBody(BaseModel):
    """Lines of a table by heading, as ``onemap data cameras`` reads them."""

    lines: list[dict[str, Any]] = Field(min_length=1, max_length=MOST)
    datum: str = Field(default="wgs84", max_length=40)
    columns: dict[str, str] = Field(default={}, max_length=50)
    """Field by heading, for headings of one's own."""
    preview: bool = False
    """Only say what would be."""
    without_rejected: bool = False
    """Store the good lines though others are rejected."""


def make_import_router(server: ServerContext, desk: CameraImport) -> APIRouter:
    """The endpoint. Its lines hold sign-ins, so nothing of it is kept but the cameras."""
    router = APIRouter(tags=["cameras"])
    manager = Depends(server.auth.require("camera.manage"))

    @router.post("/import")
    def take_in(body: ImportBody, caller: Caller = manager) -> Imported:
        """Take cameras into the caller's areas; with lines rejected nothing is stored."""
        try:
            with server.session(write=True) as session:
                done = desk.take(
                    session,
                    body.lines,
                    datum=body.datum,
                    columns=body.columns,
                    caller=caller,
                    without_rejected=body.without_rejected or body.preview,
                )
                if body.preview:
                    raise _Preview(done)
        except _Preview as preview:
            return preview.done
        except ValueError as error:
            raise ApiError(422, "bad_table", str(error), str(error)) from error
        return done

    return router
