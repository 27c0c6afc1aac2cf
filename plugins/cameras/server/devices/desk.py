"""Devices by hand of an administrator: kept, asked for their channels, their channels made cameras."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import func, select

from console.sdk.records import CameraKind, LonLat
from console.sdk.server import ApiError, Caller, OtherKey, ServerContext, Session, not_found
from plugins.cameras.server.devices.book import DeviceBook, Link
from plugins.cameras.server.devices.driver import Channel, DeviceFault, VideoDevice
from plugins.cameras.server.devices.searching import Search
from plugins.cameras.server.devices.words import refusal
from plugins.cameras.server.importing.desk import CameraImport
from plugins.cameras.server.tables import CameraRow, ChannelRow, VideoDeviceRow

REMEMBERED = 600.0
"""Seconds that a device's channels are taken as it told them."""
ASKED = 8
"""Devices that are asked for their channels at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A device, without its sign-in."""

    id: str
    driver: str
    name: str
    address: str
    area: str
    signed: bool
    """Whether it has a sign-in."""
    cameras: int
    """Linked to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A channel, and which camera it is, or may be."""

    id: str
    name: str
    kind: CameraKind
    where: LonLat | None
    owner: str
    steerable: bool
    recorded: bool
    online: bool
    camera: str
    """The camera that it is; empty: none yet."""
    maybe: str
    """A camera of the same id or name that is no channel yet; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A channel that shall be a camera: one that there is, or a new one."""

    channel: str
    camera: str = ""
    """Empty: a new camera, unless the channel is one already."""
    name: str = ""
    """Of a new one; empty: as the device says."""
    where: LonLat | None = None
    """WGS84 degrees of a new one; None: as the device says."""
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a channel became no camera."""

    channel: str
    reason: str
    reason_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Cameras by channel, and what was not taken."""

    cameras: dict[str, str]
    rejected: list[Refused]


