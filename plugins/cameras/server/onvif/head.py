"""A head by ONVIF's PTZ service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from xml.sax.saxutils import escape

from console.sdk.records import Pose
from plugins.cameras.server.devices.driver import Ability, DeviceFault, Fault, Preset
from plugins.cameras.server.onvif.profiles import LONGEST, Profile, tidy
from plugins.cameras.server.onvif.soap import Talk, parsed
from plugins.cameras.server.onvif.spaces import Node, from_pose, read_node, to_pose

T = TypeVar("T")
GOES_ON = "PT3S"
"""After which a head that moves stops by itself."""
MOST = 300
"""Presets that are listed."""

Ask = Callable[[Callable[[Talk], Awaitable[T]]], T]


async def node_of(talk: Talk, profile: Profile) -> Node:
    """What the head of a profile can."""
    from onveef import envelopes, parsers

    root = parsed(await talk.call("ptz", envelopes.ptz_get_nodes()))
    nodes = parsers.find_all_local(root, "PTZNode")
    if not nodes:
        raise DeviceFault(Fault.UNABLE)
    return read_node(next((each for each in nodes if each.attrib.get("token") == profile.node), nodes[0]))


class Head:
    """Implements ``Steering``."""

    def __init__(
        self, ask: Callable[[Callable[[Talk], Awaitable[str]]], str], profile: str, node: Node
    ) -> None:
        self._ask, self._profile, self._node = ask, profile, node

    @property
    def abilities(self) -> frozenset[Ability]:
        node = self._node
        told = {
            Ability.MOVE: node.moves,
            Ability.POINT: bool(node.turn),
            Ability.POSE: bool(node.turn),
            Ability.ZOOM: node.zooms,
            Ability.PRESETS: node.presets > 0,
            Ability.SET_PRESETS: node.presets > 0,
        }
        return frozenset(ability for ability, can in told.items() if can)

    def move(self, pan: float, tilt: float, zoom: float) -> None:
        from onveef import envelopes

        turns = self._node.moves
        body = envelopes.ptz_continuous_move(
            profile_token=self._profile,
            pan=pan if turns else None,
            tilt=tilt if turns else None,
            zoom=zoom if self._node.zooms else None,
            timeout=GOES_ON,
        )
        self._call(body)

    def stop(self) -> None:
        from onveef import envelopes

        self._call(envelopes.ptz_stop(profile_token=self._profile, pan_tilt=True, zoom=True))

    def point(self, pose: Pose) -> None:
        if not self._node.turn:
            raise DeviceFault(Fault.UNABLE)
        # The library's own request says no space, and a device would take degrees for parts of its range.
        self._call(
            f"<tptz:AbsoluteMove><tptz:ProfileToken>{escape(self._profile)}</tptz:ProfileToken>"
            f"<tptz:Position>{from_pose(pose, self._node)}</tptz:Position></tptz:AbsoluteMove>"
        )

    def pose(self) -> Pose:
        from onveef import envelopes, parsers

        root = parsed(self._call(envelopes.ptz_get_status(profile_token=self._profile)))
        position = parsers.find_local(root, "Position")
        if position is None:
            raise DeviceFault(Fault.UNABLE)
        return to_pose(position, self._node)

    def presets(self) -> Sequence[Preset]:
        from onveef import envelopes, parsers

        told = self._call(envelopes.ptz_get_presets(profile_token=self._profile))
        found = parsers.parse_ptz_presets(told)[:MOST]
        return [
            Preset(each["token"], tidy(each["name"]) or each["token"])
            for each in found
            if 0 < len(each["token"]) <= LONGEST
        ]

    def go(self, preset: str) -> None:
        from onveef import envelopes

        self._call(envelopes.ptz_goto_preset(profile_token=self._profile, preset_token=preset))

    def keep(self, name: str, preset: str = "") -> Preset:
        from onveef import envelopes, parsers

        body = envelopes.ptz_set_preset(profile_token=self._profile, preset_name=name, preset_token=preset)
        token = parsers.parse_set_preset_token(self._call(body)) or preset
        if not token or len(token) > LONGEST:
            raise DeviceFault(Fault.GARBLED)
        return Preset(token, name)

    def forget(self, preset: str) -> None:
        from onveef import envelopes

        self._call(envelopes.ptz_remove_preset(profile_token=self._profile, preset_token=preset))

    def _call(self, body: str) -> str:
        return self._ask(lambda talk: talk.call("ptz", body))
