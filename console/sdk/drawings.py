"""Drawings of map symbols: the built-in ones and the user's own SVG files, checked before they are drawn.

A name is one of ``symbol_set.SYMBOLS``, or ``own/<name>`` for a file of the user's, which lies in the
folder ``symbols`` of the user's data. May be used by any thread and process.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from console.paths import data_dir
from console.sdk.safe_svg import LARGEST, Fault, SvgError, safe_svg
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


def own_title(name: str) -> str:
    """What the user called the file."""
    return name.removeprefix(OWN).rpartition("-")[0]


def add_own(path: str) -> str:
    """Take an SVG file over; gives the name, which is another for another drawing.

    Raises SvgError, OSError; not for the GUI thread.
    """
    with Path(path).open("rb") as file:
        data = safe_svg(file.read(LARGEST + 1))
    if not QSvgRenderer(QByteArray(data)).isValid():
        raise SvgError(Fault.NO_SVG)
    if len(own_names()) >= MOST_OWN:
        raise SvgError(Fault.FULL)
    stem = _NAME.sub("-", Path(path).stem).strip("-")[:50] or "symbol"
    name = f"{stem}-{hashlib.sha256(data).hexdigest()[:6]}"
    draft = _folder() / f"{name}.{os.getpid()}"
    draft.write_bytes(data)
    draft.replace(_folder() / f"{name}.svg")
    return f"{OWN}{name}"


def renderer(name: str, color: str = "#000000") -> QSvgRenderer | None:
    """The drawing with ``currentColor`` as *color* (``#rrggbb``); None for what is not there or not sound."""
    try:
        return _read(name, color)
    except (OSError, SvgError):
        return None


@lru_cache(maxsize=512)
def _read(name: str, color: str) -> QSvgRenderer:
    """Raises OSError, SvgError: what is not there today may be there tomorrow."""
    path = _path(name)
    if path is None:
        raise FileNotFoundError(name)
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if name.startswith(OWN):
        data = safe_svg(data)
    found = QSvgRenderer(QByteArray(data.replace(b"currentColor", color.encode())))
    found.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    if not found.isValid():
        raise SvgError(Fault.NO_SVG)
    return found


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
