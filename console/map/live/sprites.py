"""Point symbols drawn from their descriptions, crisp at any resolution, gathered in one pixmap a layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPixmap, QTransform

from console.map.colors import color_of
from console.map.live.symbols import camera_lens, symbol_path
from console.sdk.drawings import draw_symbol, renderer
from console.sdk.symbols import Sprite, SpriteShape
from console.sdk.ui.theming import luminance

Colors = Callable[[str], str]
"""``#rrggbb`` of a theme token."""
FAMILY = "Noto Sans CJK SC"
UNKNOWN = QColor("#9aa7b4")
"""Instead of a colour that the theme doesn't know: a slip in a plugin must not stop the painting."""
HALO = ((2.6, 22), (1.3, 40))
"""Width beyond the outline (logical pixels) and alpha of the soft shadow's rings."""
DIRECTIONS = 36
"""Turned pictures of a symbol, 10 degrees apart: a turned fragment would leave the fast path."""
NOSE = 7.0
"""Logical pixels that the nose of a heading stands out."""
RING = 4.0
"""Logical pixels between a selected symbol and its ring."""
_TURNED = (SpriteShape.ARROW, SpriteShape.CAMERA)


def resolve(color: str, colors: Colors) -> QColor:
    """A colour from ``#rrggbb[aa]`` or a theme token; grey for what is neither."""
    try:
        found = color_of(color if color.startswith("#") else colors(color))
    except KeyError:
        return QColor(UNKNOWN)
    return found if found.isValid() else QColor(UNKNOWN)


def ink_on(ground: QColor) -> QColor:
    """Dark text for light grounds, light text for dark ones."""
    return QColor("#0b1118" if luminance(ground) > 0.22 else "#ffffff")


@dataclass(frozen=True, slots=True)
class Atlas:
    """All symbols of a layer; a row each: upright, then turned to each direction where asked for."""

    pixmap: QPixmap
    side: npt.NDArray[np.float64]
    """Of each symbol's square, device pixels; a whole even number."""
    top: npt.NDArray[np.float64]
    lift: npt.NDArray[np.float64]
    """Device pixels from the place up to the middle of the symbol; 0 but for pins."""

    def fill(
        self, rows: npt.NDArray[Any], sprite: npt.NDArray[Any], heading: npt.NDArray[Any] | None
    ) -> None:
        """Write source, scale and turn (fields 2 to 8) of fragments; *heading* NaN: upright."""
        side = self.side[sprite]
        rows[:, 2] = 0.0 if heading is None else direction(heading) * side
        rows[:, 3] = self.top[sprite]
        rows[:, 4] = rows[:, 5] = side
        rows[:, 6:8] = 1.0
        rows[:, 8] = 0.0


