"""What an event says, whether it came as XML or protobuf."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring
from google.protobuf.message import DecodeError
from takproto.proto import TakMessage  # pyright: ignore[reportAttributeAccessIssue]

from console.sdk.server import PositionFix, PositionSource
from console.server.listeners.cot.framing import Frame
from console.server.protocols.reading import number, place, scaled, time_of

_UNKNOWN = 9_999_999.0
"""Of ce, le and hae."""
_TYPED = (
    ("track", "track", ("speed", "course")),
    ("status", "status", ("battery",)),
    ("precisionLocation", "precisionlocation", ("geopointsrc",)),
)
"""Details with fields of their own in protobuf: field, XML tag, attributes."""
_NO_ELEMENT = Element("none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a client without a certificate shows first."""

    device_id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CotEvent:
    """One event; SI units, None where unknown."""

    uid: str
    type: str
    how: str = ""
    time: float | None = None
    """Seconds since 1970."""
    lon: Any = None
    lat: Any = None
    """Degrees as they came, to be checked when they are used."""
    hae: float | None = None
    ce: float | None = None
    """Radius in metres within which the place is."""
    speed: float | None = None
    course: float | None = None
    battery: float | None = None
    by_hand: bool = False
    text: str = ""
    parent: str = ""
    """Uid of whom the event belongs to, from its link."""
    version: int = 0
    """TAK protocol version that a client asks for."""


def read_frame(frame: Frame) -> CotEvent | Credentials:
    """What a frame says. Raises ValueError."""
    return _read_protobuf(frame.data) if frame.kind == "protobuf" else _read_xml(frame.data)


def fix_of(event: CotEvent, device_id: str) -> PositionFix | None:
    """The fix in an event about the device itself. Raises ValueError for places out of range."""
    alert = event.type.startswith("b-a-")
    if not (event.type.startswith("a-") or alert) or owner_of(event) != device_id:
        return None
    lon, lat = place(event.lon, event.lat)
    return PositionFix(
        lon=lon,
        lat=lat,
        time=event.time,
        speed=event.speed,
        heading=event.course,
        accuracy=event.ce,
        altitude=event.hae,
        battery=event.battery,
        sos=alert and event.type != "b-a-o-can",
        mock=event.by_hand,
        source=PositionSource.COT,
    )


def owner_of(event: CotEvent) -> str:
    """Uid of the device that an event speaks for."""
    if event.type.startswith("b-t-f"):
        parts = event.uid.split(".")
        return parts[1] if parts[0] == "GeoChat" and len(parts) >= 3 else ""
    if event.type.startswith("b-a-"):
        return event.uid.removesuffix("-9-1-1")
    return event.uid


def _read_xml(data: bytes) -> CotEvent | Credentials:
    root = _parsed(data)
    if root.tag == "auth":
        shown = _child(root, "cot")
        return Credentials(device_id=shown.get("username", ""), secret=shown.get("password", ""))
    if root.tag != "event":
        raise ValueError("no event")
    point = _child(root, "point")
    return _event(
        dict(root.attrib) | dict(point.attrib) | {"time": time_of(root.get("time"))}, _child(root, "detail")
    )


def _read_protobuf(data: bytes) -> CotEvent:
    """Some details have fields of their own, the rest is a piece of XML."""
    try:
        event = TakMessage.FromString(data).cotEvent
    except DecodeError as error:
        raise ValueError("no TAK message") from error
    detail = _parsed(b"<detail>" + event.detail.xmlDetail.encode() + b"</detail>")
    for field, tag, names in _TYPED:
        if event.detail.HasField(field) and detail.find(tag) is None:
            part = getattr(event.detail, field)
            detail.append(Element(tag, {name: str(getattr(part, name)) for name in names}))
    values: dict[str, Any] = {name: getattr(event, name) for name in ("uid", "type", "how", "lon", "lat")}
    values |= {"hae": event.hae, "ce": event.ce, "time": event.sendTime / 1000 if event.sendTime else None}
    return _event(values, detail)


def _event(values: dict[str, Any], detail: Element) -> CotEvent:
    how, track = str(values.get("how", "")), _child(detail, "track")
    source = _child(detail, "precisionlocation").get("geopointsrc", "")
    return CotEvent(
        uid=str(values.get("uid", ""))[:200],
        type=str(values.get("type", ""))[:64],
        how=how[:32],
        time=values["time"],
        lon=values.get("lon"),
        lat=values.get("lat"),
        hae=_known(values.get("hae")),
        ce=_known(values.get("ce")) or None,
        speed=scaled(track.get("speed"), 1.0),
        course=number(track.get("course")),
        battery=scaled(_child(detail, "status").get("battery"), 0.01) or None,
        by_hand=how.startswith("h-") or how == "m-s" or source == "USER",
        text=(_child(detail, "remarks").text or "")[:4000],
        parent=_child(detail, "link").get("uid", ""),
        version=int(_version(_child(_child(detail, "TakControl"), "TakRequest").get("version"))),
    )


def _version(value: Any) -> float:
    wanted = number(value)
    return wanted if wanted is not None and 0 <= wanted < 100 else 0.0


def _known(value: Any) -> float | None:
    """A number, unless it is one of those that stand for "unknown"."""
    found = number(value)
    return None if found is None or math.fabs(found) >= _UNKNOWN else found


def _child(parent: Element, tag: str) -> Element:
    """The child, or an empty element."""
    found = parent.find(tag)
    return _NO_ELEMENT if found is None else found


def _parsed(data: bytes) -> Element:
    """XML without document types and entities. Raises ValueError."""
    try:
        return fromstring(data, forbid_dtd=True)
    except (ParseError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise ValueError("no XML") from error
