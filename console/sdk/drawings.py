"""Drawings of map symbols: the built-in ones and the user's own SVG files, checked before they are drawn.

A name is one of ``symbol_set.SYMBOLS``, or ``own/<name>`` for a file of the user's, which lies in the
folder ``symbols`` of the user's data. May be used by any thread and process.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from console.paths import data_dir
from console.sdk.safe_svg import LARGEST, SvgError, safe_svg
from console.sdk.symbol_set import SYMBOLS

OWN = "own/"
"""What names of the user's own drawings begin with."""
MOST_OWN = 500
BUILT_IN = Path(__file__).parents[2] / "resources" / "symbols"
_NAME = re.compile(r"[^\w-]+")
_SOUND = re.compile(r"[\w-]{1,60}")


def own_names() -> list[str]:
    """The user's own drawings, by name; reads a folder: not for the GUI thread."""
    return sorted(f"{OWN}{path.stem}" for path in _folder().glob("*.svg"))


def add_own(path: str) -> str:
    """Take an SVG file over; gives the name. Raises SvgError, OSError; not for the GUI thread."""
    with Path(path).open("rb") as file:
        data = safe_svg(file.read(LARGEST + 1))
    if not QSvgRenderer(QByteArray(data)).isValid():
        raise SvgError("the drawing cannot be read")
    name = _NAME.sub("-", Path(path).stem).strip("-")[:60] or "symbol"
    place = _folder() / f"{name}.svg"
    if not place.exists() and len(own_names()) >= MOST_OWN:
        raise SvgError(f"there are {MOST_OWN} drawings already")
    draft = place.with_suffix(f".{os.getpid()}")
    draft.write_bytes(data)
    draft.replace(place)
    renderer.cache_clear()
    return f"{OWN}{name}"


def remove_own(name: str) -> None:
    """Raises OSError; not for the GUI thread."""
    path = _path(name)
    if path is not None and name.startswith(OWN):
        path.unlink(missing_ok=True)
        renderer.cache_clear()


@lru_cache(maxsize=512)
def renderer(name: str, color: str = "#000000") -> QSvgRenderer | None:
    """The drawing with ``currentColor`` as *color* (``#rrggbb``); None for what is not there or not sound."""
    path = _path(name)
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if name.startswith(OWN):
            data = safe_svg(data)
    except (OSError, SvgError):
        return None
    found = QSvgRenderer(QByteArray(data.replace(b"currentColor", color.encode())))
    found.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return found if found.isValid() else None


def draw_symbol(painter: QPainter, name: str, box: QRectF, color: str = "#000000") -> bool:
    """Draw into a box, in its proportions; False when there is no such drawing."""
    found = renderer(name, color)
    if found is not None:
        found.render(painter, box)
    return found is not None


def symbol_icon(name: str, color: str = "#4cc2ff", side: int = 32) -> QIcon:
    """For buttons and lists; empty when there is no such drawing."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawn = draw_symbol(painter, name, QRectF(0, 0, side, side), QColor(color).name())
    painter.end()
    return QIcon(picture) if drawn else QIcon()


def _folder() -> Path:
    folder = data_dir() / "symbols"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def _path(name: str) -> Path | None:
    """Where a drawing lies; None for a name that is none."""
    if name in SYMBOLS:
        return BUILT_IN / f"{name}.svg"
    own = name.removeprefix(OWN)
    return _folder() / f"{own}.svg" if own != name and _SOUND.fullmatch(own) else None
