"""Many pieces of one pixmap in one call, straight from numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter, QPixmap
from shiboken6 import Shiboken

FIELDS = 10
"""x, y (centre), source left, top, width, height, scale x, scale y, rotation (degrees), opacity."""


def draw_fragments(painter: QPainter, rows: npt.NDArray[Any], pixmap: QPixmap) -> None:
    """Draw (n, 10) float64 rows, laid out as QPainter.PixmapFragment is in memory."""
    if len(rows) == 0:
        return
    rows = np.ascontiguousarray(rows, np.float64)
    first: Any = Shiboken.wrapInstance(rows.ctypes.data, QPainter.PixmapFragment)
    painter.drawPixmapFragments(first, len(rows), pixmap)
