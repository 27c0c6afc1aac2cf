"""OwnTracks over HTTP. Every good request is answered ``[]``, or the phone repeats it for ever.

A phone that encrypts uses its own secret as the key: it shows the same secret by
HTTP Basic, so the server needs to keep no key.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from console.sdk.server import PositionFix, ProtocolAnswer
from console.server.devices import basic_credentials
from console.server.protocols.reading import (
    KMH,
    MAX_FIXES,
    as_table,
    json_object,
    number,
    place,
    scaled,
    time_of,
)


def parse_owntracks(query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> ProtocolAnswer:
    """Fixes of one request. Raises ValueError for what is no OwnTracks message."""
    if not body.strip():
        return _answer(headers.get("x-limit-u", ""), ())
    content = json_object(body)
    messages = content if isinstance(content, list) else [content]
    opened = [_opened(as_table(message), headers) for message in messages[:MAX_FIXES]]
    if any(not isinstance(message.get("_type"), str) for message in opened):
        raise ValueError("the message has no _type")
    fixes = tuple(_fix(message) for message in opened if message["_type"] == "location")
    return _answer(_user(opened, headers), fixes)


def _answer(user: str, fixes: tuple[PositionFix, ...]) -> ProtocolAnswer:
    return ProtocolAnswer(device_id=user, fixes=fixes, reply=b"[]", content_type="application/json")


def _user(messages: list[dict[str, Any]], headers: Mapping[str, str]) -> str:
    """The user of the topic ``owntracks/USER/DEVICE``, else of X-Limit-U; ``tid`` is for display only."""
    for message in messages:
        topic = message.get("topic")
        parts = topic.split("/") if isinstance(topic, str) else []
        if len(parts) >= 3:
            return parts[1]
    return headers.get("x-limit-u", "")


def _opened(message: dict[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    """The message itself, or what an encrypted one holds (libsodium secretbox, nonce first)."""
    if message.get("_type") != "encrypted":
        return message
    shown = basic_credentials(headers.get("authorization", ""))
    key = shown[1].encode() if shown else b""
    data = message.get("data")
    if not 0 < len(key) <= SecretBox.KEY_SIZE or not isinstance(data, str):
        raise ValueError("the message cannot be decrypted")
    try:
        box = SecretBox(key.ljust(SecretBox.KEY_SIZE, b"\0"))
        return as_table(json_object(box.decrypt(base64.b64decode(data, validate=True))))
    except (CryptoError, binascii.Error, ValueError) as error:
        raise ValueError("the message cannot be decrypted") from error


def _fix(message: dict[str, Any]) -> PositionFix:
    """Velocity is in kilometres an hour, battery in per cent."""
    lon, lat = place(message.get("lon"), message.get("lat"))
    return PositionFix(
        lon=lon,
        lat=lat,
        time=time_of(message.get("tst")),
        speed=scaled(message.get("vel"), KMH),
        heading=scaled(message.get("cog"), 1.0),
        accuracy=scaled(message.get("acc"), 1.0),
        altitude=number(message.get("alt")),
        battery=scaled(message.get("batt"), 0.01),
    )
