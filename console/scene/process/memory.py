"""Memory that the window and the drawing process share: slots of a picture and its depths each."""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SLOTS = 2
"""One is looked at while the other is drawn into."""
BYTES_A_PIXEL = 8
"""RGBX and a float32 of depth."""


class Memory:
    """The owner makes it with a size, the other side attaches by ``path``.

    On Linux it is an anonymous file, so that nothing is left behind however the programs end.
    """

    def __init__(self, slot_bytes: int, path: str = "") -> None:
        self.slot_bytes = slot_bytes
        self._file = -1
        self._owned: Path | None = None
        self.path = path or self._create(slot_bytes * SLOTS)
        handle = os.open(self.path, os.O_RDWR) if path else self._file
        try:
            self._map = mmap.mmap(handle, slot_bytes * SLOTS)
        finally:
            if path:
                os.close(handle)

    def _create(self, size: int) -> str:
        if hasattr(os, "memfd_create"):
            self._file = os.memfd_create("onemap-scene", os.MFD_CLOEXEC)
            path = f"/proc/{os.getpid()}/fd/{self._file}"
        else:
            self._file, path = tempfile.mkstemp(prefix="onemap-scene-")
            self._owned = Path(path)
        os.ftruncate(self._file, size)
        return path

    def picture(self, slot: int, width: int, height: int) -> NDArray[np.uint8]:
        """(height, width, 4) of a slot, shared. Raises ValueError when that is more than it holds."""
        return self._array(slot, 0, width * height * 4).view(np.uint8).reshape(height, width, 4)

    def depths(self, slot: int, width: int, height: int) -> NDArray[np.float32]:
        """(height, width) of a slot, shared. Raises ValueError when that is more than it holds."""
        return (
            self._array(slot, width * height * 4, width * height * 4).view(np.float32).reshape(height, width)
        )

    def _array(self, slot: int, start: int, size: int) -> NDArray[np.uint8]:
        if not 0 <= slot < SLOTS or start + size > self.slot_bytes:
            raise ValueError(f"{size} bytes at {start} of slot {slot}")
        return np.frombuffer(self._map, np.uint8, size, slot * self.slot_bytes + start)

    def close(self) -> None:
        """Give the file back; the mapping goes when the last array of it goes."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        if self._owned is not None:
            self._owned.unlink(missing_ok=True)
