"""What stands on the map's frame: scale bar, north arrow, attribution, buttons, prompt, notes."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from console.map.sprites import FAMILY, Colors
from console.sdk.ui.words import word

BUTTON = 40
"""Logical pixels: large enough for a finger."""
EDGE = 12


def nice_length(most: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not over *most*."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most)


def metres_text(metres: float) -> str:
    """Length with its unit: 50 m, 2 km."""
    if metres >= 1000:
        return word("{number} km").format(number=f"{metres / 1000:g}")
    return word("{number} m").format(number=f"{metres:g}")


def draw_scale_bar(
    painter: QPainter, x: float, y: float, metres_per_pixel: float, ink: QColor, halo: QColor
) -> None:
    """A bar of a round length that begins at x and stands on y, logical pixels."""
    metres = nice_length(140 * metres_per_pixel)
    width = metres / metres_per_pixel
    bar = QPolygonF([QPointF(x, y - 6), QPointF(x, y), QPointF(x + width, y), QPointF(x + width, y - 6)])
    for pen in (QPen(halo, 4.5), QPen(ink, 1.8)):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPolyline(bar)
    draw_text(painter, x + width / 2, y - 5, metres_text(metres), ink, halo)


def draw_text(
    painter: QPainter, x: float, y: float, text: str, ink: QColor, halo: QColor, *, right: bool = False
) -> None:
    """Small text with a halo; its middle (or right end) is at x, its baseline at y."""
    font = QFont(FAMILY)
    font.setPixelSize(11)
    width = QFontMetricsF(font).horizontalAdvance(text)
    path = QPainterPath()
    path.addText(x - (width if right else width / 2), y, font, text)
    pen = QPen(halo, 3.0)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.fillPath(path, ink)


def draw_north_arrow(painter: QPainter, x: float, y: float, ink: QColor, halo: QColor) -> None:
    """An arrow whose foot is at (x, y), with N."""
    left = QPolygonF([QPointF(x, y - 24), QPointF(x - 7, y), QPointF(x, y - 6)])
    right = QPolygonF([QPointF(x, y - 24), QPointF(x + 7, y), QPointF(x, y - 6)])
    painter.setPen(QPen(halo, 2.5))
    painter.drawPolygon(left)
    painter.drawPolygon(right)
    painter.setPen(QPen(ink, 1.0))
    painter.setBrush(ink)
    painter.drawPolygon(left)
    painter.setBrush(halo)
    painter.drawPolygon(right)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    draw_text(painter, x, y - 27, "N", ink, halo)


def paint_furniture(
    painter: QPainter, height: int, width: int, metres: float, attribution: str, colors: Colors
) -> None:
    """Scale bar and north arrow at the lower left, attribution at the lower right."""
    ink, halo = QColor(colors("text")), QColor(colors("surface"))
    halo.setAlphaF(0.8)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_north_arrow(painter, EDGE + 10, height - EDGE, ink, halo)
    draw_scale_bar(painter, EDGE + 34, height - EDGE, metres, ink, halo)
    if attribution:
        muted = QColor(colors("text.muted"))
        draw_text(painter, width - EDGE, height - EDGE, attribution, muted, halo, right=True)


class Furniture:
    """The widgets on the map; ``dress`` follows theme and language."""

    def __init__(
        self,
        view: QWidget,
        zoom_in: Callable[[], None],
        zoom_out: Callable[[], None],
        home: Callable[[], None],
    ) -> None:
        self._view = view
        self._buttons = QFrame(view)
        layout = QVBoxLayout(self._buttons)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._plus = _button("+", zoom_in, layout)
        self._minus = _button("−", zoom_out, layout)
        self._home = _button("⌂", home, layout)
        self.prompt = QLabel(view)
        self.prompt.hide()
        self.note = QLabel(view)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.note.hide()
        self.fault = QLabel(view)
        self.fault.hide()

    def dress(self, colors: Colors) -> None:
        """Colours and texts anew."""
        surface, border = colors("surface.raised"), colors("border")
        plate = f"background:{surface}; color:{colors('text')}; border:1px solid {border}; border-radius:6px;"
        self._buttons.setStyleSheet(
            f"QFrame {{ background: transparent; }} QToolButton {{ {plate} font-size:20px; }}"
            f"QToolButton:hover {{ background:{colors('surface.hover')}; }}"
        )
        self.prompt.setStyleSheet(f"{plate} padding:8px 14px; font-size:13px;")
        self.note.setStyleSheet(f"color:{colors('text.muted')}; font-size:14px; background:transparent;")
        self.fault.setStyleSheet(f"{plate} padding:6px 12px; color:{colors('warning')};")
        for button, tip in (
            (self._plus, word("Zoom in (+)")),
            (self._minus, word("Zoom out (-)")),
            (self._home, word("Whole map (Home)")),
        ):
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.note.setText(
            word("No base map yet.") + "\n" + word("Import roads and buildings with “onemap data import”.")
        )
        self.fault.setText(word("The map is drawn late: its drawing process ends again and again."))
        self.place()

    def show_prompt(self, prompt: str, hints: str) -> None:
        """The strip of a tool; an empty prompt hides it."""
        self.prompt.setText(f"<b>{prompt}</b> &nbsp; {hints}")
        self.prompt.setVisible(bool(prompt))
        self.place()

    def place(self) -> None:
        """Follow the size of the view."""
        width, height = self._view.width(), self._view.height()
        self._buttons.adjustSize()
        self._buttons.move(width - EDGE - BUTTON, height - EDGE - 24 - self._buttons.height())
        for label, y in ((self.prompt, EDGE), (self.fault, EDGE + 48), (self.note, height // 2 - 30)):
            label.adjustSize()
            label.move((width - label.width()) // 2, y)


def _button(text: str, handler: Callable[[], None], layout: QVBoxLayout) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setFixedSize(BUTTON, BUTTON)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.clicked.connect(handler)
    layout.addWidget(button)
    return button
