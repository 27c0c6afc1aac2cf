"""Metadata as drones send it (MISB ST 0601)."""

from __future__ import annotations

from console.media.klv import KEY


def item(tag: int, value: str) -> bytes:
    """*value* in hexadecimal digits."""
    data = bytes.fromhex(value)
    name = bytes([tag]) if tag < 128 else bytes([0x80 | tag >> 7, tag & 0x7F])
    return name + bytes([len(data)]) + data


def packet(items: bytes) -> bytes:
    """With a checksum that is right."""
    length = len(items) + 4
    body = KEY + bytes([0x82]) + length.to_bytes(2, "big") + items + b"\x01\x02"
    total = sum(body[0::2]) * 256 + sum(body[1::2])
    return body + (total & 0xFFFF).to_bytes(2, "big")


_SIGNED = {"pitch": (6, 2, 20), "roll": (7, 2, 50), "latitude": (13, 4, 90), "longitude": (14, 4, 180)}
_SIGNED |= {
    "sensor_elevation": (19, 4, 180),
    "center_latitude": (23, 4, 90),
    "center_longitude": (24, 4, 180),
}
_UNSIGNED = {
    "heading": (5, 2, 0, 360),
    "altitude": (15, 2, -900, 19000),
    "view_width": (16, 2, 0, 180),
    "view_height": (17, 2, 0, 180),
    "sensor_azimuth": (18, 4, 0, 360),
    "center_height": (25, 2, -900, 19000),
}


def flight(at: float, **values: float) -> bytes:
    """A packet with what a drone says in degrees and metres at *at*, s since 1970."""
    items = item(2, f"{round(at * 1e6):016x}")
    for name, value in values.items():
        if name in _SIGNED:
            tag, size, span = _SIGNED[name]
            number = round(value / span * (2 ** (8 * size - 1) - 1))
        else:
            tag, size, low, high = _UNSIGNED[name]
            number = round((value - low) / (high - low) * (2 ** (8 * size) - 1))
        items += item(tag, number.to_bytes(size, "big", signed=name in _SIGNED).hex())
    return packet(items)
