"""Memory that the window and the drawing process share: slots of a picture and its depths each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.shared_memory import SharedFile

SLOTS = 2
"""One is looked at while the other is drawn into."""
BYTES_A_PIXEL = 8
"""RGBX and a float32 of depth."""


class Memory(SharedFile):
    """SLOTS of *slot_bytes*; an array keeps the mapping until it goes itself."""

    def __init__(self, slot_bytes: int, path: str = "") -> None:
        super().__init__(slot_bytes * SLOTS, "onemap-scene", path)
        self.slot_bytes = slot_bytes

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
        return np.frombuffer(self.map, np.uint8, size, slot * self.slot_bytes + start)
