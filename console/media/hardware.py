"""A device that decodes video, found by trying: what the library was built for need not be there."""

from __future__ import annotations

import av.error
from av.codec import Codec
from av.codec.hwaccel import HWAccel, hwdevices_available

TRIED = "h264"
"""What nearly all cameras send: a device that cannot decode it is of no use."""


def found() -> str:
    """The library's name of the first device that opens; empty: there is none."""
    return next((name for name in hwdevices_available() if _opens(name)), "")


def _opens(name: str) -> bool:
    try:
        HWAccel(name).create(Codec(TRIED, "r"))
    except (av.error.FFmpegError, NotImplementedError, ValueError, OSError):
        return False
    return True


def accelerator(name: str) -> HWAccel | None:
    """For a stream; what the device cannot decode is decoded by the processor. None for no name."""
    return HWAccel(name, allow_software_fallback=True) if name else None
