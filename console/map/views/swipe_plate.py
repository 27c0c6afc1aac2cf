"""What the other side of a swipe shows and does not, in words: a missing layer is no empty place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLabel

from console.map.live.sprites import Colors
from console.map.views.furniture_paint import EDGE
from console.model.text import Text
from console.sdk.layers import LayerEntry
from console.sdk.ui.words import said, word

if TYPE_CHECKING:
    from console.map.views.view import MapView

WIDEST, NARROWEST = 300, 110
"""Logical pixels; with less room there is no plate."""
BELOW_STRIPS = 52
"""Logical pixels that the strip of a tool and the banner take above."""
NAMED = 4
"""Layers that are named; the others are counted."""


class SwipePlate(QLabel):
    """Stands behind the line and lets clicks through."""

    def __init__(self, first: MapView) -> None:
        super().__init__(first)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._side, self._gap, self._upright = QRectF(), 0, True

    def dress(self, colors: Colors) -> None:
        """Colours anew."""
        self.setStyleSheet(
            f"background:{colors('surface.raised')}; color:{colors('text')}; border:1px solid"
            f" {colors('border')}; border-radius:6px; padding:5px 9px; font-size:12px;"
        )
        self._place()

    def tell(self, before: Sequence[LayerEntry], behind: Sequence[LayerEntry]) -> None:
        """Say how the layers *behind* differ from those *before* the line."""
        shown = {entry.id for entry in behind if entry.visible}
        there = {entry.id for entry in before if entry.visible}
        lacking = [entry.title for entry in before if entry.id in there - shown]
        added = [entry.title for entry in behind if entry.id in shown - there]
        lines: list[str] = []
        if lacking:
            lines.append(word("Not shown here: {layers}").format(layers=names_of(lacking)))
        if added:
            lines.append(word("Only here: {layers}").format(layers=names_of(added)))
        self.setText("\n".join(lines) or word("Both sides show the same layers"))
        self._place()

    def stand(self, side: QRectF, gap: int, *, upright: bool) -> None:
        """Take a place in *side*, logical pixels of the view, *gap* pixels away from the line."""
        self._side, self._gap, self._upright = side, gap, upright
        self._place()

    def _place(self) -> None:
        side, upright = self._side, self._upright
        room = side.width() - self._gap - EDGE if upright else side.width() - 2 * EDGE
        width = round(min(room, WIDEST))
        self.setVisible(width >= NARROWEST and side.height() > 2 * BELOW_STRIPS)
        if self.isHidden():
            return
        self.resize(width, self.heightForWidth(width))
        x = side.left() + self._gap if upright else EDGE
        y = EDGE + BELOW_STRIPS if upright else side.top() + self._gap
        self.move(round(x), round(y))


def names_of(titles: Sequence[Text]) -> str:
    """The first of them in one line."""
    names = [said(title) for title in titles[:NAMED]]
    if len(titles) > NAMED:
        names.append(word("… and {count} more").format(count=len(titles) - NAMED))
    return word(", ").join(names)
