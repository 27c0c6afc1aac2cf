"""Memory that the window and the tile workers share: slots of one picture each.

On Linux it is an anonymous file that workers open through /proc, so that nothing
is left behind however the programs end; elsewhere it is a temporary file.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path

from PySide6.QtGui import QImage

TILE = 512
"""Device pixels along the side of a tile and of a slot."""
SLOT_BYTES = TILE * TILE * 4


class Arena:
    """*slots* pictures of TILE x TILE pixels; the owner makes it, workers attach by ``path``."""

    def __init__(self, slots: int, path: str = "") -> None:
        self.slots = slots
        self._file = -1
        self._owned: Path | None = None
        self.path = path or self._create(slots * SLOT_BYTES)
        handle = os.open(self.path, os.O_RDWR) if path else self._file
        try:
            self._map = mmap.mmap(handle, slots * SLOT_BYTES)
        finally:
            if path:
                os.close(handle)
        self._view = memoryview(self._map)

    def _create(self, size: int) -> str:
        if hasattr(os, "memfd_create"):
            self._file = os.memfd_create("onemap-tiles", os.MFD_CLOEXEC)
            path = f"/proc/{os.getpid()}/fd/{self._file}"
        else:
            self._file, path = tempfile.mkstemp(prefix="onemap-tiles-")
            self._owned = Path(path)
        os.ftruncate(self._file, size)
        return path

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

    def close(self) -> None:
        """Give the file back; the mapping goes when the last picture of it goes."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        if self._owned is not None:
            self._owned.unlink(missing_ok=True)