def direction(heading: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Column of the atlas for headings in degrees: 0 for NaN, else 1 to DIRECTIONS."""
    step = np.rint(heading * (DIRECTIONS / 360.0)) % DIRECTIONS + 1.0
    return np.where(np.isfinite(heading), step, 0.0)


def make_atlas(
    sprites: Sequence[Sprite],
    colors: Colors,
    dpr: float,
    *,
    headings: bool = False,
    selected: bool = False,
) -> Atlas:
    """Draw *sprites* for a screen of *dpr* device pixels in a logical one, as *selected* ones stand out."""
    *_, atlas = atlas_steps(sprites, colors, dpr, headings=headings, selected=selected)
    assert atlas is not None
    return atlas


def atlas_steps(
    sprites: Sequence[Sprite], colors: Colors, dpr: float, *, headings: bool, selected: bool
) -> Iterator[Atlas | None]:
    """As ``make_atlas``, None after each symbol and the atlas last: all at once may take 100 ms."""
    scale = dpr * (1.25 if selected else 1.0)
    margin = NOSE * headings + (RING + 3.0) * selected + HALO[0][0] + 1.5
    side = np.array([2 * math.ceil((reach_of(s) + margin) * scale) for s in sprites], float)
    top = np.concatenate([[0.0], np.cumsum(side)])[:-1]
    pixmap = QPixmap(int(side.max(initial=1.0)) * (1 + DIRECTIONS * headings), int(max(side.sum(), 1)))
    pixmap.fill(Qt.GlobalColor.transparent)
    smooth = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    for sprite, cell, y in zip(sprites, side.astype(int).tolist(), top.tolist(), strict=True):
        painter = QPainter(pixmap)
        painter.setRenderHints(smooth)
        painter.setTransform(QTransform.fromTranslate(cell / 2, y + cell / 2))
        _draw_row(painter, _Parts(sprite, colors, scale, cell, selected), DIRECTIONS * headings)
        painter.end()
        yield None
    yield Atlas(pixmap, side, top, np.array([lift_of(s) * scale for s in sprites], float))


class _Parts:
    """Pictures that the row of a symbol is put together from; strokes are slow, pictures are not."""

    def __init__(self, sprite: Sprite, colors: Colors, scale: float, cell: int, selected: bool) -> None:
        self.cell = cell
        self.turns = sprite.shape in _TURNED and not sprite.symbol
        self._render = lambda draw, sharp=1: _render(draw, cell * sharp, scale * sharp)
        reach = reach_of(sprite)
        color = resolve("map.selection", colors)
        self.ring = self._render(lambda p: _draw_ring(p, reach + RING, color)) if selected else None
        self.upright = self._render(lambda p: draw_sprite(p, sprite, colors))
        self._sprite, self._colors = sprite, colors

    def pointer(self) -> QImage:
        """What is turned, pointing north, at twice the resolution: the symbol itself or its nose."""
        sprite, colors = self._sprite, self._colors
        draw = _draw_north if self.turns else _draw_nose
        return self._render(lambda p: draw(p, sprite, colors), 2)

    def glyph(self) -> QImage | None:
        """The character of a turned symbol, which stays upright."""
        if not self.turns or not self._sprite.glyph:
            return None
        return self._render(lambda p: _draw_glyph(p, self._sprite, resolve(self._sprite.fill, self._colors)))


def _render(draw: Callable[[QPainter], None], side: int, scale: float) -> QImage:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2, side / 2)
    painter.scale(scale, scale)
    draw(painter)
    painter.end()
    return image


def _draw_row(painter: QPainter, parts: _Parts, directions: int) -> None:
    """A symbol upright and in all directions, side by side; the painter's origin is the first middle."""
    square = QRectF(-parts.cell / 2, -parts.cell / 2, parts.cell, parts.cell)
    pointer, glyph = (parts.pointer(), parts.glyph()) if directions else (None, None)
    for column in range(1 + directions):
        if parts.ring is not None:
            painter.drawImage(square, parts.ring)
        if not column or not parts.turns:
            painter.drawImage(square, parts.upright)
        if column and pointer is not None:
            painter.save()
            painter.rotate((column - 1) * 360.0 / directions)
            painter.drawImage(square, pointer)
            painter.restore()
        if column and glyph is not None:
            painter.drawImage(square, glyph)
        painter.translate(parts.cell, 0)


def lift_of(sprite: Sprite) -> float:
    """Logical pixels from the place up to the middle of the symbol: a pin's tip is its place."""
    if sprite.shape is not SpriteShape.PIN or _drawn(sprite):
        return 0.0
    return symbol_path(sprite.shape, sprite.size / 2).boundingRect().bottom()


def _drawn(sprite: Sprite) -> bool:
    """Whether it is a drawing that there is."""
    return bool(sprite.symbol) and renderer(sprite.symbol) is not None


def reach_of(sprite: Sprite) -> float:
    """Logical pixels from the middle of the symbol to its farthest side."""
    if _drawn(sprite):
        return sprite.size / 2
    box = symbol_path(sprite.shape, sprite.size / 2).boundingRect()
    return max(-box.left(), -box.top(), box.right(), box.bottom())


def draw_sprite(painter: QPainter, sprite: Sprite, colors: Colors) -> None:
    """Draw one symbol upright with its middle at the origin, in logical pixels."""
    half = sprite.size / 2
    box = QRectF(-half, -half, sprite.size, sprite.size)
    if sprite.symbol and draw_symbol(painter, sprite.symbol, box, resolve(sprite.fill, colors).name()):
        return
    _draw_body(painter, sprite, colors, QTransform())
    if sprite.glyph:
        _draw_glyph(painter, sprite, resolve(sprite.fill, colors))


def draw_heading(painter: QPainter, sprite: Sprite, colors: Colors, heading: float) -> None:
    """Draw one symbol that looks to *heading* (degrees clockwise from north): turned, or with a nose."""
    turned = sprite.shape in _TURNED and not _drawn(sprite)
    if not turned:
        draw_sprite(painter, sprite, colors)
    painter.save()
    painter.rotate(heading)
    (_draw_north if turned else _draw_nose)(painter, sprite, colors)
    painter.restore()
    if turned and sprite.glyph:
        _draw_glyph(painter, sprite, resolve(sprite.fill, colors))


def _draw_body(painter: QPainter, sprite: Sprite, colors: Colors, turn: QTransform) -> None:
    """Shadow, outline and fill."""
    fill, edge = resolve(sprite.fill, colors), _edge(sprite)
    path = turn.map(symbol_path(sprite.shape, sprite.size / 2))
    for width, alpha in HALO:
        _stroke(painter, path, QColor(0, 0, 0, alpha), 2 * (edge + width))
    _stroke(painter, path, resolve(sprite.outline, colors), 2 * edge)
    painter.fillPath(path, fill)
    if sprite.shape is SpriteShape.CAMERA and not sprite.glyph:
        painter.fillPath(turn.map(camera_lens(sprite.size / 2)), ink_on(fill))


def _edge(sprite: Sprite) -> float:
    """Width of the outline, logical pixels."""
    return max(1.0, sprite.size * 0.065)


def _stroke(painter: QPainter, path: QPainterPath, color: QColor, width: float) -> None:
    pen = QPen(color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)


def _draw_nose(painter: QPainter, sprite: Sprite, colors: Colors) -> None:
    """A small triangle outside the symbol, pointing north; its outline runs into the symbol's."""
    foot = -reach_of(sprite) - _edge(sprite)
    path = QPainterPath(QPointF(0.0, foot - NOSE + 1.0))
    path.lineTo(4.6, foot + 0.6)
    path.quadTo(0.0, foot - 1.4, -4.6, foot + 0.6)
    path.closeSubpath()
    _stroke(painter, path, resolve(sprite.outline, colors), 2 * _edge(sprite))
    painter.fillPath(path, resolve(sprite.fill, colors))


def _draw_north(painter: QPainter, sprite: Sprite, colors: Colors) -> None:
    """An arrow or a camera that looks north, without its glyph; upright, a camera looks east."""
    turn = QTransform().rotate(-90.0 if sprite.shape is SpriteShape.CAMERA else 0.0)
    _draw_body(painter, sprite, colors, turn)


def _draw_ring(painter: QPainter, radius: float, color: QColor) -> None:
    painter.setPen(QPen(QColor(0, 0, 0, 110), 4.0))
    ground = QColor(color)
    ground.setAlphaF(0.22)
    painter.setBrush(ground)
    painter.drawEllipse(QPointF(), radius, radius)
    painter.setPen(QPen(color, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(), radius, radius)


def _draw_glyph(painter: QPainter, sprite: Sprite, fill: QColor) -> None:
    """One character whose ink, not its box, is in the middle."""
    font = QFont(FAMILY)
    share = {SpriteShape.TRIANGLE: 0.5, SpriteShape.RING: 0.42}.get(sprite.shape, 0.62)
    font.setPixelSize(max(round(sprite.size * share), 6))
    font.setBold(True)
    path = QPainterPath()
    path.addText(0, 0, font, sprite.glyph)
    box = path.boundingRect()
    low = {SpriteShape.TRIANGLE: 0.13, SpriteShape.HOUSE: 0.1, SpriteShape.PIN: -0.14}
    path.translate(-box.center().x(), -box.center().y() + sprite.size * low.get(sprite.shape, 0.0))
    painter.fillPath(path, fill if sprite.shape is SpriteShape.RING else ink_on(fill))
