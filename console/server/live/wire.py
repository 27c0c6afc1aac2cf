"""Messages of the live feed, encoded once for all consoles that share them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from console.model.positions import Positions
from console.server.changes import LoggedChange

Format = Literal["msgpack", "json"]
Frame = bytes | str
"""MessagePack travels in binary frames, JSON in text frames."""


class Resume(msgspec.Struct, frozen=True):
    """Where a console broke off."""

    stream: str
    seq: int


class Hello(msgspec.Struct, frozen=True, tag_field="t", tag="hello"):
    """First message of a console."""

    token: str
    format: Format = "msgpack"
    areas: list[str] | None = None
    resume: Resume | None = None


class NewToken(msgspec.Struct, frozen=True, tag_field="t", tag="token"):
    """A fresh token before the old one ends."""

    token: str


class Ping(msgspec.Struct, frozen=True, tag_field="t", tag="ping"):
    """Asks for a pong with the server's time."""

    n: int


class Subscribe(msgspec.Struct, frozen=True, tag_field="t", tag="areas"):
    """Subscribes anew."""

    areas: list[str] | None


Message = Hello | NewToken | Ping | Subscribe
_from_msgpack = msgspec.msgpack.Decoder(Message)
_from_json = msgspec.json.Decoder(Message)


def decode_message(frame: Frame) -> Message:
    """A console's message. Raises msgspec.MsgspecError."""
    return _from_json.decode(frame) if isinstance(frame, str) else _from_msgpack.decode(frame)


def encode_message(content: dict[str, Any], form: Format) -> Frame:
    """A message in the console's format; byte columns become base64 in JSON."""
    if form == "msgpack":
        return msgspec.msgpack.encode(content)
    return msgspec.json.encode(content).decode()


def snapshot_frame(
    stream: str, seq: int, time: float, records: dict[str, msgspec.Raw], positions: Positions, form: Format
) -> Frame:
    """The whole picture."""
    shown: dict[str, Any] = dict(records)
    if form == "json":
        shown = {name: msgspec.msgpack.decode(raw) for name, raw in records.items()}
    head = {"t": "snapshot", "stream": stream, "seq": seq, "time": time}
    return encode_message(head | {"records": shown, "positions": _columns(positions, form)}, form)


def delta_frame(changes: Sequence[LoggedChange], ops: Sequence[str], seq: int, form: Format) -> Frame:
    """Records changed; *ops* says what each change is to this view."""
    records = [
        [op, c.type, c.record_id, _body(c, form) if op == "put" else None]
        for c, op in zip(changes, ops, strict=True)
    ]
    return encode_message({"t": "delta", "seq": seq, "records": records}, form)


def _body(change: LoggedChange, form: Format) -> Any:
    if change.body is None:
        return None
    return msgspec.Raw(change.body) if form == "msgpack" else msgspec.msgpack.decode(change.body)


def positions_frame(time: float, positions: Positions, form: Format) -> Frame:
    """Columns of what moved."""
    return encode_message({"t": "pos", "time": time, "cols": _columns(positions, form)}, form)


def _columns(positions: Positions, form: Format) -> dict[str, Any]:
    columns = positions.to_wire()
    if form == "msgpack":
        return dict(columns)
    return {name: base64.b64encode(data).decode() for name, data in columns.items()}
