"""Memory that the window and the tile workers share: slots of one picture each."""

from __future__ import annotations

from PySide6.QtGui import QImage

from console.shared_memory import SharedFile

TILE = 512
"""Device pixels along the side of a tile and of a slot."""
SLOT_BYTES = TILE * TILE * 4


class Arena(SharedFile):
    """*slots* pictures of TILE x TILE pixels."""

    def __init__(self, slots: int, path: str = "") -> None:
        super().__init__(slots * SLOT_BYTES, "onemap-tiles", path)
        self.slots = slots
        self._view = memoryview(self.map)

    def image(self, slot: int, image_format: QImage.Format = QImage.Format.Format_RGB32) -> QImage:
        """The slot as a picture that shares its memory."""
        return QImage(self.bytes_of(slot), TILE, TILE, TILE * 4, image_format)

    def bytes_of(self, slot: int) -> memoryview:
        """The slot's pixels."""
        return self._view[slot * SLOT_BYTES : (slot + 1) * SLOT_BYTES]

    @property
    def all_bytes(self) -> memoryview:
        """Everything, for a picture larger than a slot."""
        return self._view
