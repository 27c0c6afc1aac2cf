"""Encoded pictures that can be played over and over."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clip:
    """Encoded frames (Annex B)."""

    width: int
    height: int
    fps: int
    codec: str = "h264"
    frames: list[bytes] = field(default_factory=list, repr=False)
    key_every: int = 0
    first: int = 0
    """The number of the first frame."""

    @property
    def parameter_sets(self) -> list[bytes]:
        """SPS and PPS of H.264."""
        return [unit for unit in units(self.frames[0]) if unit[0] & 31 in (7, 8)]


def units(frame: bytes) -> list[bytes]:
    """The NAL units of a frame in Annex B."""
    parts = frame.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [part for part in parts if part]
