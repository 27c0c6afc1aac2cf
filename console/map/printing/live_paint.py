"""Live layers on a sheet: symbols and counts as vectors, however many."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QImage, QPainter, QPicture

from console.map.engine.arena import SLOT_BYTES, Arena
from console.map.live.clusters import draw_badge, gather, radii, short_count
from console.map.live.point_paint import SMALL
from console.map.live.points import MANY
from console.map.live.sprites import (
    DIRECTIONS,
    Colors,
    draw_heading,
    draw_sprite,
    lift_of,
    resolve,
)
from console.map.printing.layout import Ground
from console.map.printing.messages import Drawing, Live, Marks, Photo
from console.map.render.sheet import Sheet
from console.map.render.vectors import play, recorded

STEP = 360.0 / DIRECTIONS


def paint_live(painter: QPainter, layer: Live, ground: Ground, colors: Colors) -> None:
    """The painter's origin is the map's corner, its unit the sheet pixel."""
    painter.save()
    painter.setOpacity(layer.opacity)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    match layer:
        case Marks():
            _Symbols(layer, ground.sheet, colors).paint(painter)
        case Drawing():
            _play(painter, layer.picture)
        case Photo():
            _paint_photo(painter, layer, ground.sheet)
    painter.restore()


def paint_notes(painter: QPainter, drawing: Drawing) -> None:
    """Above all symbols, or one would hide what they say."""
    painter.save()
    painter.setOpacity(drawing.opacity)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _play(painter, drawing.notes)
    painter.restore()


def _play(painter: QPainter, commands: bytes) -> None:
    picture = QPicture()
    buffer = QBuffer()
    buffer.setData(commands)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    picture.load(buffer)
    play(painter, picture)


def _paint_photo(painter: QPainter, photo: Photo, sheet: Sheet) -> None:
    arena = Arena(-(-photo.width * photo.height * 4 // SLOT_BYTES), photo.arena)
    image = QImage(
        arena.all_bytes,
        photo.width,
        photo.height,
        photo.width * 4,
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    left, top, right, bottom = photo.world
    x, y = (left - sheet.left) * sheet.scale, (top - sheet.top) * sheet.scale
    size = (right - left) * sheet.scale, (bottom - top) * sheet.scale
    painter.drawImage(QRectF(x, y, *size), image, QRectF(image.rect()))


class _Symbols:
    """Points of one layer; each look is recorded once and played where it stands."""

    def __init__(self, marks: Marks, sheet: Sheet, colors: Colors) -> None:
        self._marks, self._colors, self._dpr = marks, colors, sheet.dpr
        self._world = np.frombuffer(marks.xy).reshape(-1, 2)
        self._sheet = sheet
        self._sprite = np.frombuffer(marks.sprite, np.int32)
        self._heading = _column(marks.heading, len(self._sprite), np.nan)
        self._faint = _column(marks.faint, len(self._sprite), 1.0)
        self._looks: dict[tuple[int, int], QPicture] = {}

    def paint(self, painter: QPainter) -> None:
        if not len(self._sprite):
            return
        if not self._marks.gather:
            self._paint_rows(painter, np.arange(len(self._sprite)))
            return
        kinds = max(len(self._marks.sprites), 1)
        clusters = gather(self._world, self._sprite.astype(np.intp), kinds, self._sheet.zoom)
        self._paint_rows(painter, clusters.single[clusters.single >= 0])
        many = np.flatnonzero(clusters.count > 1)
        sizes = radii(clusters.count)
        for row, (x, y) in zip(many.tolist(), self._pixels(clusters.center[many]).tolist(), strict=True):
            painter.save()
            painter.translate(x, y)
            painter.scale(self._dpr, self._dpr)
            fill = resolve(self._marks.sprites[int(clusters.sprite[row])].fill, self._colors)
            ground = resolve("surface.raised", self._colors)
            draw_badge(painter, short_count(int(clusters.count[row])), float(sizes[row]), fill, ground)
            painter.restore()

    def _pixels(self, world: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return (world - (self._sheet.left, self._sheet.top)) * self._sheet.scale

    def _paint_rows(self, painter: QPainter, rows: npt.NDArray[np.intp]) -> None:
        """A crowd is drawn smaller, as on the screen."""
        size = self._dpr * (SMALL if len(rows) > MANY else 1.0)
        lifts = [lift_of(sprite) for sprite in self._marks.sprites]
        before = painter.opacity()
        for row, (x, y) in zip(rows.tolist(), self._pixels(self._world[rows]).tolist(), strict=True):
            kind = int(self._sprite[row])
            painter.save()
            painter.setOpacity(before * float(self._faint[row]))
            painter.translate(x, y)
            painter.scale(size, size)
            painter.translate(0, -lifts[kind])
            play(painter, self._look(kind, float(self._heading[row])))
            painter.restore()

    def _look(self, kind: int, heading: float) -> QPicture:
        step = round(heading / STEP) % DIRECTIONS if heading == heading else -1
        if (kind, step) not in self._looks:
            sprite, colors = self._marks.sprites[kind], self._colors
            self._looks[kind, step] = recorded(
                lambda painter: (
                    draw_sprite(painter, sprite, colors)
                    if step < 0
                    else draw_heading(painter, sprite, colors, step * STEP)
                )
            )
        return self._looks[kind, step]


def _column(data: bytes, number: int, default: float) -> npt.NDArray[Any]:
    return np.frombuffer(data, np.float32) if data else np.full(number, default, np.float32)
