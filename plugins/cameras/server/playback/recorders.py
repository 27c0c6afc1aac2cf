"""Taking in a recorder: its patterns, its sign-in, and which cameras are which of its channels."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import select

from console.sdk.server import ApiError, Caller, ServerContext, Session, conflict, not_found
from plugins.cameras.server.devices.book import DeviceBook, Link
from plugins.cameras.server.devices.driver import VideoDevice
from plugins.cameras.server.playback.pattern import Pattern
from plugins.cameras.server.playback.recorder import RecorderDriver
from plugins.cameras.server.streams import Streams, checked
from plugins.cameras.server.tables import CameraRow, VideoDeviceRow

ID = r"^[a-z0-9][a-z0-9-]{0,62}$"
Channel = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class RecorderBody(BaseModel):
    """A recorder; *channels* by camera. Without a *user* the sign-in that is known stays."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1024)]
    user: Annotated[str, StringConstraints(max_length=128)] | None = None
    password: Annotated[str, StringConstraints(max_length=256)] = ""
    channels: dict[str, Channel] = Field(max_length=5000)


def make_recorder_router(server: ServerContext, book: DeviceBook) -> APIRouter:
    """Answers say nothing of sign-ins."""
    router = APIRouter(tags=["cameras"])
    manager = Depends(server.auth.require("camera.manage"))

    @router.put("/recorders/{recorder}")
    def put(
        recorder: Annotated[str, Field(pattern=ID)], body: RecorderBody, caller: Caller = manager
    ) -> dict[str, int]:
        """Take in a recorder, or change it; cameras that are not among *channels* are no longer its own."""
        _must_be_patterns(body.address)
        book.must_be_permitted(body.address)
        with server.session(write=True) as session:
            device = _device(session, book, caller, recorder, body)
            book.put(session, device)
            session.flush()
            _link(server, session, book, caller, device, body.channels)
            told = f"{RecorderDriver.name} {len(body.channels)} cameras"
            subject = f"camera_device/{recorder}"
            server.audit(session, caller, "camera.device", subject, reason=told, area=device.area)
        return {"cameras": len(body.channels)}

    return router


def _must_be_patterns(address: str) -> None:
    """Raises ApiError 422."""
    try:
        patterns = [Pattern(text) for text in address.split()]
        playing, *listing = [checked(Streams(main=each.filled("1", 0.0, 1.0))) for each in patterns]
        if len(listing) > 1 or any(each.user for each in (playing, *listing)):
            raise ValueError(address)
        if any(not each.main.startswith(("http://", "https://")) for each in listing):
            raise ValueError(address)
    except ValueError as error:
        raise ApiError(
            422,
            "bad_pattern",
            "The address is one pattern to play and one to list, with {channel}, {begin}, {end} or {speed}, "
            "without a sign-in",
            "地址由播放模板与可选的列表模板组成，可含 {channel}、{begin}、{end}、{speed}，且不含账号密码",
        ) from error


def _device(
    session: Session, book: DeviceBook, caller: Caller, recorder: str, body: RecorderBody
) -> VideoDevice:
    """As it will be. Raises ApiError 404 for a device of others, 409 for one of another kind."""
    row = session.get(VideoDeviceRow, recorder)
    if row is not None and not caller.may_see(row.area):
        raise not_found()
    if row is not None and row.driver != RecorderDriver.name:
        raise conflict("other_device", "A device of another kind has this id", "此编号已被其他类型的设备使用")
    before = book.device(session, recorder) if row is not None and body.user is None else None
    return VideoDevice(
        id=recorder,
        driver=RecorderDriver.name,
        name=body.name,
        address=body.address,
        area=row.area if row is not None else caller.areas[0],
        user=before.user if before else body.user or "",
        password=before.password if before else body.password if body.user else "",
    )


def _link(
    server: ServerContext,
    session: Session,
    book: DeviceBook,
    caller: Caller,
    device: VideoDevice,
    channels: dict[str, str],
) -> None:
    """Raises ApiError: 404 for a camera outside the caller's areas, 409 for one of another device."""
    here = server.in_areas(CameraRow.area, caller.areas)
    known = set(session.scalars(select(CameraRow.id).where(CameraRow.id.in_(channels), here)))
    if channels.keys() - known:
        raise not_found()
    for camera in set(book.links(session, device.id).values()) - channels.keys():
        book.unlink(session, camera)
    for camera, channel in channels.items():
        link = book.of(session, camera)
        if link is not None and link.device.id != device.id:
            raise conflict("other_device", f"{camera} hangs on another device", f"{camera} 已接入其他设备")
        book.link(session, Link(camera, device, channel, steerable=False, recorded=True))
