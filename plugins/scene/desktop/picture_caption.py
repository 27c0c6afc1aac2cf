"""The words that stand below a picture of the 3D view, and how they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from console.sdk import Context
from console.sdk.scene import ScenePose
from plugins.scene.desktop.skyline import WINDS, Tr

INK, MUTED = "#1a1f26", "#4a5461"
"""On paper, whatever the theme."""
MOST_TITLE, MOST_NOTE, MOST_SOURCES = 80, 300, 400
"""Characters."""
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """In the user's language."""

    title: str
    note: str
    author: str
    facts: Sequence[str]
    """Lines: the place, who and when, the sources."""
    family: str
    """Of the font."""


def caption_of(
    ctx: Context, words: tuple[str, str], pose: ScenePose, author: str, now: datetime, family: str
) -> Caption:
    """*words*: title and note. For the GUI thread."""
    tr = ctx.tr
    saved = " · ".join(part for part in (author, tr("Taken {when}", when=f"{now:%Y-%m-%d %H:%M}")) if part)
    sources = _sources(ctx)
    facts = [saved, place_text(pose, tr)]
    if sources:
        facts.append(tr("Data: {names}", names=sources))
    title, note = (text.strip() for text in words)
    return Caption(title=title[:MOST_TITLE], note=note[:MOST_NOTE], author=author, facts=facts, family=family)


def _sources(ctx: Context) -> str:
    """Whom the layers that are shown name, each once."""
    entries = ctx.map.layers.entries()
    names = dict.fromkeys(entry.attribution for entry in entries if entry.visible and entry.attribution)
    text = " · ".join(names)
    return text if len(text) <= MOST_SOURCES else text[: MOST_SOURCES - 1] + "…"


def place_text(pose: ScenePose, tr: Tr) -> str:
    """Where one looks at and from where: “117.20000°E 34.26000°N · …”."""
    east, north = ("E" if pose.lon >= 0 else "W"), ("N" if pose.lat >= 0 else "S")
    place = f"{abs(pose.lon):.5f}°{east} {abs(pose.lat):.5f}°{north}"
    heading = round(pose.heading) % 360
    wind = tr(WINDS[round(heading / 45) % 8])
    metres = pose.distance
    far = f"{metres / 1000:,.1f} km" if metres >= 1000 else f"{metres:,.0f} m"
    return tr(
        "Middle {place} (WGS84) · looking {wind} ({heading}°) · {tilt}° from straight down · {far} away",
        place=place,
        wind=wind,
        heading=heading,
        tilt=round(pose.tilt),
        far=far,
    )


def caption_height(caption: Caption, width: float, unit: float) -> float:
    """Of the words in lines of *width*, before there is anything to paint them on."""
    sheet = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(sheet)
    height = _lay(painter, caption, QRectF(0, 0, width, 0), unit, paint=False)
    painter.end()
    return height


def paint_caption(painter: QPainter, caption: Caption, box: QRectF, unit: float) -> None:
    """Write the words from the top of *box* on; *unit*: pixels of the size of small letters."""
    _lay(painter, caption, box, unit, paint=True)


def _lay(painter: QPainter, caption: Caption, box: QRectF, unit: float, *, paint: bool) -> float:
    top = box.top()
    lines = [(caption.title, 1.7, True, INK), (caption.note, 1.15, False, INK)]
    lines += [(fact, 1.0, False, MUTED) for fact in caption.facts]
    for text, size, bold, ink in lines:
        if not text:
            continue
        font = QFont(caption.family)
        font.setPixelSize(max(round(unit * size), 1))
        font.setBold(bold)
        painter.setFont(font)
        room = QRectF(box.left(), top, box.width(), 1e6)
        if paint:
            painter.setPen(QColor(ink))
            painter.drawText(room, _WRAPPED, text)
        top += painter.boundingRect(room, _WRAPPED, text).height() + 0.3 * unit
    return top - box.top()
