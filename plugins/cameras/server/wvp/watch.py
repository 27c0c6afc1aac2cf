"""Every few minutes: which linked channels are online at their platform, and what they can.

A platform hears from its devices at once, so nobody needs to be asked for a picture to know.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Select, delete, select

from console.sdk.server import OtherKey, ServerContext, Session, announce
from plugins.cameras.model import Health
from plugins.cameras.server.background import Repeated
from plugins.cameras.server.catalogue import to_record
from plugins.cameras.server.devices.book import DeviceBook, Link
from plugins.cameras.server.devices.driver import Channel, DeviceFault, Driver, Fault, VideoDevice
from plugins.cameras.server.tables import CameraRow, ChannelRow, HealthRow, StreamRow, VideoDeviceRow

FIRST = 15.0
"""Seconds after the start."""
EVERY = 180.0
SURE = 2
"""How many times in a row a platform must be silent before its cameras count as gone."""
AT_ONCE = 200
"""Cameras that are written in one transaction."""
NEVER = 4e9
"""s since 1970 that the watch of addresses does not reach: it has nothing to ask here."""
_GONE = {Fault.SIGN_IN: (Health.REFUSED, "sign-in")}
_ONLINE, _OFFLINE = (Health.ONLINE, ""), (Health.OFFLINE, "unreachable")


class PlatformWatch(Repeated):
    """Service ``cameras.platforms``. Cameras with an address of their own are left to the watch of those."""

    FAULT = "the platforms of cameras were not asked"

    def __init__(self, server: ServerContext, book: DeviceBook, driver: Driver) -> None:
        super().__init__(server, "camera platforms")
        self._book, self._driver = book, driver
        self._silent: Counter[str] = Counter()

    def stop(self, patience: float | None = 1.0) -> None:
        """A platform that is being asked is not waited for."""
        super().stop(patience)

    def turn(self) -> None:
        """Ask all platforms once."""
        for device in self._platforms():
            if self._stop.is_set():
                return
            try:
                channels = {each.id: each for each in self._driver.channels(device)}
            except DeviceFault as fault:
                self._server.log.info("platform %s was not asked: %s", device.name, fault.fault)
                self._silent[device.id] += 1
                if self._silent[device.id] >= SURE:
                    self._note_all(device, {}, _GONE.get(fault.fault, _OFFLINE))
                continue
            self._silent[device.id] = 0
            self._note_all(device, channels, _OFFLINE)
        self._forget()

    def _pause(self, turns: int) -> float:
        return EVERY if turns else FIRST

    def _turn(self) -> None:
        self.turn()

    def _platforms(self) -> list[VideoDevice]:
        found = list[VideoDevice]()
        with self._server.session(write=False) as session:
            query = select(VideoDeviceRow.id).where(VideoDeviceRow.driver == self._driver.name)
            for device_id in session.scalars(query).all():
                try:
                    device = self._book.device(session, device_id)
                except OtherKey:
                    continue  # the list of devices says so to who looks
                if device is not None:
                    found.append(device)
        return found

    def _note_all(
        self, device: VideoDevice, channels: Mapping[str, Channel], otherwise: tuple[Health, str]
    ) -> None:
        """*otherwise*: of cameras whose channels are not among those online."""
        online = {each.id for each in channels.values() if each.online}
        changed = list[tuple[str, tuple[Health, str]]]()
        with self._server.session(write=False) as session:
            for channel, health, camera in session.execute(_linked(device.id)).tuples():
                state = _ONLINE if channel.channel in online else otherwise
                known = channels.get(channel.channel)
                same = health is not None and (health.state, health.fault) == state
                same = same and camera.online == (state == _ONLINE)
                if not same or (known is not None and known.steerable != channel.steerable):
                    changed.append((channel.camera, state))
        for at in range(0, len(changed), AT_ONCE):
            if self._stop.is_set():
                return
            with self._server.session(write=True) as session:
                for camera_id, state in changed[at : at + AT_ONCE]:
                    self._note(session, camera_id, device, channels, state)

    def _note(
        self,
        session: Session,
        camera_id: str,
        device: VideoDevice,
        channels: Mapping[str, Channel],
        state: tuple[Health, str],
    ) -> None:
        channel, camera = session.get(ChannelRow, camera_id), session.get(CameraRow, camera_id)
        if channel is None or camera is None or channel.device != device.id:
            return  # unlinked meanwhile
        known = channels.get(channel.channel)
        if known is not None and known.steerable != channel.steerable:
            link = Link(camera_id, device, channel.channel, known.steerable, channel.recorded)
            self._book.link(session, link)
        _keep(session, camera_id, state)
        if camera.online != (state == _ONLINE):
            camera.online = state == _ONLINE
            announce(self._server, session, "camera", camera, to_record)

    def _forget(self) -> None:
        """What was known of cameras that are no channels any more."""
        stale = HealthRow.due == NEVER
        for table in (ChannelRow, StreamRow):
            stale &= ~select(table.camera).where(table.camera == HealthRow.camera).exists()
        with self._server.session(write=False) as session:
            if session.scalar(select(HealthRow.camera).where(stale).limit(1)) is None:
                return
        with self._server.session(write=True) as session:
            session.execute(delete(HealthRow).where(stale))


def _linked(device_id: str) -> Select[tuple[ChannelRow, HealthRow, CameraRow]]:
    """Cameras of a platform that have no address of their own; their health may be None."""
    has_address = select(StreamRow.camera).where(StreamRow.camera == ChannelRow.camera).exists()
    return (
        select(ChannelRow, HealthRow, CameraRow)
        .join(CameraRow, CameraRow.id == ChannelRow.camera)
        .outerjoin(HealthRow, HealthRow.camera == ChannelRow.camera)
        .where(ChannelRow.device == device_id, ~has_address)
        .order_by(ChannelRow.camera)
    )


def _keep(session: Session, camera_id: str, state: tuple[Health, str]) -> None:
    now = time.time()
    row = session.get(HealthRow, camera_id)
    if row is None:
        row = HealthRow(camera=camera_id, state=Health.UNKNOWN, fault="", fails=0)
        session.add(row)
    if row.state != state[0]:
        row.since = now
    row.state, row.fault = state[0].value, state[1]
    row.checked, row.due = now, NEVER
