"""The high camera's picture: clicks on it, and what is drawn over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPen, QPixmap

from console.sdk import Undo
from console.sdk.cameras import CameraView
from console.sdk.ui import color
from plugins.linkage.desktop.desk import Desk
from plugins.linkage.desktop.draft import Draft
from plugins.linkage.desktop.label import Label
from plugins.linkage.desktop.names import Names
from plugins.linkage.desktop.room import Placed, share_out

STILL = 4.0
"""Logical pixels within which a press and its release are a click."""
PLATE = QColor(8, 14, 24, 190)
LIGHT = QColor(255, 255, 255)
FIXED = {"road": QColor(255, 244, 200), "building": QColor(205, 217, 229)}
"""Inks over pictures, in every theme."""
CROSS = 9.0
OnPoint = Callable[[float, float], None]
Sheet = tuple[QPointF, QPixmap]


class Picture(QObject):
    """*on_point* gets shares of the picture from its top left."""

    def __init__(self, desk: Desk, view: CameraView, names: Names, on_point: OnPoint) -> None:
        super().__init__(view.widget)
        self._desk, self.view, self._names, self._on_point = desk, view, names, on_point
        self.kinds: set[str] = {"event", "staff", "camera", "building", "road"}
        self.draft: Draft | None = None
        """While it is being calibrated."""
        self.labels: list[Label] = []
        self._round = 0
        """Counts sets of names."""
        self._room: tuple[object, list[Sheet]] = (None, [])
        self._pressed: QPointF | None = None
        self._undo: Undo = view.tile.overlay(self._paint)
        view.tile.widget.installEventFilter(self)

    def share_at(self, at: QPointF) -> tuple[float, float] | None:
        """Of the picture; None beside it, or while there is none."""
        place: QRectF | None = self.view.tile.picture_place()
        if place is None or not place.contains(at):
            return None
        x, y = (at.x() - place.left()) / place.width(), (at.y() - place.top()) / place.height()
        u, v = self.view.look.to_camera(x, y)
        return float(u), float(v)

    @property
    def aspect(self) -> float | None:
        """Height over width; None while there is no picture."""
        place: QRectF | None = self.view.tile.picture_place()
        if place is None or not place.width():
            return None
        shape = place.height() / place.width()
        return 1 / shape if self.view.look.turns % 2 else shape

    def renew(self) -> None:
        """Names are where they are now; a few times a second."""
        lens, kept = self._desk.lens, self._desk.calibration
        labels: list[Label] = []
        if lens is not None and kept is not None and self.draft is None:
            record = self._desk.record()
            labels = self._names.labels(lens, self.kinds, kept.ground, record.name if record else None)
        labels = [self._seen(label) for label in labels]
        if labels != self.labels:
            self.labels, self._round = labels, self._round + 1
            self.view.tile.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click is a press and a release at one place: drags are others' (as for turning)."""
        if (
            isinstance(event, QMouseEvent)
            and event.button() is Qt.MouseButton.LeftButton
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            if event.type() is QEvent.Type.MouseButtonPress:
                self._pressed = event.position()
            elif event.type() is QEvent.Type.MouseButtonRelease and self._pressed is not None:
                pressed, self._pressed = self._pressed, None
                moved = event.position() - pressed
                share = self.share_at(pressed)
                if share is not None and max(abs(moved.x()), abs(moved.y())) <= STILL:
                    self._on_point(*share)
        return False

    # ---- painting

    def _at(self, picture: QRectF, u: float, v: float) -> QPointF:
        """Where a place of the camera's own picture is shown."""
        x, y = self.view.look.to_view(u, v)
        return QPointF(
            picture.left() + float(x) * picture.width(), picture.top() + float(y) * picture.height()
        )

    def _seen(self, label: Label) -> Label:
        x, y = self.view.look.to_view(label.u, label.v)
        return replace(label, u=float(x), v=float(y))

    def _paint(self, painter: QPainter, picture: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.draft is not None:
            self._paint_pairs(painter, picture, self.draft)
            return
        metrics = QFontMetricsF(painter.font())
        for at, sheet in self._sheets(picture, metrics, painter.device().devicePixelRatioF()):
            painter.drawPixmap(at, sheet)
        self._paint_target(painter, picture)

    def _sheets(self, picture: QRectF, metrics: QFontMetricsF, ratio: float) -> list[Sheet]:
        """Names are drawn once for each set of them, not for each picture: that would take 10 ms in 4K."""
        key = (self._round, picture.getRect(), metrics.height(), ratio)
        if self._room[0] != key:
            strip = QRectF(0, 0, self.view.tile.widget.width(), metrics.height() + 6)  # the tile's own title
            placed = share_out(self.labels, picture, metrics, [strip])
            self._room = (key, [_sheet(each, ratio, self.view.tile.widget.font()) for each in placed])
        return self._room[1]

    def _paint_target(self, painter: QPainter, picture: QRectF) -> None:
        spot, lens = self._desk.target, self._desk.lens
        if spot is None or lens is None:
            return
        seen = lens.project(*(np.array([value]) for value in (spot.lon, spot.lat, spot.height)))
        if seen.inside[0]:
            at = self._at(picture, float(seen.u[0]), float(seen.v[0]))
            _paint_cross(painter, at, QColor(color("map.selection")), "")

    def _paint_pairs(self, painter: QPainter, picture: QRectF, draft: Draft) -> None:
        for number, pair in enumerate(draft.pairs):
            at = self._at(picture, pair.u, pair.v)
            if draft.fit is not None and number < len(draft.fit.off):
                self._paint_miss(painter, picture, draft, number, at)
            _paint_cross(painter, at, QColor(color("warning")), str(number + 1))
        if draft.pending is not None:
            _paint_cross(painter, self._at(picture, *draft.pending), QColor(color("map.selection")), "?")

    def _paint_miss(self, painter: QPainter, picture: QRectF, draft: Draft, number: int, at: QPointF) -> None:
        """From where a point was clicked to where it would be."""
        assert draft.fit is not None
        pair = draft.pairs[number]
        seen = draft.fit.lens.project(*(np.array([value]) for value in (pair.lon, pair.lat, pair.height)))
        there = self._at(picture, float(seen.u[0]), float(seen.v[0]))
        painter.setPen(QPen(QColor(color("error")), 2))
        painter.drawLine(at, there)
        painter.drawEllipse(there, 3, 3)


def _paint_cross(painter: QPainter, at: QPointF, ink: QColor, text: str) -> None:
    for pen in (QPen(QColor(0, 0, 0, 200), 4), QPen(ink, 2)):
        painter.setPen(pen)
        painter.drawLine(at - QPointF(CROSS, 0), at - QPointF(3, 0))
        painter.drawLine(at + QPointF(3, 0), at + QPointF(CROSS, 0))
        painter.drawLine(at - QPointF(0, CROSS), at - QPointF(0, 3))
        painter.drawLine(at + QPointF(0, 3), at + QPointF(0, CROSS))
    if not text:
        painter.setPen(QPen(ink, 2))
        painter.drawEllipse(at, CROSS + 4, CROSS + 4)
        return
    metrics = QFontMetricsF(painter.font())
    box = QRectF(
        at.x() + 6, at.y() - 8 - metrics.height(), metrics.horizontalAdvance(text) + 8, metrics.height()
    )
    _plate(painter, box)
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _sheet(placed: Placed, ratio: float, font: QFont) -> Sheet:
    """A name, its line and its dot on a small picture of their own, and where it goes."""
    foot = QRectF(placed.foot.x() - 6, placed.foot.y() - 6, 12, 12)
    around = placed.box if placed.label.kind == "road" else placed.box.united(foot)
    area = around.adjusted(-1, -1, 1, 1).toAlignedRect()
    sheet = QPixmap(area.size() * ratio)
    sheet.setDevicePixelRatio(ratio)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    painter.translate(-area.topLeft())
    _paint_name(painter, placed)
    painter.end()
    return QPointF(area.topLeft()), sheet


def _paint_name(painter: QPainter, placed: Placed) -> None:
    label = placed.label
    ink = FIXED.get(label.kind) or QColor(color(label.color))
    painter.setOpacity(placed.opacity)
    if label.kind != "road":
        painter.setPen(QPen(ink, 1.2))
        painter.drawLine(placed.foot, QPointF(placed.foot.x(), placed.box.bottom()))
        painter.setPen(QPen(PLATE, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush if label.walled else ink)
        if label.walled:  # a ring: it is there, behind what is seen
            painter.setPen(QPen(ink, 1.5))
        painter.drawEllipse(placed.foot, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    _plate(painter, placed.box)
    if label.kind not in FIXED:
        painter.fillRect(QRectF(placed.box.left(), placed.box.top() + 2, 2.5, placed.box.height() - 4), ink)
    painter.setPen(ink if label.kind == "road" else LIGHT)
    painter.drawText(placed.box, Qt.AlignmentFlag.AlignCenter, placed.text)
    painter.setOpacity(1.0)


def _plate(painter: QPainter, box: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawRoundedRect(box, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
