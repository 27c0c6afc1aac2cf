"""From a device's profiles to channels: one for each video source, with a full and a small picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from plugins.cameras.server.devices.driver import DeviceFault, Fault
from plugins.cameras.server.onvif.soap import Talk

MOST = 2000
"""Profiles that are looked at."""
SMALL = 576
"""Height in pixels that a small picture has at most, if one of them does."""
LONGEST = 128
"""Letters of a token or name."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A picture with its head."""

    token: str
    name: str
    source: str
    width: int
    height: int
    coded: str
    """``H264``, ``H265``, ``JPEG``; empty: it does not say."""
    node: str
    """Of its head; empty: it has none."""
    service: str
    """``media`` or ``media2``, which knows it."""

    @property
    def pixels(self) -> int:
        return self.width * self.height


@dataclass(slots=True)
class Source:
    """A video source, largest picture first."""

    token: str
    profiles: list[Profile] = field(default_factory=list)

    @property
    def main(self) -> Profile:
        """The largest; a coded film before single pictures."""
        return self.profiles[0]

    @property
    def sub(self) -> Profile | None:
        """The largest of the small ones, else the smallest; None: all are as large."""
        others = [
            each for each in self.profiles if each.pixels < self.main.pixels and each.coded.upper() != "JPEG"
        ]
        small = [each for each in others if 0 < each.height <= SMALL]
        return small[0] if small else others[-1] if others else None

    @property
    def head(self) -> Profile | None:
        """The profile to steer by."""
        return next((each for each in self.profiles if each.node), None)


async def sources(talk: Talk) -> dict[str, Source]:
    """By token, in the device's order. Raises DeviceFault."""
    found = dict[str, Source]()
    for profile in await _profiles(talk):
        found.setdefault(profile.source, Source(profile.source)).profiles.append(profile)
    for source in found.values():
        source.profiles.sort(key=lambda each: (each.coded.upper() == "JPEG", -each.pixels))
    return found


async def _profiles(talk: Talk) -> Sequence[Profile]:
    """By Media2, which alone knows H.265, else by Media."""
    from onveef import envelopes

    services = [each for each in ("media2", "media") if each in talk.services]
    for service in services:
        try:
            told = await talk.call(service, envelopes.media_get_profiles(use_media2=service == "media2"))
        except DeviceFault as fault:
            if fault.fault is not Fault.UNABLE or service == services[-1]:
                raise
            continue
        if found := _read(told, service):
            return found
    raise DeviceFault(Fault.UNABLE, "no profiles")


def _read(told: str, service: str) -> list[Profile]:
    from onveef import parsers

    found = list[Profile]()
    for each in parsers.parse_profiles(told)[:MOST]:
        token, coder = each["token"], each.get("video_encoder", {})
        source = each.get("video_source", {}).get("source_token", "") or token
        if not token or max(len(token), len(source)) > LONGEST or "video_source" not in each:
            continue
        profile = Profile(
            token=token,
            name=tidy(each["name"]),
            source=source,
            width=_size(coder.get("width")),
            height=_size(coder.get("height")),
            coded=str(coder.get("encoding", "")),
            node=each.get("ptz", {}).get("node_token", "") or each.get("ptz", {}).get("token", ""),
            service=service,
        )
        found.append(profile)
    return found


def tidy(name: str) -> str:
    """A name by a device, fit to be shown."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST]


def _size(told: object) -> int:
    return told if isinstance(told, int) and 0 < told <= 100_000 else 0
