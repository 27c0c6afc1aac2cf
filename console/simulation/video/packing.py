"""RTP packets of H.264 (RFC 6184), interleaved in an RTSP connection (RFC 2326, 10.12), and their SDP."""

from __future__ import annotations

import base64
import struct

from console.simulation.video.clip import Clip, units

PAYLOAD = 1400


class Packer:
    """RTP packets of H.264 frames (RFC 6184), each behind its head in the connection."""

    def __init__(self) -> None:
        self._number = 0

    def packets(self, frame: bytes, timestamp: int) -> bytes:
        """Of one frame."""
        payloads = [part for unit in units(frame) for part in _parts(unit)]
        return b"".join(
            self._packet(part, timestamp, last=place == len(payloads) - 1)
            for place, part in enumerate(payloads)
        )

    def _packet(self, payload: bytes, timestamp: int, last: bool) -> bytes:
        self._number = (self._number + 1) & 0xFFFF
        head = struct.pack(">BBHII", 0x80, 96 | last << 7, self._number, timestamp & 0xFFFFFFFF, 0x1234)
        return struct.pack(">cBH", b"$", 0, len(head) + len(payload)) + head + payload


def _parts(unit: bytes) -> list[bytes]:
    """A unit as it is, or in fragments (FU-A)."""
    if len(unit) <= PAYLOAD:
        return [unit]
    pieces = [unit[at : at + PAYLOAD] for at in range(1, len(unit), PAYLOAD)]
    last = len(pieces) - 1
    indicator, kind = unit[0] & 0xE0 | 28, unit[0] & 31
    return [
        bytes([indicator, (place == 0) << 7 | (place == last) << 6 | kind]) + piece
        for place, piece in enumerate(pieces)
    ]


def description(clip: Clip) -> str:
    """SDP."""
    sets = ",".join(base64.b64encode(unit).decode() for unit in clip.parameter_sets)
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=OneMap", "t=0 0", "m=video 0 RTP/AVP 96"]
    lines += ["c=IN IP4 0.0.0.0", "a=rtpmap:96 H264/90000", "a=control:track1"]
    lines.append(f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}")
    return "\r\n".join([*lines, ""])
