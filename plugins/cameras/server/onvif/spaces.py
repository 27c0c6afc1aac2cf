"""A device's coordinates and ours.

Where a head knows degrees (a "Spherical" space) those are used as they are, whole turns taken off. Where it
has the generic space alone, the whole of its range is taken to be a whole turn of pan (-180 to 180 degrees)
and of tilt from straight down to straight up (-90 to 90): that is what the letters of the standard leave.
Zoom goes over the whole of its range from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from console.sdk.records import Pose
from plugins.cameras.server.devices.driver import DeviceFault, Fault

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Space:
    """Coordinates that a head understands."""

    uri: str
    x: Range
    y: Range = (0.0, 1.0)

    @property
    def degrees(self) -> bool:
        return "Spherical" in self.uri


@dataclass(frozen=True, slots=True)
class Node:
    """What a head can."""

    turn: tuple[Space, ...]
    """Absolute ones of pan and tilt, the best first."""
    zoom: tuple[Space, ...]
    moves: bool
    zooms: bool
    presets: int
    """Room for so many."""


def read_node(element: Element) -> Node:
    """Of a ``PTZNode``."""
    from onveef import parsers

    def spaces(kind: str) -> list[Space]:
        told = [_space(each) for each in parsers.find_all_local(element, kind)[:16]]
        return [each for each in told if each is not None]

    turn = sorted(spaces("AbsolutePanTiltPositionSpace"), key=lambda each: not each.degrees)
    room = parsers.child_text(element, "MaximumNumberOfPresets")
    return Node(
        turn=tuple(turn),
        zoom=tuple(spaces("AbsoluteZoomPositionSpace")),
        moves=bool(parsers.find_all_local(element, "ContinuousPanTiltVelocitySpace")),
        zooms=bool(parsers.find_all_local(element, "ContinuousZoomVelocitySpace")),
        presets=int(room) if room.isdecimal() and len(room) < 6 else 0,
    )


def to_pose(position: Element, node: Node) -> Pose:
    """Of a ``Position``. Raises DeviceFault GARBLED."""
    from onveef import parsers

    turned, zoomed = parsers.child_local(position, "PanTilt"), parsers.child_local(position, "Zoom")
    if turned is None or not node.turn:
        raise DeviceFault(Fault.GARBLED)
    space = _named(turned, node.turn)
    pan, tilt = _number(turned, "x"), _number(turned, "y")
    if not space.degrees:
        pan, tilt = _scaled(pan, space.x, (-180.0, 180.0)), _scaled(tilt, space.y, (-90.0, 90.0))
    zoom = 0.0
    if zoomed is not None and node.zoom:
        zoom = _scaled(_number(zoomed, "x"), _named(zoomed, node.zoom).x, (0.0, 1.0))
    pan = (pan + 180.0) % 360.0 - 180.0
    return Pose(pan, min(max(tilt, -90.0), 90.0), min(max(zoom, 0.0), 1.0))


def from_pose(pose: Pose, node: Node) -> str:
    """Elements of a ``Position``, each with its space."""
    from xml.sax.saxutils import quoteattr

    space = node.turn[0]
    pan, tilt = pose.pan, pose.tilt
    if space.degrees:
        pan = _turned_into(pan, space.x)
    else:
        pan, tilt = _scaled(pan, (-180.0, 180.0), space.x), _scaled(tilt, (-90.0, 90.0), space.y)
    tilt = min(max(tilt, space.y[0]), space.y[1])
    text = f'<tt:PanTilt x="{pan:.6f}" y="{tilt:.6f}" space={quoteattr(space.uri)}/>'
    if node.zoom:
        zoom = _scaled(pose.zoom, (0.0, 1.0), node.zoom[0].x)
        text += f'<tt:Zoom x="{zoom:.6f}" space={quoteattr(node.zoom[0].uri)}/>'
    return text


def _turned_into(pan: float, within: Range) -> float:
    """The same direction within a head's range, or the nearest end of it."""
    for turned in (pan, pan + 360.0, pan - 360.0):
        if within[0] <= turned <= within[1]:
            return turned
    return min(within, key=lambda end: abs((pan - end + 180.0) % 360.0 - 180.0))


def _scaled(value: float, before: Range, after: Range) -> float:
    return after[0] + (value - before[0]) / (before[1] - before[0]) * (after[1] - after[0])


def _space(element: Element) -> Space | None:
    from onveef import parsers

    def reach(name: str) -> Range | None:
        told = parsers.child_local(element, name)
        if told is None:
            return 0.0, 1.0
        try:
            low, high = (float(parsers.child_text(told, end)) for end in ("Min", "Max"))
        except ValueError:
            return None
        return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None

    x, y = reach("XRange"), reach("YRange")
    return None if x is None or y is None else Space(parsers.child_text(element, "URI"), x, y)


def _named(element: Element, spaces: Iterable[Space]) -> Space:
    """The space that an element says it is in, else the generic one, else the first."""
    known = list(spaces)
    told = element.attrib.get("space", "")
    for space in known:
        if space.uri == told:
            return space
    return next((each for each in known if not each.degrees), known[0])


def _number(element: Element, name: str) -> float:
    try:
        value = float(element.attrib.get(name, ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DeviceFault(Fault.GARBLED)
    return value
