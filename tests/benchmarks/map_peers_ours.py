"""Our map view in ``map_peers``: first view, new view, panning, renewing, memory. Prints JSON.

map_peers_ours.py city SIZE SECONDS [FOLDER]     the city, on the display of DISPLAY; pictures of it
map_peers_ours.py points SIZE SECONDS            600,000 addresses: live points, and a data layer
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from console.map.views.view import MapView  # noqa: E402
from console.model.layers import encode_package  # noqa: E402
from console.model.text import Text  # noqa: E402
from console.sdk.symbols import PointStyle, Sprite, SpriteShape  # noqa: E402
from tests.benchmarks import map_peers_views as views  # noqa: E402
from tests.benchmarks.city import (  # noqa: E402
    SHARED,
    STAFF,
    City,
    layer_info,
    load_city,
    points_package,
    walks,
)
from tests.benchmarks.process_cost import cpu_seconds, family, megabytes  # noqa: E402

LONGEST = 60.0
"""Seconds for a view to be complete."""
SPRITES = [
    Sprite(shape=SpriteShape.CIRCLE, fill="staff.on_duty"),
    Sprite(shape=SpriteShape.SQUARE, fill="staff.on_job"),
    Sprite(shape=SpriteShape.TRIANGLE, fill="staff.sos"),
]
ADDRESS = [{"id": "a", "type": "circle", "paint": {"circle-radius": 2, "circle-color": "#f2a65a"}}]


class Ours:
    """A map view of a size, with no layers and with its workers waiting."""

    def __init__(self, city: City, size: tuple[int, int], cache: Path) -> None:
        self.city = city
        theme = tomllib.loads((ROOT / "resources/themes/dark.toml").read_text("utf-8"))
        self.view = MapView(cache)
        self.view.resize(*size)
        self.view.set_theme("dark", lambda token: theme.get(token, "#888888"))
        self._steps, self._walked = walks(np.random.default_rng(2)), 0
        self._places = city.staff.copy()
        self._keys, self._sprite = np.arange(STAFF), np.arange(STAFF) % len(SPRITES)
        self.view.show()
        self._workers_up()
        self.staff = self.view.facet.add_points("bench.staff", PointStyle(sprites=SPRITES, interpolate=True))

    def _workers_up(self) -> None:
        """All run, and each has answered."""
        self._until(lambda: all(self.view.base.process_ids))
        answers = [self.view.base.identify(*self.city.center, 1.0) for _ in self.view.base.process_ids]
        self._until(lambda: all(answer.done() for answer in answers))

    def _until(self, done: Callable[[], bool]) -> None:
        """Let the window live, as in the program: it paints when there is something new."""
        end = time.monotonic() + LONGEST
        loop, timer = QEventLoop(), QTimer(interval=2)
        timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
        timer.start()
        loop.exec()
        timer.stop()
        if not done():
            raise SystemExit("the map did not become complete within a minute")

    def add_layers(self) -> None:
        """All that does not move."""
        self.view.set_base([layer_info(name, self.city) for name in reversed(SHARED)])
        cameras = self.view.facet.add_points("bench.cameras", PointStyle(sprites=[SPRITES[1]]))
        cameras.set_points(*self.city.cameras.T)
        self.renew()

    def renew(self) -> None:
        """Fresh positions of all staff."""
        self._places = self._places + self._steps[self._walked % len(self._steps)]
        self._walked += 1
        self.staff.set_points(*self._places.T, sprite=self._sprite, keys=self._keys)

    def look(self, place: tuple[float, float], zoom: float) -> float:
        """Go there; gives the seconds until tiles, labels and points are complete on the screen."""
        began = time.perf_counter()
        self.view.facet.center_on(*place, zoom)
        self.paint()
        self._until(lambda: self.view.base.idle and not self.view.ground.unfinished)
        self.paint()
        return time.perf_counter() - began

    def paint(self) -> None:
        self.view.repaint()
        QApplication.processEvents()

    def pan(self, seconds: float, renewing: bool = True) -> dict[str, float]:
        """Pan to and fro; see ``map_peers_views.way``. CPU in ms a frame, of the window and of all."""
        before, everybody = self._cpu(), family(self._me)
        began = last = time.perf_counter()
        times: list[float] = []
        east, south, whole = 0.0, 0.0, 0
        while (now := time.perf_counter()) - began < seconds:
            if renewing and now - last >= views.RENEWED:
                last = now
                self.renew()
            goal = views.way(now - began)
            self.view.navigator.pan(east - goal[0], south - goal[1])
            east, south = goal
            self.paint()
            whole += self.view.base.tiles.missing == 0
            times.append(time.perf_counter() - now)
        taken = time.perf_counter() - began
        after = self._cpu()
        frames = len(times)
        return {
            "rate": frames / taken,
            "cpu": (after["all"] - before["all"]) * 1e3 / frames,
            "cpu_window": (after["window"] - before["window"]) * 1e3 / frames,
            "p99": float(np.percentile(times, 99)) * 1e3,
            "whole": whole / frames,
            "processes": len(everybody),
        }

    @property
    def _me(self) -> int:
        return QApplication.applicationPid()

    def _cpu(self) -> dict[str, float]:
        return {"window": time.process_time(), "all": cpu_seconds(family(self._me))}

    def renewals(self, seconds: float) -> float:
        """Batches of 10,000 positions a second that can be taken and shown."""
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            self.renew()
            self.paint()
            count += 1
        return count / (time.perf_counter() - began)

    def memory(self) -> float:
        return megabytes(family(self._me))

    def close(self) -> None:
        self.view.close()


def measure_city(ours: Ours, size: str, seconds: float, pictures: str = "") -> dict[str, Any]:
    """First the whole city, then a street that has not been seen."""
    found: dict[str, Any] = {"empty_memory": ours.memory()}
    for view in views.VIEWS:
        place, zoom = views.center_of(view, ours.city.bounds), views.zoom_of(view, size)
        if view == "city":
            began = time.perf_counter()
            ours.add_layers()
            added = time.perf_counter() - began
        cold = ours.look(place, zoom) + (added if view == "city" else 0.0)
        if pictures:
            ours.view.grab().save(f"{pictures}/ours_{size}_{view}.png")
        found[view] = {"cold": cold, **ours.pan(seconds), "renewals": ours.renewals(seconds / 2)}
    found["memory"] = ours.memory()
    return found


def measure_points(ours: Ours, size: str, seconds: float) -> dict[str, Any]:
    """600,000 addresses over the base map, as live points, then as a data layer."""
    found: dict[str, Any] = {}
    ours.add_layers()
    places = ours.city.addresses()
    style = PointStyle(sprites=[Sprite(shape=SpriteShape.CIRCLE, fill="#f2a65a", size=5)])
    live = ours.view.facet.add_points("bench.addresses", style)
    live.set_points(*places.T)
    found["live"] = _pans(ours, size, seconds)
    live.remove()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "addresses.oml"
        path.write_bytes(encode_package(points_package(places)))
        title = Text("地址", "Addresses")
        ours.view.facet.add_features("bench.data", [str(path)], version="1", title=title, style=ADDRESS)
        found["data"] = _pans(ours, size, seconds)
    found["memory"] = ours.memory()
    return found


def _pans(ours: Ours, size: str, seconds: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for view in views.VIEWS:
        cold = ours.look(views.center_of(view, ours.city.bounds), views.zoom_of(view, size))
        found[view] = {"cold": cold, **ours.pan(seconds)}
    return found


def main() -> None:
    """Measure and print."""
    what, size, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    application = QApplication([])
    with tempfile.TemporaryDirectory() as cache:
        ours = Ours(load_city(), views.SIZES[size], Path(cache))
        measure = measure_points if what == "points" else measure_city
        print(json.dumps(measure(ours, size, seconds, *sys.argv[4:])))
        ours.close()
    application.quit()


if __name__ == "__main__":
    main()
