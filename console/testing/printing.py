"""Printing that only remembers what was wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage

from console.sdk.printing import Printed, PrintSheet
from console.tasks.pending import Pending, settled


class MemoryPrinting:
    """Remembers the sheets that were to be written."""

    def __init__(self) -> None:
        self.written: list[tuple[PrintSheet, str]] = []

    def frame(self, sheet: PrintSheet) -> tuple[float, float, float, float]:
        (lon, lat), half = sheet.center, sheet.scale * 1e-6
        return lon - half, lat - half, lon + half, lat + half

    def scale_to_fit(self, sheet: PrintSheet, bounds: tuple[float, float, float, float]) -> float:
        return 10_000.0

    def preview(self, sheet: PrintSheet, width: int, height: int) -> Pending[QImage]:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        return settled(image)

    def write(self, sheet: PrintSheet, path: str, on_progress: Callable[[float], None]) -> Pending[Printed]:
        self.written.append((sheet, path))
        on_progress(1.0)
        return settled(Printed(path=path, bytes=1000))
