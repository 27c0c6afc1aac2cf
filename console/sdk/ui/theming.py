"""Colours and icons of the present theme, for widgets.

The shell keeps the tokens on the QApplication (property ``onemap.tokens``), as Qt
keeps the palette there; so widgets need no theme object handed to them.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

TOKENS_PROPERTY = "onemap.tokens"
ICONS = Path(__file__).parents[3] / "resources" / "icons"
_FALLBACK = "#8896a8"


def color(token: str) -> str:
    """``#rrggbb`` of a theme token; a text that begins with ``#`` is returned as it is."""
    if token.startswith("#"):
        return token
    app = QCoreApplication.instance()
    tokens = cast("dict[str, str] | None", app.property(TOKENS_PROPERTY)) if app else None
    return (tokens or {}).get(token, _FALLBACK)


def luminance(color: QColor) -> float:
    """Relative luminance, 0 (black) to 1 (white), of an sRGB colour (WCAG 2.2)."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (color.redF(), color.greenF(), color.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def icon(name: str, color_token: str = "") -> QIcon:
    """The icon *name* of ``resources/icons`` (or the path of an SVG), tinted by the theme.

    It follows a change of theme by itself. ``stroke="currentColor"`` is what gets tinted.
    An unknown name gives an empty icon.
    """
    path = Path(name) if name.endswith(".svg") else ICONS / f"{name}.svg"
    return QIcon(_TintedEngine(path, color_token)) if path.is_file() else QIcon()


def pixmap(name: str, size: int, color_token: str = "", ratio: float = 1.0) -> QPixmap:
    """The icon as a pixmap of *size* logical pixels at a device pixel *ratio*."""
    path = Path(name) if name.endswith(".svg") else ICONS / f"{name}.svg"
    tinted = _tinted(path, color(color_token or "text"), QSize(round(size * ratio), round(size * ratio)))
    tinted.setDevicePixelRatio(ratio)
    return tinted


_clones: list[QIconEngine] = []
"""Qt owns clones, but PySide frees what nobody in Python holds: so they are held (and are very few)."""


class _TintedEngine(QIconEngine):
    """Draws one SVG in the colour that the theme has at the time of painting."""

    def __init__(self, path: Path, token: str) -> None:
        super().__init__()
        self._path = path
        self._token = token

    def _color(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return color("text.disabled")
        if self._token:
            return color(self._token)
        return color("accent.text" if state == QIcon.State.On else "icon")

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return _tinted(self._path, self._color(mode, state), size)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        # Not painter.device(): its wrapper may be of a device that is gone, which crashes.
        ratio = painter.deviceTransform().m11()
        painter.drawPixmap(rect, self.pixmap(rect.size() * ratio, mode, state))

    def clone(self) -> QIconEngine:
        copy = _TintedEngine(self._path, self._token)
        _clones.append(copy)
        return copy


def _tinted(path: Path, tint: str, size: QSize) -> QPixmap:
    """Rendered and cached by path, colour and size."""
    key = f"onemap:{path}:{tint}:{size.width()}x{size.height()}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    made = QPixmap(size)
    made.fill(Qt.GlobalColor.transparent)
    svg = path.read_bytes().replace(b"currentColor", QColor(tint).name().encode())
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    QPixmapCache.insert(key, made)
    return made
