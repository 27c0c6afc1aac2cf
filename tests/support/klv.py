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
