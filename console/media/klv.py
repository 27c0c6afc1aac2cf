"""What a drone says beside its picture: MISB ST 0601 (UAS datalink) in packets of KLV, read strictly.

A packet is a key of 16 bytes, a length, and items of tag, length and value; the last is a checksum. What does
not hold together is no metadata: nothing is guessed. Values that are out of a sensor's range are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from console.model.streams import Metadata

KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
"""Of a set of ST 0601."""
CHECKSUM, TIME, MISSION, PLATFORM = 1, 2, 3, 10
CORNERS_FULL, CORNERS_OFFSET = range(82, 90), range(26, 34)
_LONGEST = 64 * 1024
Values = dict[int, bytes]


class Malformed(ValueError):
    """It is not what it says it is."""


def _signed(span: float) -> Callable[[bytes], float | None]:
    """From -*span* to *span*; the least number says that there is none."""

    def read(data: bytes) -> float | None:
        most = 2 ** (8 * len(data) - 1) - 1
        number = int.from_bytes(data, "big", signed=True)
        return None if number < -most else number / most * span

    return read


def _unsigned(low: float, high: float) -> Callable[[bytes], float | None]:
    def read(data: bytes) -> float | None:
        return low + int.from_bytes(data, "big") / (2 ** (8 * len(data)) - 1) * (high - low)

    return read


_NUMBERS: dict[str, tuple[int, int, Callable[[bytes], float | None]]] = {
    "heading": (5, 2, _unsigned(0, 360)),
    "pitch": (6, 2, _signed(20)),
    "roll": (7, 2, _signed(50)),
    "latitude": (13, 4, _signed(90)),
    "longitude": (14, 4, _signed(180)),
    "altitude": (15, 2, _unsigned(-900, 19000)),
    "view_width": (16, 2, _unsigned(0, 180)),
    "view_height": (17, 2, _unsigned(0, 180)),
    "sensor_azimuth": (18, 4, _unsigned(0, 360)),
    "sensor_elevation": (19, 4, _signed(180)),
    "sensor_roll": (20, 4, _unsigned(0, 360)),
    "distance": (21, 4, _unsigned(0, 5_000_000)),
    "center_height": (25, 2, _unsigned(-900, 19000)),
}
"""Name, tag, bytes, and how it is read."""


def parse(data: bytes) -> Metadata:
    """Raises Malformed."""
    if not data.startswith(KEY):
        raise Malformed("another key")
    length, start = _length(data, len(KEY))
    end = start + length
    if length > _LONGEST or end > len(data):
        raise Malformed("too short")
    _check(data[:end])
    values = dict(_items(data[start:end]))
    found = {name: _number(values, *how) for name, how in _NUMBERS.items()}
    stamp = values.get(TIME, b"")
    center = _place(values, 23, 24)
    return Metadata(
        at=int.from_bytes(stamp, "big") / 1e6 if len(stamp) == 8 else 0.0,
        mission=_text(values, MISSION),
        platform=_text(values, PLATFORM),
        center=center,
        corners=_corners(values, center),
        **found,
    )


def _check(packet: bytes) -> None:
    """The last two bytes are the sum of all before, in pairs; their item is the last."""
    total = sum(packet[0:-2:2]) * 256 + sum(packet[1:-2:2])
    if packet[-4:-2] != bytes([CHECKSUM, 2]) or total & 0xFFFF != int.from_bytes(packet[-2:], "big"):
        raise Malformed("the checksum is wrong")


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        tag, at = _tag(data, at)
        length, at = _length(data, at)
        if at + length > len(data):
            raise Malformed("an item is longer than its packet")
        yield tag, data[at : at + length]
        at += length


def _tag(data: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte; the highest says that there is another."""
    tag = 0
    for used in range(3):
        if at + used >= len(data):
            break
        tag = tag << 7 | data[at + used] & 0x7F
        if not data[at + used] & 0x80:
            return tag, at + used + 1
    raise Malformed("a tag without an end")


def _length(data: bytes, at: int) -> tuple[int, int]:
    """One byte, or a count of bytes and they."""
    if at >= len(data):
        raise Malformed("a length is missing")
    first, at = data[at], at + 1
    if first < 0x80:
        return first, at
    count = first & 0x7F
    if not 0 < count <= 4 or at + count > len(data):
        raise Malformed("a length that cannot be")
    return int.from_bytes(data[at : at + count], "big"), at + count


def _number(values: Values, tag: int, size: int, read: Callable[[bytes], float | None]) -> float | None:
    data = values.get(tag, b"")
    return read(data) if len(data) == size else None


def _text(values: Values, tag: int) -> str:
    return values.get(tag, b"").decode("utf-8", "replace").strip("\0 ")[:127]


def _place(values: Values, latitude: int, longitude: int) -> tuple[float, float] | None:
    """Longitude and latitude, in full."""
    lat = _number(values, latitude, 4, _signed(90))
    lon = _number(values, longitude, 4, _signed(180))
    return None if lat is None or lon is None else (lon, lat)


def _corners(values: Values, center: tuple[float, float] | None) -> tuple[tuple[float, float], ...]:
    """Four, or none: in full where they are given so, else by their distance from the middle."""
    full = [_place(values, tag, tag + 1) for tag in CORNERS_FULL[::2]]
    if all(full):
        return tuple(place for place in full if place)
    if center is None:
        return ()
    corners: list[tuple[float, float]] = []
    for tag in CORNERS_OFFSET[::2]:
        lat = _number(values, tag, 2, _signed(0.075))
        lon = _number(values, tag + 1, 2, _signed(0.075))
        if lat is None or lon is None:
            return ()
        corners.append((center[0] + lon, center[1] + lat))
    return tuple(corners)
