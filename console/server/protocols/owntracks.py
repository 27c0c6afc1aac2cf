"""OwnTracks' messages, over HTTP and for the MQTT listener.

Every good HTTP request is answered ``[]``, or the phone repeats it for ever. A phone
that encrypts over HTTP uses its own secret as the key: it shows the same secret by
HTTP Basic, so the server needs to keep no key.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import msgspec
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from console.sdk.server import PositionFix, PositionSource, ProtocolAnswer
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

_PLACED = {"location", "transition"}
"""Types that say where the phone is; waypoints and beacons say where something else is."""


def parse_owntracks(query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> ProtocolAnswer:
    """Fixes of one request. Raises ValueError for what is no OwnTracks message."""
    if not body.strip():
        return _answer(headers.get("x-limit-u", ""), ())
    shown = basic_credentials(headers.get("authorization", ""))
    opened = read_messages(body, shown[1].encode() if shown else b"")
    fixes = tuple(fix for message in opened if (fix := fix_of(message)) is not None)
    return _answer(_user(opened, headers), fixes)


def read_messages(body: bytes, key: bytes) -> list[dict[str, Any]]:
    """The messages of one body, decrypted with *key* where they are encrypted. Raises ValueError."""
    content = json_object(body)
    messages = content if isinstance(content, list) else [content]
    opened = [_opened(as_table(message), key) for message in messages[:MAX_FIXES]]
    if any(not isinstance(message.get("_type"), str) for message in opened):
        raise ValueError("the message has no _type")
    return opened


def is_encrypted(body: bytes) -> bool:
    """Whether a body is one encrypted message. Raises ValueError."""
    return as_table(json_object(body)).get("_type") == "encrypted"


def seal(message: Mapping[str, Any], key: bytes) -> bytes:
    """*message* as an encrypted one, for a phone that has *key*."""
    data = base64.b64encode(_box(key).encrypt(msgspec.json.encode(message)))
    return msgspec.json.encode({"_type": "encrypted", "data": data.decode()})


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


def _opened(message: dict[str, Any], key: bytes) -> dict[str, Any]:
    """The message itself, or what an encrypted one holds (libsodium secretbox, nonce first)."""
    if message.get("_type") != "encrypted":
        return message
    data = message.get("data")
    if not 0 < len(key) <= SecretBox.KEY_SIZE or not isinstance(data, str):
        raise ValueError("the message cannot be decrypted")
    try:
        return as_table(json_object(_box(key).decrypt(base64.b64decode(data, validate=True))))
    except (CryptoError, binascii.Error, ValueError) as error:
        raise ValueError("the message cannot be decrypted") from error


def _box(key: bytes) -> SecretBox:
    return SecretBox(key.ljust(SecretBox.KEY_SIZE, b"\0"))


def fix_of(message: Mapping[str, Any]) -> PositionFix | None:
    """Where the phone is, if the message says so. Velocity is in kilometres an hour, battery in per cent."""
    if message["_type"] not in _PLACED:
        return None
    if message["_type"] == "transition" and "lat" not in message:
        return None  # by a beacon, without a place
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
        source=PositionSource.OWNTRACKS,
    )
