"""Turning a channel: the platform passes on what the standard calls PTZ commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from console.sdk.records import Pose
from plugins.cameras.server.devices.driver import Ability, DeviceFault, Fault, Preset
from plugins.cameras.server.wvp import reading

Ask = Callable[..., Any]
"""(path, query…) to the data of an answer."""
ABILITIES = frozenset({Ability.MOVE, Ability.ZOOM, Ability.PRESETS, Ability.SET_PRESETS})
FASTEST, FASTEST_ZOOM = 255, 15
_RIGHT, _LEFT, _DOWN, _UP, _CLOSER, _FARTHER = 1, 2, 4, 8, 16, 32
"""Bits of a command."""
_FREE = range(1, 33)
"""Numbers for new presets: makers keep some of the higher ones for wipers, patrols, a restart."""


class WvpSteering:
    """Of one channel. A device goes on until it is told to stop: whoever steers sees to that."""

    def __init__(self, ask: Ask, channel: str) -> None:
        self._ask, self._channel = ask, channel

    @property
    def abilities(self) -> frozenset[Ability]:
        """Of all that can be turned: the standard has no question for it."""
        return ABILITIES

    def move(self, pan: float, tilt: float, zoom: float) -> None:
        """Go on at these speeds. Raises DeviceFault."""
        command = _bit(pan, _RIGHT, _LEFT) | _bit(tilt, _UP, _DOWN) | _bit(zoom, _CLOSER, _FARTHER)
        self._order(command, _speed(pan, FASTEST), _speed(tilt, FASTEST), _speed(zoom, FASTEST_ZOOM))

    def stop(self) -> None:
        """Raises DeviceFault."""
        self._order(0, 0, 0, 0)

    def point(self, pose: Pose) -> None:
        """Platforms have no way to say an angle."""
        raise DeviceFault(Fault.UNABLE)

    def pose(self) -> Pose:
        """Nor to ask for one."""
        raise DeviceFault(Fault.UNABLE)

    def presets(self) -> Sequence[Preset]:
        """Raises DeviceFault."""
        return reading.presets(self._ask(f"front-end/preset/query/{self._channel}"))

    def go(self, preset: str) -> None:
        """Raises DeviceFault."""
        self._preset("call", preset)

    def keep(self, name: str, preset: str = "") -> Preset:
        """The standard keeps numbers, no names: the device makes up its own. Raises DeviceFault."""
        number = preset or self._free()
        self._preset("add", number)
        return Preset(number, name or number)

    def forget(self, preset: str) -> None:
        """Raises DeviceFault."""
        self._preset("delete", preset)

    def _order(self, command: int, across: int, upward: int, zoom: int) -> None:
        self._ask(
            f"front-end/common/{self._channel}",
            cmdCode=command,
            parameter1=across,
            parameter2=upward,
            combindCode2=zoom,
        )

    def _preset(self, act: str, preset: str) -> None:
        number = reading.preset_number(preset)
        if not number:
            raise DeviceFault(Fault.MISSING)
        self._ask(f"front-end/preset/{act}/{self._channel}", presetId=number)

    def _free(self) -> str:
        taken = {preset.id for preset in self.presets()}
        for number in _FREE:
            if str(number) not in taken:
                return str(number)
        raise DeviceFault(Fault.UNABLE, "no number for a preset is left")


def _bit(speed: float, forward: int, back: int) -> int:
    return forward if speed > 0 else back if speed < 0 else 0


def _speed(speed: float, fastest: int) -> int:
    """At least 1: a device takes 0 for standing still."""
    return max(1, round(min(abs(speed), 1.0) * fastest)) if speed else 0
