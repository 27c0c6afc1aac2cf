"""Endpoints under ``/cameras`` to replay and export recordings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, StringConstraints

from console.sdk.server import Caller, ServerContext, json_answer
from plugins.cameras.server.devices.driver import Recording
from plugins.cameras.server.playback.desk import GivenReplay, ReplayDesk, Wanted
from plugins.cameras.server.routes_viewing import Tickets

Time = Annotated[float, Field(ge=0, lt=1e11, allow_inf_nan=False)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class Stretch(BaseModel):
    """s since 1970, how fast it will be played, and why."""

    since: Time
    until: Time
    speed: float = Field(default=1.0, ge=0.25, le=16.0)
    reason: Reason = ""


class Written(BaseModel):
    """The file that an export gave."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{32}$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: int = Field(ge=1, lt=1 << 50)


def make_playback_router(server: ServerContext, desk: ReplayDesk) -> APIRouter:
    """Tickets hold secrets, so no answer is ever stored."""
    router = APIRouter(tags=["cameras"])
    player = Depends(server.auth.require("camera.playback"))
    exporter = Depends(server.auth.require("camera.export"))
    unstored = {"Cache-Control": "no-store"}

    @router.get("/{camera_id}/recordings", response_model=list[Recording])
    def recordings(
        camera_id: str, since: float, until: float, reason: Reason = "", caller: Caller = player
    ) -> Response:
        """What is recorded of a camera."""
        return json_answer(desk.recordings(caller, camera_id, since, until, reason))

    @router.post("/{camera_id}/replay", response_model=GivenReplay)
    def replay(camera_id: str, body: Stretch, caller: Caller = player) -> Response:
        """A ticket to replay a stretch."""
        wanted = Wanted(since=body.since, until=body.until, speed=body.speed, reason=body.reason)
        return json_answer(desk.begin(caller, camera_id, wanted), headers=unstored)

    @router.post("/{camera_id}/export", response_model=GivenReplay)
    def export(camera_id: str, body: Stretch, caller: Caller = exporter) -> Response:
        """A ticket to write a stretch into a file; the reason is not optional."""
        wanted = Wanted(since=body.since, until=body.until, speed=body.speed, reason=body.reason, export=True)
        return json_answer(desk.begin(caller, camera_id, wanted), headers=unstored)

    @router.post("/exports/written")
    def written(body: Written, caller: Caller = exporter) -> Response:
        """The hash of the file that an export gave; its ticket ends."""
        desk.written(caller, body.id, body.sha256, body.size)
        return json_answer({})

    @router.post("/replays/renew")
    def renew(body: Tickets, caller: Caller = player) -> Response:
        """Let tickets go on; all that the caller has at once. Answers those that are over, with why."""
        return json_answer({"over": desk.renew(caller, body.ids)})

    @router.post("/replays/end")
    def end(body: Tickets, caller: Caller = player) -> Response:
        """End tickets."""
        desk.end(caller, body.ids)
        return json_answer({})

    return router
