"""Panning the map with a whole district on it, ours against pyqtgraph on the same data.

44,000 buildings, their roads, 6,006 grids, 7,400 cameras and 10,000 staff who all
move every frame; the whole city in view and a street in view, at 1080p and 4K,
painted by the CPU (Qt's offscreen platform). A frame is a pan of some pixels, new
positions and a repaint. CPU time is the window's process alone: tiles are drawn
by workers, and are there before it is measured. ``--quick`` paints fewer frames.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pyqtgraph as pg  # noqa: E402
from PySide6.QtWidgets import QApplication, QGraphicsPathItem, QWidget  # noqa: E402

from console.map.live.paths import paths_of  # noqa: E402
from console.map.viewport import to_world  # noqa: E402
from console.map.views.view import MapView  # noqa: E402
from console.model.layers import LayerPackage  # noqa: E402
from console.sdk.symbols import PointStyle, Sprite, SpriteShape  # noqa: E402
from tests.benchmarks.city import STAFF, City, layer_info, load_city, walks  # noqa: E402

CITY, STREET = 13.0, 17.0
SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160)}
PAN = 4
"""Logical pixels a frame."""
TURN = 20
"""Frames one way, then as many back."""
WAY = PAN * TURN
SPRITES = [
    Sprite(shape=SpriteShape.CIRCLE, fill="staff.on_duty"),
    Sprite(shape=SpriteShape.SQUARE, fill="staff.on_job"),
    Sprite(shape=SpriteShape.TRIANGLE, fill="staff.sos"),
]


class Ours:
    """The map view with its workers."""

    def __init__(self, city: City, size: tuple[int, int]) -> None:
        self._city = city
        theme = tomllib.loads((ROOT / "resources/themes/dark.toml").read_text("utf-8"))
        self.view = MapView()
        self.view.resize(*size)
        self.view.set_theme("dark", lambda token: theme.get(token, "#888888"))
        self.view.set_base([layer_info(name, city) for name in city.layers])
        self._staff = self.view.facet.add_points("bench.staff", PointStyle(sprites=SPRITES, interpolate=True))
        cameras = self.view.facet.add_points("bench.cameras", PointStyle(sprites=[SPRITES[1]]))
        cameras.set_points(*city.cameras.T)
        self._keys, self._sprite = np.arange(STAFF), np.arange(STAFF) % 3
        self.view.show()

    def look(self, zoom: float) -> None:
        """Go there and wait until all tiles and labels on the way of the pan are drawn."""
        self.view.facet.center_on(*self._city.center, zoom)
        for way in (WAY, -WAY):
            self._wait()
            self.view.navigator.pan(way, way / 2)
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            QApplication.processEvents()
            self.view.repaint()
            if self.view.base.idle:
                return
            time.sleep(0.01)
        raise SystemExit("the tiles of the view were not drawn within a minute")

    def frame(self, number: int, staff: np.ndarray) -> None:
        self._staff.set_points(*staff.T, sprite=self._sprite, keys=self._keys)
        step = PAN if number % (2 * TURN) < TURN else -PAN
        self.view.navigator.pan(step, step / 2)
        self.view.repaint()

    def close(self) -> None:
        self.view.close()


class Peer:
    """pyqtgraph: shapes as paths in a view box, points as scatter plots."""

    def __init__(self, city: City, size: tuple[int, int]) -> None:
        pg.setConfigOptions(antialias=False)
        self._plot = pg.PlotWidget(background="#141a22")
        self._plot.hideAxis("left")
        self._plot.hideAxis("bottom")
        self._plot.resize(*size)
        self._size = size
        for name in ("building", "grid", "road"):
            self._add(city.layers[name], name)
        self._center = np.array([float(v) for v in to_world(*city.center)])
        cameras = pg.ScatterPlotItem(*_world(city.cameras).T, size=14, brush="#4da3ff", pen=None, symbol="s")
        self._staff = pg.ScatterPlotItem(size=14, brush="#3ecf8e", pen=None)
        self._plot.addItem(cameras)
        self._plot.addItem(self._staff)
        self._plot.show()

    def _add(self, package: LayerPackage, name: str) -> None:
        xy = _world(package.degrees)
        owner = np.repeat(np.arange(len(package)), np.diff(package.feature_start))
        for path in paths_of(xy, np.diff(package.part_start), owner):
            item = QGraphicsPathItem(path)
            item.setPen(pg.mkPen("#303c4c" if name != "road" else "#4f5b6d", width=1, cosmetic=True))
            if name == "building":
                item.setBrush(pg.mkBrush("#212a36"))
            self._plot.addItem(item, ignoreBounds=True)

    def look(self, zoom: float) -> None:
        self._scale = 256.0 * 2.0**zoom
        self._show(0)
        QApplication.processEvents()

    def _show(self, shift: float) -> None:
        half = np.array(self._size) / 2 / self._scale
        (left, top), (right, bottom) = self._center - half + shift, self._center + half + shift
        self._plot.setRange(xRange=(left, right), yRange=(top, bottom), padding=0)

    def frame(self, number: int, staff: np.ndarray) -> None:
        self._staff.setData(*_world(staff).T)
        self._show(abs(number % (2 * TURN) - TURN) * PAN / self._scale)
        viewport: QWidget = self._plot.viewport()
        viewport.repaint()

    def close(self) -> None:
        self._plot.close()


def _world(degrees: np.ndarray) -> np.ndarray:
    return np.column_stack(to_world(degrees[:, 0], degrees[:, 1]))


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one view: CPU ms a frame, frames a second, 99th percentile of a frame in ms."""

    cpu: float
    rate: float
    p99: float


