"""Where one event ends and the next begins: XML by its closing tag, protobuf by its length."""

from __future__ import annotations

from typing import Literal, NamedTuple

MAX_EVENT = 64 << 10
_MAGIC = 0xBF
_MESH = b"\xbf\x01\xbf"
_ENDS = (b"</event>", b"</auth>")
_LONGEST_END = max(map(len, _ENDS))
_VARINT_BYTES = 3
"""Enough for lengths up to MAX_EVENT."""


class Frame(NamedTuple):
    """One event as it came."""

    kind: Literal["xml", "protobuf"]
    data: bytes


class Splitter:
    """Cuts a stream into frames; holds at most one event that has not ended."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that *data* completes. Raises ValueError when the stream makes no sense."""
        self._buffer += data
        frames: list[Frame] = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        if len(self._buffer) > MAX_EVENT + _VARINT_BYTES + 1:
            raise ValueError("the event is too large")
        return frames

    def _next(self) -> Frame | None:
        if not self._searched:
            self._drop_space()
        if not self._buffer:
            return None
        if self._buffer[0] == _MAGIC:
            return self._next_protobuf()
        if self._buffer[0] != ord("<"):
            raise ValueError("neither XML nor protobuf")
        return self._next_xml()

    def _drop_space(self) -> None:
        kept = self._buffer.lstrip(b" \t\r\n\0")
        if len(kept) != len(self._buffer):
            self._buffer = kept

    def _next_xml(self) -> Frame | None:
        found = [(at, end) for end in _ENDS if (at := self._buffer.find(end, self._searched)) >= 0]
        if not found:
            self._searched = max(0, len(self._buffer) - _LONGEST_END + 1)
            return None
        at, end = min(found)
        return self._cut("xml", 0, at + len(end))

    def _next_protobuf(self) -> Frame | None:
        """A length as varint, then as many bytes."""
        length = 0
        for place in range(_VARINT_BYTES):
            if len(self._buffer) < place + 2:
                return None
            byte = self._buffer[place + 1]
            length |= (byte & 0x7F) << (7 * place)
            if not byte & 0x80:
                return self._whole(place + 2, length)
        raise ValueError("the length is too large")

    def _whole(self, start: int, length: int) -> Frame | None:
        if length > MAX_EVENT:
            raise ValueError("the event is too large")
        end = start + length
        return self._cut("protobuf", start, end) if len(self._buffer) >= end else None

    def _cut(self, kind: Literal["xml", "protobuf"], start: int, end: int) -> Frame | None:
        data = bytes(self._buffer[start:end])
        del self._buffer[:end]
        self._searched = 0
        if len(data) > MAX_EVENT:
            raise ValueError("the event is too large")
        return Frame(kind, data)


def datagram_frame(data: bytes) -> Frame:
    """The one frame of a datagram. Raises ValueError."""
    if len(data) > MAX_EVENT:
        raise ValueError("the event is too large")
    if data.startswith(_MESH):
        return Frame("protobuf", data[len(_MESH) :])
    if data.lstrip()[:1] == b"<":
        return Frame("xml", data)
    raise ValueError("neither XML nor protobuf")
