"""Endpoints under ``/cameras`` to steer cameras."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, StringConstraints

from console.sdk.records import Pose
from console.sdk.server import Caller, ServerContext, json_answer
from plugins.cameras.server.devices.driver import Preset
from plugins.cameras.server.steering.claims import Claims, Taken
from plugins.cameras.server.steering.desk import Gear, Moved, SteeringDesk

Claim = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16}$")]
Unit = Annotated[float, Field(ge=-1.0, le=1.0)]
Half = Annotated[float, Field(ge=-0.5, le=0.5)]


class Wish(BaseModel):
    """Whether to wait, or to take over from who has a lower rank, when somebody steers."""

    wait: bool = True


class Speed(BaseModel):
    """Right, up, closer; all 0 stops."""

    pan: Unit = 0.0
    tilt: Unit = 0.0
    zoom: Unit = 0.0


class Target(BaseModel):
    """See ``Pose``."""

    pan: float = Field(ge=-180.0, le=180.0)
    tilt: float = Field(ge=-90.0, le=90.0)
    zoom: float | None = Field(default=None, ge=0.0, le=1.0)


class Spot(BaseModel):
    """A place in the picture, from its middle; how much of its width shall fill it."""

    x: Half
    y: Half
    width: float = Field(default=1.0, gt=0.0, le=20.0)
    shape: float = Field(default=16 / 9, ge=0.2, le=10.0)


class Known(BaseModel):
    """A preset that there is."""

    preset: str = Field(max_length=128)


class Kept(BaseModel):
    """The name of the present pose, and which preset it replaces."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    preset: str = Field(default="", max_length=128)


class Ids(BaseModel):
    """Claims of the caller."""

    ids: list[Claim] = Field(max_length=256)


def make_steering_router(server: ServerContext, desk: SteeringDesk, claims: Claims) -> APIRouter:
    """A movement that comes late is worse than none: there is no Idempotency-Key."""
    router = APIRouter(tags=["cameras"])
    _add_turns(router, server, desk, claims)
    _add_movements(router, server, desk)
    _add_presets(router, server, desk)
    return router


def _add_turns(router: APIRouter, server: ServerContext, desk: SteeringDesk, claims: Claims) -> None:
    steerer = Depends(server.auth.require("camera.steer"))

    @router.post("/{camera_id}/steering", response_model=Taken)
    def take(camera_id: str, wish: Wish, caller: Caller = steerer) -> Response:
        """Steer a camera, now or when one's turn comes."""
        return json_answer(desk.take(caller, camera_id, wait=wish.wait))

    @router.post("/steering/stay")
    def stay(body: Ids, caller: Caller = steerer) -> Ids:
        """The console is still there; answers with the claims that go on."""
        with server.session(write=True) as session:
            return Ids(ids=claims.stay(session, caller, body.ids))

    @router.post("/steering/release")
    def release(body: Ids, caller: Caller = steerer) -> Response:
        """Let go, or wait no longer."""
        desk.release(caller, body.ids)
        return json_answer({})


def _add_movements(router: APIRouter, server: ServerContext, desk: SteeringDesk) -> None:
    steerer = Depends(server.auth.require("camera.steer"))
    viewer = Depends(server.auth.require("camera.view"))

    @router.post("/{camera_id}/steering/{claim}/move", response_model=Moved)
    def move(camera_id: str, claim: Claim, speed: Speed, caller: Caller = steerer) -> Response:
        """Go on at a speed; said again at least each second, or the camera is stopped."""
        wanted = (speed.pan, speed.tilt, speed.zoom)
        return json_answer(desk.move(caller, camera_id, claim, wanted))

    @router.post("/{camera_id}/steering/{claim}/point")
    def point(camera_id: str, claim: Claim, target: Target, caller: Caller = steerer) -> Response:
        """To these angles."""
        desk.point(caller, camera_id, claim, target.pan, target.tilt, target.zoom)
        return json_answer({})

    @router.post("/{camera_id}/steering/{claim}/aim")
    def aim(camera_id: str, claim: Claim, spot: Spot, caller: Caller = steerer) -> Response:
        """A place of the picture into its middle."""
        desk.aim(caller, camera_id, claim, spot.x, spot.y, spot.width, spot.shape)
        return json_answer({})

    @router.post("/{camera_id}/turn")
    def turn(camera_id: str, target: Target, caller: Caller = steerer) -> Response:
        """To these angles, if nobody else steers; held for some seconds."""
        desk.turn(caller, camera_id, target.pan, target.tilt, target.zoom)
        return json_answer({})

    @router.get("/{camera_id}/pose", response_model=Pose | None)
    def pose(camera_id: str, caller: Caller = viewer) -> Response:
        """Where it looks; null: it does not say."""
        return json_answer(desk.pose(caller, camera_id))


def _add_presets(router: APIRouter, server: ServerContext, desk: SteeringDesk) -> None:
    steerer = Depends(server.auth.require("camera.steer"))

    @router.get("/{camera_id}/steering", response_model=Gear)
    def gear(camera_id: str, caller: Caller = steerer) -> Response:
        """What of the camera can be steered, and its presets."""
        return json_answer(desk.gear(caller, camera_id))

    @router.post("/{camera_id}/steering/{claim}/go")
    def go(camera_id: str, claim: Claim, body: Known, caller: Caller = steerer) -> Response:
        """To a preset."""
        desk.go(caller, camera_id, claim, body.preset)
        return json_answer({})

    @router.post("/{camera_id}/steering/{claim}/presets", response_model=Preset)
    def keep(camera_id: str, claim: Claim, body: Kept, caller: Caller = steerer) -> Response:
        """Keep the present pose."""
        return json_answer(desk.keep(caller, camera_id, claim, body.name, body.preset))

    @router.post("/{camera_id}/steering/{claim}/presets/forget")
    def forget(camera_id: str, claim: Claim, body: Known, caller: Caller = steerer) -> Response:
        """Forget a preset."""
        desk.forget(caller, camera_id, claim, body.preset)
        return json_answer({})
