"""What the panel 设备接入 knows and asks the backend for: one thing at a time, which can be ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Undo
from console.sdk.errors import OneMapError
from console.sdk.records import LonLat

SEARCH = 4.0
"""Seconds."""
NAMES = {"onvif": "ONVIF", "wvp": "GB/T 28181 (WVP)"}
"""Kinds of devices as they are called everywhere; others by their own word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device that is known, or one that was found; ``id`` empty: not known yet."""

    id: str
    driver: str
    name: str
    address: str
    cameras: int = 0

    @property
    def key(self) -> str:
        """In lists."""
        return self.id or self.address


@dataclass(slots=True)
class Channel:
    """A channel, with what the user said of it."""

    id: str
    name: str
    where: LonLat | None
    steerable: bool
    recorded: bool
    online: bool
    camera: str
    """That it is; empty: none yet."""
    maybe: str
    """That it may be."""
    trouble: str = ""
    """Why it became no camera."""

    @property
    def ready(self) -> bool:
        """Whether it can become a camera."""
        return not self.camera and bool(self.maybe or self.where)


class DeviceDesk(QObject):
    """Follows one device. For the GUI thread."""

    changed = Signal()
    """Devices, channels, or what is being done."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.drivers: list[str] = []
        self.devices: list[Device] = []
        self.found: list[Device] = []
        """By the last search, without those that are known."""
        self.current = ""
        """Id of the device whose channels are shown."""
        self.channels: list[Channel] = []
        self.doing = ""
        """What is being done, in words; empty: nothing."""
        self.told = self.trouble = ""
        """What became of it; one of them at most."""
        self._end: Undo = lambda: None
        ctx.undo(lambda: self._end())

    def load(self) -> None:
        """The devices that there are."""
        self._do(self.ctx.tr("Reading the devices…"), self._load)

    def add(self, driver: str, address: str, user: str, password: str, name: str) -> None:
        """A device with its sign-in, and look at its channels."""
        body = {"driver": driver, "address": address, "user": user, "password": password, "name": name}

        async def work() -> None:
            known = await self.ctx.backend.post("/cameras/devices", body)
            await self._load()
            await self._open(known["id"])

        self._do(self.ctx.tr("Asking the device…"), work)

    def open(self, device_id: str) -> None:
        """Ask a device for its channels."""
        self._do(self.ctx.tr("Asking the device…"), lambda: self._open(device_id))

    def search(self) -> None:
        """Devices in the backend's network."""

        async def work() -> None:
            answer = await self.ctx.backend.post("/cameras/devices/discover", {"seconds": SEARCH})
            await self._load()
            known = {each.address for each in self.devices}
            self.found = [
                Device(id="", driver=each["driver"], name=each["name"], address=each["address"])
                for each in answer
                if each["address"] not in known
            ]
            self.told = self.ctx.tr("{n} devices found that are not added yet", n=len(self.found))

        self._do(self.ctx.tr("Looking for devices in the backend's network…"), work)

    def drop(self, device_id: str) -> None:
        """Forget a device."""

        async def work() -> None:
            await self.ctx.backend.delete(f"/cameras/devices/{quote(device_id, safe='')}")
            self.current, self.channels = "", []
            await self._load()

        self._do(self.ctx.tr("Removing the device…"), work)

    def link(self, channels: Sequence[Channel]) -> None:
        """Make cameras of them."""
        wanted = [_wanted(each) for each in channels]
        path = f"{_path(self.current)}/link"

        async def work() -> None:
            done = await self.ctx.backend.post(path, {"channels": wanted})
            chinese = self.ctx.language.startswith("zh")
            why = {
                each["channel"]: each["reason_zh"] if chinese else each["reason"] for each in done["rejected"]
            }
            await self._load()
            await self._open(self.current, keep=channels)
            for each in self.channels:
                each.trouble = why.get(each.id, "")
            told = self.ctx.tr("Channels made cameras: {n}", n=len(done["cameras"]))
            self.told = f"{told} · {self.ctx.tr('{n} not taken', n=len(why))}" if why else told

        self._do(self.ctx.tr("Making cameras…"), work)

    def end(self) -> None:
        """Wait no longer for what is being done."""
        self._end()
        self._say(told=self.ctx.tr("Ended"))

    def title(self, driver: str) -> str:
        """How a kind of device is called."""
        return NAMES.get(driver, driver)

    async def _load(self) -> None:
        answer = await self.ctx.backend.get("/cameras/devices")
        self.drivers = sorted(answer["drivers"], key=lambda each: (each not in NAMES, each))
        names = ("id", "driver", "name", "address", "cameras")
        self.devices = [Device(**{name: each[name] for name in names}) for each in answer["devices"]]
        known = {each.address for each in self.devices}
        self.found = [each for each in self.found if each.address not in known]

    async def _open(self, device_id: str, keep: Sequence[Channel] = ()) -> None:
        """*keep*: what the user said of channels stays."""
        if device_id != self.current:
            self.current, self.channels = device_id, []
            self.changed.emit()
        said = {each.id: each for each in keep}
        answer = await self.ctx.backend.get(f"{_path(device_id)}/channels")
        self.channels = [_channel(each, said.get(each["id"])) for each in answer]

    def _do(self, doing: str, work: Callable[[], Awaitable[None]]) -> None:
        self._end()
        self.doing, self.told, self.trouble = doing, "", ""
        self.changed.emit()
        self._end = self.ctx.tasks.start(self._run(work))

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except OneMapError as error:
            self._say(trouble=str(error))
        else:
            self._say(told=self.told)

    def _say(self, told: str = "", trouble: str = "") -> None:
        self.doing, self.told, self.trouble = "", told, trouble
        self.changed.emit()


def _path(device_id: str) -> str:
    return f"/cameras/devices/{quote(device_id, safe='')}"


def _channel(told: dict[str, Any], said: Channel | None) -> Channel:
    where = told["where"]
    names = ("id", "name", "steerable", "recorded", "online", "camera", "maybe")
    channel = Channel(**{name: told[name] for name in names}, where=None if where is None else tuple(where))
    if said is not None and not channel.camera:
        channel.name, channel.where = said.name, said.where
    return channel


def _wanted(channel: Channel) -> dict[str, Any]:
    """A new camera has a name and a place; a known one has both already."""
    if channel.maybe:
        return {"channel": channel.id, "camera": channel.maybe}
    return {"channel": channel.id, "name": channel.name, "where": channel.where}
