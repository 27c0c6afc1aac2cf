"""The endpoint of tracks: a POST, since every look is written down."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, StringConstraints, model_validator

from console.sdk.server import Caller, ServerContext, json_answer
from plugins.staff.model import Track
from plugins.staff.server.tracks.reader import TrackReader

LONGEST = 31 * 86_400.0


class TracksBody(BaseModel):
    """Whose tracks, from when to when (s since 1970), and why they must be seen."""

    staff: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(min_length=1, max_length=20)
    since: float = Field(gt=0, lt=4e9)
    until: float = Field(gt=0, lt=4e9)
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=500)]

    @model_validator(mode="after")
    def _in_order(self) -> TracksBody:
        if not 0 < self.until - self.since <= LONGEST:
            raise ValueError("a period of at most 31 days ends after it begins")
        return self


def make_tracks_router(server: ServerContext, reader: TrackReader) -> APIRouter:
    """Mounted before ``/{staff_id}``."""
    router = APIRouter(tags=["tracks"])
    privileged = Depends(server.auth.require("tracks.read"))

    @router.post("/tracks", response_model=list[Track])
    def tracks(body: TracksBody, caller: Caller = privileged) -> Response:
        """Tracks of several people, from their time on duty; audited for each of them."""
        with server.session(write=True) as session:
            walkers = reader.allow(session, caller, body.staff, body.since, body.until, body.reason)
        return json_answer([reader.track(walker, body.since, body.until) for walker in walkers])

    return router
