"""Events that we send: positions, orders, answers."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from takproto import TAKProtoVer, xml2proto

from console.model.positions import Positions
from console.model.records import LonLat
from console.sdk.server import Message

SENDER = "onemap"
CALLSIGN = "指挥中心 OneMap"
STALE_SECONDS = 120.0
"""After that a client greys a position that was not renewed."""
_NOWHERE: LonLat = (0.0, 0.0)
_UNKNOWN = "9999999.0"


def position_event(subject: str, name: str, row: Positions) -> bytes:
    """Where somebody is; *row* holds one position."""
    at, accuracy = float(row.time[0]), float(row.accuracy[0])
    event = _event(f"{SENDER}.{subject}", "a-f-G-U-C", "m-g", at, STALE_SECONDS)
    _point(event, (float(row.lon[0]), float(row.lat[0])), accuracy if accuracy == accuracy else None)
    detail = SubElement(event, "detail")
    SubElement(detail, "contact", callsign=name)
    speed, heading = float(row.speed[0]), float(row.heading[0])
    if speed == speed and heading == heading:
        SubElement(detail, "track", speed=f"{speed:.2f}", course=f"{heading:.1f}")
    return _xml(event)


def chat_event(message: Message, at: float) -> bytes:
    """An order as a chat message of the command centre."""
    device = message.device.id
    event = _event(f"GeoChat.{SENDER}.{device}.{message.id}", "b-t-f", "h-g-i-g-o", at, 86400.0)
    _point(event, message.where or _NOWHERE, None)
    detail = SubElement(event, "detail")
    room = {"parent": "RootContactGroup", "groupOwner": "false", "chatroom": CALLSIGN, "id": device}
    chat = SubElement(detail, "__chat", room | {"messageId": message.id, "senderCallsign": CALLSIGN})
    SubElement(chat, "chatgrp", uid0=SENDER, uid1=device, id=device)
    SubElement(detail, "link", uid=SENDER, type="a-f-G-U-C", relation="p-p")
    remarks = SubElement(detail, "remarks", source=f"BAO.F.{SENDER}", to=device, time=_iso(at))
    remarks.text = message.text
    return _xml(event)


def goal_event(message: Message, where: LonLat, at: float) -> bytes:
    """The place of an order as a waypoint to go to."""
    event = _event(f"{SENDER}.order.{message.id}", "b-m-p-w-GOTO", "h-g-i-g-o", at, 86400.0)
    _point(event, where, None)
    detail = SubElement(event, "detail")
    SubElement(detail, "contact", callsign=message.text[:60])
    SubElement(detail, "remarks").text = message.text
    return _xml(event)


def pong_event(at: float) -> bytes:
    """Answer to a ping."""
    return _control("takPong", "t-x-c-t-r", at)


def versions_event(at: float) -> bytes:
    """Which versions of the protocol we speak beside XML."""
    return _control("protouid", "t-x-takp-v", at, ("TakProtocolSupport", {"version": "1"}))


def answer_event(at: float, agreed: bool) -> bytes:
    """Answer to a client that asks for protobuf."""
    return _control("protouid", "t-x-takp-r", at, ("TakResponse", {"status": str(agreed).lower()}))


def as_protobuf(xml: bytes) -> bytes:
    """One of our own events as a protobuf frame of a stream."""
    return bytes(xml2proto(xml.decode(), TAKProtoVer.STREAM))


def _control(uid: str, kind: str, at: float, said: tuple[str, dict[str, str]] | None = None) -> bytes:
    event = _event(uid, kind, "m-g", at, 60.0)
    _point(event, _NOWHERE, None)
    detail = SubElement(event, "detail")
    if said:
        SubElement(SubElement(detail, "TakControl"), said[0], said[1])
    return _xml(event)


def _event(uid: str, kind: str, how: str, at: float, stale: float) -> Element:
    times = {"time": _iso(at), "start": _iso(at), "stale": _iso(at + stale)}
    return Element("event", {"version": "2.0", "uid": uid, "type": kind, "how": how} | times)


def _point(event: Element, where: LonLat, accuracy: float | None) -> None:
    ce = _UNKNOWN if accuracy is None else f"{accuracy:.1f}"
    SubElement(event, "point", lat=f"{where[1]:.7f}", lon=f"{where[0]:.7f}", hae=_UNKNOWN, ce=ce, le=_UNKNOWN)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _xml(event: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(event, encoding="unicode").encode()
