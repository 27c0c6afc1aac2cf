"""Frames of the live feed (``docs/protocol.md``) decoded into model records."""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from console.model.positions import Positions
from console.model.records import RECORD_TYPES
from console.store.batch import RecordChange

log = logging.getLogger(__name__)

MAX_FRAME = 128 << 20
"""Bytes of the longest frame: a snapshot of a city."""


class FrameError(ValueError):
    """The frame is not what the protocol says; the connection is not to be trusted further."""


class SnapshotFrame(msgspec.Struct, tag_field="t", tag="snapshot"):
    """Everything now; records stay raw until their type is known."""

    stream: str
    seq: int
    time: float
    records: dict[str, msgspec.Raw]
    positions: dict[str, bytes]


class DeltaFrame(msgspec.Struct, tag_field="t", tag="delta"):
    """Changes in order: op, type, id, record."""

    seq: int
    records: list[tuple[str, str, str, msgspec.Raw]]


class PositionsFrame(msgspec.Struct, tag_field="t", tag="pos"):
    """Fixes since the last tick."""

    time: float
    cols: dict[str, bytes]


class PongFrame(msgspec.Struct, tag_field="t", tag="pong"):
    """Answer to our ping."""

    n: int
    time: float


class ByeFrame(msgspec.Struct, tag_field="t", tag="bye"):
    """The server closes, and why."""

    code: str
    message: str = ""


Frame = SnapshotFrame | DeltaFrame | PositionsFrame | PongFrame | ByeFrame


class _Head(msgspec.Struct):
    t: str


_KNOWN = frozenset({"snapshot", "delta", "pos", "pong", "bye"})


class FrameDecoder:
    """Decodes MessagePack (bytes) and JSON (text) frames."""

    def __init__(self) -> None:
        self._binary = msgspec.msgpack.Decoder(Frame)
        self._text = msgspec.json.Decoder(Frame)
        self._binary_rows: dict[str, Any] = {}
        self._text_rows: dict[str, Any] = {}
        for name, kind in RECORD_TYPES.items():
            self._binary_rows[name] = msgspec.msgpack.Decoder[Any](kind)
            self._text_rows[name] = msgspec.json.Decoder[Any](kind)
        self._binary_raws = msgspec.msgpack.Decoder(list[msgspec.Raw])
        self._text_raws = msgspec.json.Decoder(list[msgspec.Raw])

    def frame(self, data: bytes | str) -> Frame | None:
        """The frame, None for a kind of a newer server. Raises FrameError."""
        try:
            return self._text.decode(data) if isinstance(data, str) else self._binary.decode(data)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            if self._kind(data) in _KNOWN:
                raise FrameError(f"broken frame: {error}") from error
            return None

    def records(self, record_type: str, raw: msgspec.Raw, *, text: bool) -> list[Any]:
        """All records of one type in a snapshot; unknown types and broken records are left out."""
        if record_type not in RECORD_TYPES:
            return []
        try:
            rows = (self._text_raws if text else self._binary_raws).decode(raw)
        except msgspec.MsgspecError as error:
            raise FrameError(f"records of {record_type}: {error}") from error
        found = (self._record(record_type, row, text=text) for row in rows)
        return [record for record in found if record is not None]

    def changes(self, frame: DeltaFrame, *, text: bool) -> list[RecordChange]:
        """Changes of known types, in order."""
        changes: list[RecordChange] = []
        for op, record_type, record_id, raw in frame.records:
            if record_type not in RECORD_TYPES:
                continue
            if op == "drop":
                changes.append(RecordChange(record_type, record_id, None))
            elif op == "put":
                record = self._record(record_type, raw, text=text)
                if record is not None:
                    changes.append(RecordChange(record_type, record_id, record))
        return changes

    def positions(self, columns: dict[str, bytes]) -> Positions:
        """Columns as arrays. Raises FrameError."""
        try:
            return Positions.from_wire(columns) if columns else Positions()
        except ValueError as error:
            raise FrameError(str(error)) from error

    def _record(self, record_type: str, raw: msgspec.Raw, *, text: bool) -> Any | None:
        """One record; a broken one costs only itself, for a newer server may know more values."""
        decoder = (self._text_rows if text else self._binary_rows)[record_type]
        try:
            return decoder.decode(raw)
        except (msgspec.MsgspecError, ValueError) as error:
            log.warning("a record of type %s is left out: %s", record_type, error)
            return None

    def _kind(self, data: bytes | str) -> str:
        try:
            if isinstance(data, str):
                return msgspec.json.decode(data, type=_Head).t
            return msgspec.msgpack.decode(data, type=_Head).t
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise FrameError(f"no frame: {error}") from error
