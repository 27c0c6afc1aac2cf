"""Pictures of a made-up street, seen from a camera on a mast. Each clip goes over into its own beginning."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

SECONDS = 8.0
"""Of a clip; whatever moves does so a whole number of times in it."""
SCENES = 4
_SKIES = [((142, 178, 214), (214, 226, 236)), ((96, 112, 134), (168, 174, 182)),
          ((232, 178, 132), (246, 220, 190)), ((120, 162, 190), (206, 220, 214))]  # fmt: skip
_CARS = [(196, 52, 48), (238, 238, 236), (52, 58, 66), (62, 104, 168), (206, 170, 60), (120, 126, 132)]


@dataclass(frozen=True)
class _Mover:
    """A car or a walker on a lane, *side* from the road's middle (1: its edge)."""

    side: float
    away: bool
    phase: float
    color: tuple[int, int, int]
    walks: bool


class Street:
    """One of SCENES, in any size."""

    def __init__(self, number: int, width: int, height: int) -> None:
        """*width* and *height* in pixels."""
        self._random = random.Random(number)
        self._size = width, height
        self._horizon = height * (0.24 + 0.05 * (number % 3))
        self._middle = width * (0.42 + 0.06 * (number % 4))
        self._movers = [*self._some(14, walks=False), *self._some(8, walks=True)]
        self._still = self._stage(number)
        self._font = ImageFont.load_default(max(height // 28, 9))

    def _some(self, count: int, *, walks: bool) -> list[_Mover]:
        lanes = (-1.35, 1.35) if walks else (-0.72, -0.3, 0.3, 0.72)
        return [
            _Mover(
                side := lanes[at % len(lanes)] + self._random.uniform(-0.05, 0.05),
                side > 0,
                (at // len(lanes) + self._random.uniform(0.0, 0.5)) / (count / len(lanes)),
                self._random.choice(_CARS),
                walks,
            )
            for at in range(count)
        ]

    def pictures(self, fps: int) -> Iterator[Image.Image]:
        """A clip's, RGB."""
        for number in range(round(SECONDS * fps)):
            picture = self._still.copy()
            brush = ImageDraw.Draw(picture)
            now = number / fps / SECONDS
            placed = [(self._depth(mover, now), mover) for mover in self._movers]
            for depth, mover in sorted(placed, key=lambda each: each[0]):
                self._put(brush, mover, depth)
            height = self._size[1]
            brush.text((height // 40, height - height // 16), "DEMO", fill=(255, 255, 255), font=self._font,
                       stroke_width=max(height // 360, 1), stroke_fill=(0, 0, 0))  # fmt: skip
            yield picture

    def _depth(self, mover: _Mover, now: float) -> float:
        """0 at the horizon, 1 at the lower edge; twice as fast by car."""
        along = (mover.phase + now * (1 if mover.walks else 2)) % 1.0
        along = 1.0 - along if mover.away else along
        return 0.02 + 1.08 * along**2.2

    def _at(self, side: float, depth: float) -> tuple[float, float]:
        width, height = self._size
        return (
            self._middle + side * depth * width * 0.42,
            self._horizon + depth * (height - self._horizon),
        )

    def _put(self, brush: ImageDraw.ImageDraw, mover: _Mover, depth: float) -> None:
        x, y = self._at(mover.side, depth)
        unit = depth * self._size[1]
        if mover.walks:
            wide, tall = unit * 0.022, unit * 0.16
            brush.rectangle((x - wide, y - tall, x + wide, y), fill=mover.color)
            brush.ellipse((x - wide, y - tall - 2.2 * wide, x + wide, y - tall), fill=(214, 178, 150))
            return
        wide, tall = unit * 0.13, unit * 0.17
        brush.ellipse((x - 1.15 * wide, y - 0.16 * tall, x + 1.15 * wide, y + 0.2 * tall), fill=(44, 46, 50))
        brush.rectangle((x - wide, y - 0.6 * tall, x + wide, y - 0.06 * tall), fill=mover.color)
        roof = tuple(round(part * 0.82) for part in mover.color)
        brush.polygon(
            [(x - 0.8 * wide, y - 0.6 * tall), (x - 0.58 * wide, y - tall), (x + 0.58 * wide, y - tall),
             (x + 0.8 * wide, y - 0.6 * tall)], fill=roof)  # fmt: skip
        glow = (220, 60, 50) if mover.away else (255, 246, 214)
        for edge in (-0.86, 0.6):
            left = x + edge * wide
            brush.rectangle((left, y - 0.42 * tall, left + 0.26 * wide, y - 0.26 * tall), fill=glow)

    def _stage(self, number: int) -> Image.Image:
        """What does not move."""
        width = self._size[0]
        picture = Image.new("RGB", self._size, (118, 128, 112))
        brush = ImageDraw.Draw(picture)
        top, low = _SKIES[number % SCENES]
        for y in range(int(self._horizon) + 1):
            share = y / self._horizon
            tone = tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
            brush.line((0, y, width, y), fill=tone)
        self._houses(brush)
        brush.polygon([self._at(-1.8, 0.01), self._at(1.8, 0.01), self._at(1.8, 1.1), self._at(-1.8, 1.1)],
                      fill=(156, 154, 148))  # fmt: skip
        brush.polygon([self._at(-1.0, 0.01), self._at(1.0, 0.01), self._at(1.0, 1.1), self._at(-1.0, 1.1)],
                      fill=(82, 86, 92))  # fmt: skip
        for side in (-0.5, 0.0, 0.5):
            for at in range(14):
                near, far = (0.02 + 1.08 * ((at + part) / 14) ** 2.2 for part in (0.0, 0.5))
                thick = 0.012
                brush.polygon([self._at(side - thick, near), self._at(side + thick, near),
                               self._at(side + thick, far), self._at(side - thick, far)],
                              fill=(226, 196, 90) if side == 0.0 else (222, 224, 224))  # fmt: skip
        return picture

    def _houses(self, brush: ImageDraw.ImageDraw) -> None:
        height = self._size[1]
        for way in (-1, 1):
            for at in range(7):
                near, far = (0.03 + 0.9 * ((at + part) / 7) ** 1.8 for part in (1.0, 0.06))
                tall = self._random.uniform(0.55, 1.2)
                tone = self._random.randint(120, 190)
                left, right = self._at(way * 1.9, far), self._at(way * 1.9, near)
                ups = [tall * depth * height for depth in (far, near)]
                brush.polygon([left, right, (right[0], right[1] - ups[1]), (left[0], left[1] - ups[0])],
                              fill=(tone, tone - 8, tone - 18))  # fmt: skip
                for floor in range(1, 6):
                    share = floor / 6
                    line = (left[0], left[1] - ups[0] * share, right[0], right[1] - ups[1] * share)
                    shade = (tone - 50, tone - 48, tone - 44)
                    brush.line(line, fill=shade, width=max(height // 180, 1))
