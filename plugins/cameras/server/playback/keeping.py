"""Leave to keep what a live picture shows or has just shown: asked for before anything is written.

A picture has the same moment as begin and end. The leave is a record like that of an export: it ends when
the file's hash is told (``exports/written``), or after a minute.
"""

from __future__ import annotations

import secrets
import time
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, StringConstraints, model_validator
from sqlalchemy import func, select

from console.sdk.server import ApiError, Caller, ServerContext, json_answer
from plugins.cameras.server.playback.tables import ReplayRow
from plugins.cameras.server.viewing import LASTS, ViewingDesk

LONGEST = 180.0
"""Seconds of a clip."""
MOST = 120
"""Leaves that an account may ask for in a minute."""
Time = Annotated[float, Field(ge=0, lt=1e11, allow_inf_nan=False)]


class What(StrEnum):
    """As it stands in the audit."""

    PICTURE = "picture"
    COPY = "clipboard"
    CLIP = "clip"


class Wish(BaseModel):
    """What is kept, of which time (s since 1970), and why where the owner wants to know."""

    what: What
    since: Time
    until: Time
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""

    @model_validator(mode="after")
    def _in_order(self) -> Wish:
        if not 0 <= self.until - self.since <= LONGEST:
            raise ValueError(f"the end comes after the begin, by {LONGEST:g} s at most")
        return self


class KeepingDesk:
    """Gives leave. Areas and the rules of owners hold as for looking."""

    def __init__(self, server: ServerContext, viewing: ViewingDesk) -> None:
        self._server, self._viewing = server, viewing

    def allow(self, caller: Caller, camera_id: str, wish: Wish) -> str:
        """Its id. Raises ApiError: 404, 403, 422, 429."""
        now = time.time()
        with self._server.session(write=True) as session:
            camera = self._viewing.admitted(session, caller, camera_id, wish.reason)
            mine = (ReplayRow.user == caller.user_id, ReplayRow.began > now - 60.0)
            if (session.scalar(select(func.count()).where(*mine)) or 0) >= MOST:
                raise ApiError(
                    429, "too_many_tickets", "Too much was saved in a minute: wait a little",
                    "一分钟内保存的画面过多，请稍候", headers={"Retry-After": "10"},
                )  # fmt: skip
            row = ReplayRow(
                id=secrets.token_urlsafe(24),
                camera=camera_id,
                area=camera.area,
                user=caller.user_id,
                user_name=caller.name,
                reason=wish.reason,
                since=wish.since,
                until=wish.until,
                export=True,
                handle="",
                began=now,
                expires=now + LASTS,
                sha256="",
                size=0,
            )
            session.add(row)
            told = " ".join(part for part in (wish.what, _times(wish), wish.reason) if part)
            subject = f"camera/{camera_id}"
            self._server.audit(session, caller, "camera.export", subject, reason=told, area=camera.area)
            return row.id


def _times(wish: Wish) -> str:
    """In UTC."""
    begin, end = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)) for at in (wish.since, wish.until))
    return f"{begin}/{end}" if wish.what is What.CLIP else end


def make_keeping_router(server: ServerContext, desk: KeepingDesk) -> APIRouter:
    """Under ``/cameras``."""
    router = APIRouter(tags=["cameras"])
    exporter = Depends(server.auth.require("camera.export"))

    @router.post("/{camera_id}/keep")
    def keep(camera_id: str, body: Wish, caller: Caller = exporter) -> Response:
        """Leave to keep a live picture, or the last seconds of one; its hash is told afterwards."""
        return json_answer({"id": desk.allow(caller, camera_id, body)}, headers={"Cache-Control": "no-store"})

    return router
