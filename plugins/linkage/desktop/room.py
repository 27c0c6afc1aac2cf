"""Room for names in a picture: none lies on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from plugins.linkage.desktop.label import Label
from plugins.linkage.desktop.names import REACH

MOST = 60
"""Names in a picture."""
STEMS = (16.0, 38.0, 60.0)
"""Logical pixels that a name may stand above its place."""
PAD_X, PAD_Y = 5.0, 1.5
WIDEST = 200.0
FAINTEST = 0.4


@dataclass(frozen=True, slots=True)
class Placed:
    """A name with its place and its box, in logical pixels."""

    label: Label
    text: str
    """Cut to what fits."""
    foot: QPointF
    box: QRectF
    opacity: float


def share_out(
    labels: Sequence[Label], picture: QRectF, metrics: QFontMetricsF, taken: Sequence[QRectF] = ()
) -> list[Placed]:
    """The first come first; what finds no room is left out."""
    found: list[Placed] = []
    boxes = list(taken)
    for label in labels:
        if len(found) >= MOST:
            break
        foot = QPointF(picture.left() + label.u * picture.width(), picture.top() + label.v * picture.height())
        text = _cut(label.text, metrics)
        box = _room(label, foot, text, picture, metrics, boxes)
        if box is not None:
            boxes += [box, _stem(foot, box)]
            found.append(Placed(label, text, foot, box, _opacity(label)))
    return found


def _room(
    label: Label, foot: QPointF, text: str, picture: QRectF, metrics: QFontMetricsF, boxes: Sequence[QRectF]
) -> QRectF | None:
    width = metrics.horizontalAdvance(text) + 2 * PAD_X
    height = metrics.height() + 2 * PAD_Y
    for stem in (-height / 2,) if label.kind == "road" else STEMS:  # roads are named where they lie
        left = min(max(foot.x() - width / 2, picture.left()), picture.right() - width)
        box = QRectF(left, foot.y() - stem - height, width, height)
        own = (box, _stem(foot, box))
        if picture.contains(box) and not any(a.intersects(b) for a in own for b in boxes):
            return box
    return None


def _stem(foot: QPointF, box: QRectF) -> QRectF:
    """The line from a name down to its place, with the dot there; nothing for names that lie on theirs."""
    return QRectF(foot.x() - 3, box.bottom(), 6, max(0.0, foot.y() + 4 - box.bottom()))


def _opacity(label: Label) -> float:
    """Names fade towards the end of their reach; those behind a wall are as faint as can be read."""
    return FAINTEST if label.walled else max(FAINTEST, min(1.0, 1.2 - label.metres / REACH[label.kind]))


def _cut(text: str, metrics: QFontMetricsF) -> str:
    from PySide6.QtCore import Qt

    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, WIDEST)
