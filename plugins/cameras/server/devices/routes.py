"""Endpoints under ``/cameras/devices``: devices and platforms, their channels, what cameras they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, StringConstraints

from console.sdk.records import LonLat
from console.sdk.server import (
    ApiError,
    Caller,
    IdempotencyKey,
    ServerContext,
    Session,
    for_whole_district,
    json_answer,
    write_once,
)
from plugins.cameras.server.devices.book import DeviceBook
from plugins.cameras.server.devices.desk import DeviceDesk, Known, Linked, Offered, Wanted
from plugins.cameras.server.devices.driver import VideoDevice
from plugins.cameras.server.devices.searching import Spotted

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=128)]


class DeviceBody(BaseModel):
    """A device to add, or one that is known by driver and address to change."""

    driver: Annotated[str, StringConstraints(max_length=16)]
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
    name: Short = ""
    area: Annotated[str, StringConstraints(strip_whitespace=True, max_length=15)] = ""
    """Empty: the first of the caller's."""
    user: str | None = Field(default=None, max_length=128)
    """None: as it is known."""
    password: str = Field(default="", max_length=128)


class WantedBody(BaseModel):
    """See ``desk.Wanted``."""

    channel: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    camera: Annotated[str, StringConstraints(max_length=64)] = ""
    name: Short = ""
    where: LonLat | None = None
    owner: Short = ""


class LinkBody(BaseModel):
    """Channels that shall be cameras."""

    channels: list[WantedBody] = Field(min_length=1, max_length=5000)


class ChannelBody(BaseModel):
    """A channel."""

    channel: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class SearchBody(BaseModel):
    """How long to look, s."""

    seconds: float = Field(default=4.0, ge=0.2, le=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """Kinds of devices that there are drivers for, and the devices of the caller's areas."""

    drivers: list[str]
    devices: list[Known]


def make_device_router(server: ServerContext, book: DeviceBook, desk: DeviceDesk) -> APIRouter:
    """All for who manages cameras."""
    router = APIRouter(prefix="/devices", tags=["cameras"])
    manager = Depends(server.auth.require("camera.manage"))
    _add_channels(router, server, desk, manager)

    @router.get("", response_model=Devices)
    def devices(caller: Caller = manager) -> Response:
        """Devices of the caller's areas, without their sign-ins."""
        with server.session(write=False) as session:
            return json_answer(Devices(drivers=book.names, devices=desk.devices(session, caller)))

    @router.post("", response_model=Known)
    def put(body: DeviceBody, key: IdempotencyKey = None, caller: Caller = manager) -> Response:
        """Keep a device with its sign-in, which is sealed and never given out again."""
        device, said = _device(body, book.names)
        book.must_be_permitted(device.address)

        def work(session: Session) -> Known:
            return desk.put(session, caller, device, keep_sign_in=not said)

        return write_once(server, caller, key, work)

    @router.delete("/{device_id}")
    def drop(device_id: str, caller: Caller = manager) -> Response:
        """Forget a device and its sign-in; its cameras stay, without its pictures."""
        with server.session(write=True) as session:
            desk.drop(session, caller, device_id)
        return json_answer({})

    @router.post("/discover", response_model=list[Spotted])
    def discover(body: SearchBody, caller: Caller = manager) -> Response:
        """Devices that answer in the backend's network."""
        for_whole_district(caller)
        with server.session(write=True) as session:
            server.audit(session, caller, "camera.device_search", "camera_device")
        return json_answer(desk.search.run(body.seconds))

    return router


def _add_channels(router: APIRouter, server: ServerContext, desk: DeviceDesk, manager: Caller) -> None:
    @router.get("/{device_id}/channels", response_model=list[Offered])
    def channels(device_id: str, caller: Caller = manager) -> Response:
        """What the device offers now, asked while the caller waits."""
        return json_answer(desk.channels(caller, device_id))

    @router.post("/{device_id}/link", response_model=Linked)
    def link(
        device_id: str, body: LinkBody, key: IdempotencyKey = None, caller: Caller = manager
    ) -> Response:
        """Make channels cameras: known ones, or new ones where they stand in the caller's areas."""
        wanted = [Wanted(**each.model_dump()) for each in body.channels]
        if len({each.channel for each in wanted}) < len(wanted):
            raise ApiError(422, "bad_input", "A channel stands there twice", "同一通道重复出现")
        told = desk.told(caller, device_id)

        def work(session: Session) -> Linked:
            return desk.link(session, caller, device_id, wanted, told)

        return write_once(server, caller, key, work)

    @router.post("/{device_id}/unlink")
    def unlink(device_id: str, body: ChannelBody, caller: Caller = manager) -> Response:
        """A camera is no channel of the device any more; it stays."""
        with server.session(write=True) as session:
            desk.unlink(session, caller, device_id, body.channel)
        return json_answer({})


def _device(body: DeviceBody, drivers: list[str]) -> tuple[VideoDevice, bool]:
    """The device, and whether its sign-in was said; one in the address is taken out of it."""
    try:
        parts = urlsplit(body.address if "://" in body.address else f"http://{body.address}")
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or parts.username is not None:
        raise ApiError(
            422,
            "bad_address",
            "The address is like http://192.0.2.10 or https://host:8443, without a sign-in",
            "地址形如 http://192.0.2.10 或 https://主机:8443，且不含账号密码",
        )
    if body.driver not in drivers:
        raise ApiError(422, "bad_driver", "This kind of device is not known here", "不支持此类设备")
    address = urlunsplit(parts._replace(fragment=""))
    device = VideoDevice(
        id="",
        driver=body.driver,
        name=body.name,
        address=address,
        area=body.area,
        user=body.user or "",
        password=body.password if body.user else "",
    )
    return device, body.user is not None