class DeviceDesk:
    """Asks devices outside of transactions. Raises ApiError."""

    def __init__(self, server: ServerContext, book: DeviceBook, importing: CameraImport) -> None:
        self._server, self._book, self._importing = server, book, importing
        self._told: dict[str, tuple[float, dict[str, Channel]]] = {}
        self._asking = threading.BoundedSemaphore(ASKED)
        self.search = Search()

    def devices(self, session: Session, caller: Caller) -> list[Known]:
        """Those of the caller's areas, by name."""
        counts = select(ChannelRow.device, func.count()).group_by(ChannelRow.device)
        linked = dict(session.execute(counts).tuples().all())
        here = self._server.in_areas(VideoDeviceRow.area, caller.areas)
        rows = session.scalars(select(VideoDeviceRow).where(here).order_by(VideoDeviceRow.name))
        return [_known(row, linked.get(row.id, 0)) for row in rows]

    def put(self, session: Session, caller: Caller, told: VideoDevice, *, keep_sign_in: bool) -> Known:
        """A new device, or the one of that driver and address again. *told*'s id and area may be empty.

        *keep_sign_in*: it says none, and the one that is known stays.
        """
        known = session.scalar(
            select(VideoDeviceRow).where(
                VideoDeviceRow.driver == told.driver, VideoDeviceRow.address == told.address
            )
        )
        if known is not None and not caller.may_see(known.area):
            raise _elsewhere()
        area = self._area(session, caller, told.area or (known.area if known else caller.areas[0]))
        device = replace(told, id=known.id if known else f"dev-{secrets.token_hex(5)}", area=area)
        device = replace(device, name=device.name or urlsplit(device.address).hostname or device.driver)
        if known is not None and keep_sign_in:
            before = self._opened(session, known.id)
            device = replace(device, user=before.user, password=before.password)
        self._book.put(session, device)
        session.flush()
        self._told.pop(device.id, None)
        subject = f"camera_device/{device.id}"
        reason = f"{device.driver} {device.address}"
        self._server.audit(session, caller, "camera.device", subject, reason=reason, area=area)
        row = session.get_one(VideoDeviceRow, device.id)
        return _known(row, len(self._book.links(session, device.id)))

    def drop(self, session: Session, caller: Caller, device_id: str) -> None:
        """Forget a device; its cameras stay."""
        row = self._row(session, caller, device_id)
        area = row.area
        self._book.drop(session, device_id)
        self._told.pop(device_id, None)
        subject = f"camera_device/{device_id}"
        self._server.audit(session, caller, "camera.device_drop", subject, reason=row.name, area=area)

    def channels(self, caller: Caller, device_id: str) -> list[Offered]:
        """What the device offers now; takes as long as the device."""
        channels = self._ask(self._device(caller, device_id))
        with self._server.session(write=False) as session:
            links = self._book.links(session, device_id)
            maybe = self._alike(session, caller, [each for each in channels if each.id not in links])
        return [_offered(each, links.get(each.id, ""), maybe.get(each.id, "")) for each in channels]

    def told(self, caller: Caller, device_id: str) -> dict[str, Channel]:
        """Its channels by id, asked anew when that is long ago."""
        at, channels = self._told.get(device_id, (-REMEMBERED, {}))
        device = self._device(caller, device_id)
        if time.monotonic() - at > REMEMBERED:
            channels = {each.id: each for each in self._ask(device)}
        return channels

    def link(
        self,
        session: Session,
        caller: Caller,
        device_id: str,
        wanted: Sequence[Wanted],
        channels: dict[str, Channel],
    ) -> Linked:
        """Make cameras of channels. What is not possible is told for each; the others are linked."""
        self._row(session, caller, device_id)
        device, links = self._opened(session, device_id), self._book.links(session, device_id)
        rejected, cameras = self._known_cameras(session, caller, device_id, wanted, channels, links)
        known = {*cameras, *(each.channel for each in rejected)}
        fresh = [each for each in wanted if each.channel not in known]
        rejected += self._make(session, caller, device, fresh, channels, cameras)
        for channel, camera in cameras.items():
            can = channels[channel]
            self._unlink_others(session, device_id, channel, camera)
            self._book.link(session, Link(camera, device, channel, can.steerable, can.recorded))
        told, subject = f"{len(cameras)} cameras", f"camera_device/{device_id}"
        self._server.audit(session, caller, "camera.device_link", subject, reason=told, area=device.area)
        return Linked(cameras=cameras, rejected=rejected)

    def unlink(self, session: Session, caller: Caller, device_id: str, channel: str) -> None:
        """A channel's camera stays, without the channel."""
        area = self._row(session, caller, device_id).area
        camera = self._book.links(session, device_id).get(channel)
        if camera is None:
            raise not_found()
        self._book.unlink(session, camera)
        subject = f"camera/{camera}"
        self._server.audit(session, caller, "camera.device_unlink", subject, reason=device_id, area=area)

    def _known_cameras(
        self,
        session: Session,
        caller: Caller,
        device_id: str,
        wanted: Sequence[Wanted],
        channels: dict[str, Channel],
        links: dict[str, str],
    ) -> tuple[list[Refused], dict[str, str]]:
        """What cannot be, and cameras that there are by channel."""
        rejected, cameras = list[Refused](), dict[str, str]()
        for each in wanted:
            if each.channel not in channels:
                rejected.append(_refused(each.channel, "the device has no such channel", "设备上没有此通道"))
            elif camera := each.camera or links.get(each.channel, ""):
                if self._free(session, caller, camera, device_id, each.channel):
                    cameras[each.channel] = camera
                else:
                    rejected.append(
                        _refused(
                            each.channel,
                            "the camera is not in your areas, or another channel already",
                            "该摄像头不在您的辖区内，或已对应其他通道",
                        )
                    )
        return rejected, cameras

    def _make(
        self,
        session: Session,
        caller: Caller,
        device: VideoDevice,
        wanted: Sequence[Wanted],
        channels: dict[str, Channel],
        cameras: dict[str, str],
    ) -> list[Refused]:
        """New cameras, by the rules of every import; they are put into *cameras*."""
        if not wanted:
            return []
        lines = [_line(each, channels[each.channel], device.id) for each in wanted]
        done = self._importing.take(session, lines, caller=caller, without_rejected=True)
        cause = {each.row: (each.reason, each.reason_zh) for each in done.rejected}
        cameras |= {
            each.channel: str(line["id"])
            for row, (each, line) in enumerate(zip(wanted, lines, strict=True), 1)
            if row not in cause
        }
        return [_refused(wanted[row - 1].channel, *why) for row, why in cause.items()]

    def _free(self, session: Session, caller: Caller, camera: str, device: str, channel: str) -> bool:
        row, taken = session.get(CameraRow, camera), session.get(ChannelRow, camera)
        if row is None or not caller.may_see(row.area):
            return False
        return taken is None or (taken.device, taken.channel) == (device, channel)

    def _unlink_others(self, session: Session, device: str, channel: str, camera: str) -> None:
        """A channel is one camera: the last one that was said."""
        before = self._book.links(session, device).get(channel)
        if before is not None and before != camera:
            self._book.unlink(session, before)

    def _ask(self, device: VideoDevice) -> Sequence[Channel]:
        if not self._asking.acquire(timeout=5.0):
            raise ApiError(503, "device_busy", "Many devices are being asked: wait a little", "正忙，请稍候")
        try:
            channels = self._book.driver(device).channels(device)
        except DeviceFault as fault:
            raise refusal(fault) from fault
        finally:
            self._asking.release()
        self._told[device.id] = (time.monotonic(), {each.id: each for each in channels})
        return channels

    def _alike(self, session: Session, caller: Caller, channels: Iterable[Channel]) -> dict[str, str]:
        """Cameras that a channel may be, by the id (the last part of the channel's) or else by a name that
        one camera alone has."""
        free = ~select(ChannelRow.camera).where(ChannelRow.camera == CameraRow.id).exists()
        here = self._server.in_areas(CameraRow.area, caller.areas)
        rows = session.execute(select(CameraRow.id, CameraRow.name).where(free, here)).tuples().all()
        ids, by_name = {row[0] for row in rows}, dict[str, str]()
        for camera, name in rows:
            by_name[name] = "" if name in by_name else camera
        last = {each.id: each.id.rpartition("/")[2] for each in channels}
        return {
            each.id: last[each.id] if last[each.id] in ids else by_name.get(each.name, "")
            for each in channels
        }

    def _device(self, caller: Caller, device_id: str) -> VideoDevice:
        with self._server.session(write=False) as session:
            self._row(session, caller, device_id)
            return self._opened(session, device_id)

    def _row(self, session: Session, caller: Caller, device_id: str) -> VideoDeviceRow:
        row = session.get(VideoDeviceRow, device_id)
        if row is None or not caller.may_see(row.area):
            raise not_found()
        return row

    def _opened(self, session: Session, device_id: str) -> VideoDevice:
        try:
            device = self._book.device(session, device_id)
        except OtherKey as error:
            raise ApiError(
                503,
                "other_key",
                "The device's sign-in was sealed with another key: add it anew",
                "设备的登录信息由另一密钥加密，请重新添加",
            ) from error
        if device is None:
            raise not_found()
        return device

    def _area(self, session: Session, caller: Caller, area: str) -> str:
        known = self._server.known_areas(session, [area]).get(area, "")
        if not known or not caller.may_see(known):
            raise ApiError(422, "outside_areas", "The area lies outside your areas", "该区域不在您的辖区内")
        return known