def measure(frame: Callable[[int, np.ndarray], Any], city: City, frames: int) -> Measured:
    """Paint *frames* frames after a warm-up; the staff walk about a metre a frame."""
    chance = np.random.default_rng(2)
    walk, staff, times = walks(chance), city.staff.copy(), []
    for number in range(frames + 8):
        if number == 8:
            began, cpu = time.perf_counter(), time.process_time()
        staff = staff + walk[number % 8]
        start = time.perf_counter()
        frame(number, staff)
        times.append((time.perf_counter() - start) * 1e3)
    cpu_ms = (time.process_time() - cpu) * 1e3 / frames
    seconds = time.perf_counter() - began
    return Measured(cpu_ms, frames / seconds, float(np.percentile(times[8:], 99)))


def claims_of(name: str, ours: Measured, peer: Measured) -> list[dict[str, Any]]:
    """The claims of one view; CPU has an aim at 1080p, frames a second at 4K."""
    rows = [
        ("CPU a frame", ours.cpu, peer.cpu, "ms", "<= 5" if "1080p" in name else "", ours.cpu <= 5),
        ("frames a second", ours.rate, peer.rate, "1/s", ">= 60" if "4K" in name else "", ours.rate >= 60),
        ("99th percentile of a frame", ours.p99, peer.p99, "ms", "", True),
    ]
    return [
        {
            "claim": f"{what}, {name}",
            "ours": round(a, 2),
            "peer": round(b, 2),
            "unit": unit,
            "ratio": round(b / a if unit == "ms" else a / b, 2),
            "aim": aim,
            "holds": bool(holds) if aim else True,
        }
        for what, a, b, unit, aim, holds in rows
    ]


def main() -> None:
    """Measure and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer frames")
    parser.add_argument("--setup", action="store_true", help="nothing to set up: pyqtgraph is a requirement")
    arguments = parser.parse_args()
    if arguments.setup:
        return
    application = QApplication([])
    frames, peer_frames = (60, 6) if arguments.quick else (400, 30)
    city, claims = load_city(), []
    for size_name, size in SIZES.items():
        ours, peer = Ours(city, size), Peer(city, size)
        for view, zoom in (("city in view", CITY), ("street in view", STREET)):
            ours.look(zoom)
            mine = measure(ours.frame, city, frames)
            peer.look(zoom)
            theirs = measure(peer.frame, city, peer_frames)
            claims += claims_of(f"{view}, {size_name}", mine, theirs)
            for claim in claims[-3:]:
                print(claim, file=sys.stderr)
        ours.close()
        peer.close()
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    print(json.dumps({"name": "map_pan", "machine": machine, "claims": claims}, ensure_ascii=False))
    application.quit()


if __name__ == "__main__":
    main()
