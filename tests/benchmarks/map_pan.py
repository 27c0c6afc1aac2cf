"""Panning the map with a whole district on it, ours against pyqtgraph on the same data.

48,000 buildings, their roads, 5,929 grids, 7,400 cameras and 10,000 staff who all
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
import tempfile
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pyqtgraph as pg  # noqa: E402
from PySide6.QtWidgets import QApplication, QGraphicsPathItem, QWidget  # noqa: E402

from console.map.paths import paths_of  # noqa: E402
from console.map.view import MapView  # noqa: E402
from console.map.viewport import to_world  # noqa: E402
from console.model.layers import DEGREE, FeatureShape, LayerKind, LayerPackage, encode_package  # noqa: E402
from console.model.records import LayerInfo  # noqa: E402
from console.sdk.symbols import PointStyle, Sprite, SpriteShape  # noqa: E402
from console.server.demo.district import make_district  # noqa: E402

STAFF, CAMERAS, GRID_SIDE = 10_000, 7_400, 77
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


@dataclass(frozen=True, slots=True)
class City:
    """What both draw."""

    layers: dict[str, LayerPackage]
    bounds: tuple[float, float, float, float]
    staff: np.ndarray
    cameras: np.ndarray

    @property
    def center(self) -> tuple[float, float]:
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2


def make_city() -> City:
    """Four demo districts side by side, which the generator makes in seconds, and a lattice of grids."""
    district = make_district(1)
    packages = {layer.layer_id: layer.package for layer in district.layers if layer.package.kind != "grid"}
    low = packages["building"].xy.min(axis=0)
    step = packages["building"].xy.max(axis=0) - low
    layers = {name: _four(package, step) for name, package in packages.items()}
    bounds = (*(low / DEGREE), *((low + 2 * step) / DEGREE))
    layers["grid"] = _lattice(bounds)
    chance = np.random.default_rng(1)
    places = [chance.uniform(bounds[:2], bounds[2:], (n, 2)) for n in (STAFF, CAMERAS)]
    return City(layers, bounds, *places)


def _four(package: LayerPackage, step: np.ndarray) -> LayerPackage:
    """The package and three copies of it, to the east, to the north and across."""
    shifts = [step * (i, j) for i in (0, 1) for j in (0, 1)]
    parts, vertices = int(package.feature_start[-1]), len(package.xy)
    return replace(
        package,
        xy=np.concatenate([package.xy + shift for shift in shifts]).astype(np.int32),
        part_start=_repeat(package.part_start, vertices),
        feature_start=_repeat(package.feature_start, parts),
        columns={name: np.tile(values, 4) for name, values in package.columns.items()},
    )


def _repeat(starts: np.ndarray, length: int) -> np.ndarray:
    pieces = [starts[:-1] + i * length for i in range(4)]
    return np.concatenate([*pieces, [4 * length]]).astype(np.int32)


def _lattice(bounds: tuple[float, float, float, float]) -> LayerPackage:
    x, y = (np.linspace(bounds[i], bounds[i + 2], GRID_SIDE + 1) for i in (0, 1))
    west, south = (v.ravel() for v in np.meshgrid(x[:-1], y[:-1]))
    east, north = west + (x[1] - x[0]), south + (y[1] - y[0])
    ring = np.stack([west, south, east, south, east, north, west, north, west, south], axis=1)
    n = len(ring)
    return LayerPackage(
        kind=LayerKind.GRID,
        shape=FeatureShape.POLYGON,
        xy=np.rint(ring.reshape(-1, 2) * DEGREE).astype(np.int32),
        part_start=np.arange(0, 5 * n + 1, 5, dtype=np.int32),
        feature_start=np.arange(n + 1, dtype=np.int32),
        columns={"level": np.full(n, 15, np.int16)},
    )


class Ours:
    """The map view with its workers."""

    def __init__(self, city: City, size: tuple[int, int], folder: Path) -> None:
        self._city = city
        theme = tomllib.loads((ROOT / "resources/themes/dark.toml").read_text("utf-8"))
        self.view = MapView()
        self.view.resize(*size)
        self.view.set_theme("dark", lambda token: theme.get(token, "#888888"))
        self.view.set_base([_stored(name, package, city, folder) for name, package in city.layers.items()])
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


def _stored(name: str, package: LayerPackage, city: City, folder: Path) -> tuple[LayerInfo, Path]:
    path = folder / f"{name}.oml"
    path.write_bytes(encode_package(package))
    info = LayerInfo(
        id=name, title_zh=name, title_en=name, kind=str(package.kind), count=len(package),
        bounds=city.bounds, datum="wgs84", datum_known="declared", version="1",
    )  # fmt: skip
    return info, path


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
    walk = [chance.normal(0, 1e-5, (STAFF, 2)) for _ in range(8)]
    staff, times = city.staff.copy(), []
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
    city, claims = make_city(), []
    with tempfile.TemporaryDirectory() as folder:
        for size_name, size in SIZES.items():
            ours, peer = Ours(city, size, Path(folder)), Peer(city, size)
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
