"""Which devices there are, and which camera is which channel of them. Sign-ins are sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from console.sdk.server import ServerContext, Session, announce
from plugins.cameras.server.catalogue import to_record
from plugins.cameras.server.devices.driver import DeviceFault, Driver, Fault, Steering, VideoDevice
from plugins.cameras.server.devices.words import refusal
from plugins.cameras.server.streams import hosts_of
from plugins.cameras.server.tables import CameraRow, ChannelRow, StreamRow, VideoDeviceRow


@dataclass(frozen=True, slots=True)
class Link:
    """A camera's channel."""

    camera: str
    device: VideoDevice
    channel: str
    steerable: bool
    recorded: bool


class DeviceBook:
    """Service ``cameras.devices``. Reads and writes in the transaction of its caller."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server
        self._drivers: dict[str, Driver] = {}
        self._listed = set[str]()

    def register(self, driver: Driver, *, lists: bool = True) -> None:
        """A kind of device; at start-up. *lists*: it says which channels it has, so that its address is all
        that must be known."""
        self._drivers[driver.name] = driver
        if lists:
            self._listed.add(driver.name)

    @property
    def names(self) -> list[str]:
        """Of the drivers whose devices are taken in by their address."""
        return sorted(self._listed)

    def driver(self, device: VideoDevice) -> Driver:
        """The one for *device*. Not inside a transaction. Raises DeviceFault."""
        try:
            driver = self._drivers[device.driver]
        except KeyError:
            raise DeviceFault(Fault.UNABLE, f"no driver {device.driver}") from None
        if not all(map(self._server.networks.permits, hosts_of(device.address))):
            raise DeviceFault(Fault.BARRED)
        return driver

    def must_be_permitted(self, address: str) -> None:
        """Of a device that is taken in. Raises ApiError 422."""
        if any(map(self._server.networks.bars, hosts_of(address))):
            raise refusal(DeviceFault(Fault.BARRED))

    def put(self, session: Session, device: VideoDevice) -> None:
        """Keep a device, new or changed."""
        secret = [device.user, device.password]
        sealed = self._server.vault.seal(json.dumps(secret)) if any(secret) else b""
        session.merge(
            VideoDeviceRow(
                id=device.id,
                driver=device.driver,
                name=device.name,
                address=device.address,
                area=device.area,
                sealed=sealed,
            )
        )

    def device(self, session: Session, device_id: str) -> VideoDevice | None:
        """Of an id. Raises OtherKey."""
        row = session.get(VideoDeviceRow, device_id)
        return None if row is None else self._opened(row)

    def devices(self, session: Session, areas: Sequence[str]) -> list[VideoDevice]:
        """Those of *areas*, by name. Raises OtherKey."""
        query = select(VideoDeviceRow).where(self._server.in_areas(VideoDeviceRow.area, areas))
        return [self._opened(row) for row in session.scalars(query.order_by(VideoDeviceRow.name))]

    def drop(self, session: Session, device_id: str) -> None:
        """Forget a device; its cameras stay, without what came from it."""
        for row in session.scalars(select(ChannelRow).where(ChannelRow.device == device_id)).all():
            self.unlink(session, row.camera)
        if row := session.get(VideoDeviceRow, device_id):
            session.delete(row)

    def link(self, session: Session, link: Link) -> None:
        """Say which channel a camera is, and announce what it can. Raises KeyError for an unknown camera."""
        session.merge(
            ChannelRow(
                camera=link.camera,
                device=link.device.id,
                channel=link.channel,
                steerable=link.steerable,
                recorded=link.recorded,
            )
        )
        self._announce(session, link.camera, live=True, steerable=link.steerable, recorded=link.recorded)

    def unlink(self, session: Session, camera_id: str) -> None:
        """It is no channel of a device any more."""
        if row := session.get(ChannelRow, camera_id):
            session.delete(row)
            has_address = session.get(StreamRow, camera_id) is not None
            self._announce(session, camera_id, live=has_address, steerable=False, recorded=False)

    def of(self, session: Session, camera_id: str) -> Link | None:
        """A camera's channel; None: it is none of a device. Raises OtherKey."""
        row = session.get(ChannelRow, camera_id)
        device = None if row is None else self.device(session, row.device)
        if row is None or device is None:
            return None
        return Link(camera_id, device, row.channel, row.steerable, row.recorded)

    def links(self, session: Session, device_id: str) -> dict[str, str]:
        """Cameras of a device: channel to camera."""
        query = select(ChannelRow.channel, ChannelRow.camera).where(ChannelRow.device == device_id)
        return {row.channel: row.camera for row in session.execute(query)}

    def steering(self, link: Link) -> Steering:
        """How the camera is steered. Not inside a transaction. Raises DeviceFault."""
        if not link.steerable:
            raise DeviceFault(Fault.UNABLE)
        return self.driver(link.device).steering(link.device, link.channel)

    def _opened(self, row: VideoDeviceRow) -> VideoDevice:
        user, password = json.loads(self._server.vault.unseal(row.sealed)) if row.sealed else ("", "")
        return VideoDevice(
            id=row.id,
            driver=row.driver,
            name=row.name,
            address=row.address,
            area=row.area,
            user=user,
            password=password,
        )

    def _announce(self, session: Session, camera_id: str, **state: bool) -> None:
        camera = session.get(CameraRow, camera_id)
        if camera is None:
            raise KeyError(camera_id)
        before = {name: getattr(camera, name) for name in state}
        for name, value in state.items():
            setattr(camera, name, value)
        if before != state:
            announce(self._server, session, "camera", camera, to_record)