def _known(row: VideoDeviceRow, cameras: int) -> Known:
    return Known(
        id=row.id,
        driver=row.driver,
        name=row.name,
        address=row.address,
        area=row.area,
        signed=bool(row.sealed),
        cameras=cameras,
    )


def _offered(channel: Channel, camera: str, maybe: str) -> Offered:
    return Offered(
        id=channel.id,
        name=channel.name,
        kind=channel.kind,
        where=channel.where,
        owner=channel.owner,
        steerable=channel.steerable,
        recorded=channel.recorded,
        online=channel.online,
        camera=camera,
        maybe=maybe,
    )


def _line(wanted: Wanted, channel: Channel, device_id: str) -> dict[str, object]:
    """As a table of cameras would say it. The id is the same each time."""
    where = wanted.where or channel.where
    mark = hashlib.sha256(channel.id.encode()).hexdigest()[:10]
    return {
        "id": f"{device_id}.{mark}",
        "name": (wanted.name or channel.name)[:128],
        "lon": where[0] if where else None,
        "lat": where[1] if where else None,
        "kind": channel.kind.value,
        "owner": (wanted.owner or channel.owner)[:128],
    }


def _refused(channel: str, reason: str, reason_zh: str) -> Refused:
    return Refused(channel=channel, reason=reason, reason_zh=reason_zh)


def _elsewhere() -> ApiError:
    return ApiError(
        409, "device_elsewhere", "This device is managed by another area", "该设备已由其他区域管理"
    )
