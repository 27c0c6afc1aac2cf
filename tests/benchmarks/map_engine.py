"""Parts of the map engine by themselves: placing labels, grids under the pointer, another version of grids.

20,000 names in one view are placed by the engine of a tile worker, with what it first has to learn of
them. The pointer goes over 6,006 coloured grids, and clicks on them: from there to the painted frame.
Another version of the grids comes while the whole city is in view, beside another version of the roads,
for which the ground is painted anew. Milliseconds of CPU; ``--quick`` repeats less.
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
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import msgspec  # noqa: E402
import numpy as np  # noqa: E402
import psutil  # noqa: E402
from PySide6.QtCore import QObject, Signal  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from console.map.engine.arena import TILE  # noqa: E402
from console.map.render.geometry import LayerGeometry  # noqa: E402
from console.map.render.labels import LabelEngine  # noqa: E402
from console.map.render.painter import BaseLayer  # noqa: E402
from console.map.render.style import LabelRule, load_style  # noqa: E402
from console.map.viewport import to_world  # noqa: E402
from console.map.views.view import MapView  # noqa: E402
from console.model.layers import DEGREE, FeatureShape, LayerKind, LayerPackage  # noqa: E402
from console.model.text import Text  # noqa: E402
from console.sdk.layer_data import read_areas  # noqa: E402
from plugins.grids.desktop.theme_hover import GridHover  # noqa: E402
from tests.benchmarks.city import City, layer_info, load_city  # noqa: E402

NAMES, LABELS_MS, HOVER_MS = 20_000, 50.0, 5.0
KINDS = ("便利店", "中山北路派出所", "Café", "第一人民医院门诊部(东区)", "A1")
PLACE = (117.2, 34.26)
AROUND = 0.012
"""Degrees from PLACE to the farthest names: five tiles across."""
CITY = 13.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    application = QApplication([])
    placed = labels_ms(3 if quick else 9)
    claims = [claim(f"placing {NAMES:,} candidates (median)", placed, None, LABELS_MS)]
    city = load_city()
    with tempfile.TemporaryDirectory() as folder:
        view = open_view(city, Path(folder))
        for what, each in pointer_ms(view, city, 60 if quick else 300).items():
            claims.append(
                claim(f"a grid is {what} and painted (median)", float(np.median(each)), None, HOVER_MS)
            )
        grids, roads = (version_ms(view, city, name) for name in ("grid", "road"))
        claims.append(
            claim("workers: another version of the grids, beside one of the roads", grids, roads, roads)
        )
        view.close()
    del application
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(json.dumps({"name": "map_engine", "machine": machine, "claims": claims}, ensure_ascii=False))


def names() -> LayerPackage:
    """Points all over a few streets."""
    places = np.array(PLACE) + np.random.default_rng(5).uniform(-AROUND, AROUND, (NAMES, 2))
    texts = [f"{KINDS[i % len(KINDS)]}{i}" for i in range(NAMES)]
    return LayerPackage(
        kind=LayerKind.POI,
        shape=FeatureShape.POINT,
        xy=np.rint(places * DEGREE).astype(np.int32),
        part_start=np.arange(NAMES + 1, dtype=np.int32),
        feature_start=np.arange(NAMES + 1, dtype=np.int32),
        columns={"name": np.arange(1, NAMES + 1, dtype=np.int32), "class": np.zeros(NAMES, np.int32)},
        strings=["", *texts],
    )


def labels_ms(rounds: int) -> float:
    """CPU to place the names of a view, by an engine that knows none of them yet."""
    rule = LabelRule(kind="poi", color="#ffffff", halo="#000000", size=[(0, 12.0)])
    style = msgspec.structs.replace(load_style("dark"), label=[rule])
    geometry = LayerGeometry(names())
    column, row = (int(float(v) * 256 * 2**16 // TILE) for v in to_world(*PLACE))
    blocks = [(column + i, row + j) for i in range(-2, 3) for j in range(-2, 3)]

    def place() -> None:
        LabelEngine([BaseLayer("poi", "poi", geometry)], style, 1.0).place(32, blocks)

    return float(np.median([cpu_ms(place) for _ in range(rounds)]))


def open_view(city: City, cache: Path) -> MapView:
    """The whole city at 1080p with its grids coloured."""
    view = MapView(cache)
    theme = tomllib.loads((ROOT / "resources/themes/dark.toml").read_text("utf-8"))
    view.resize(1920, 1080)
    view.set_theme("dark", lambda token: theme.get(token, "#888888"))
    view.set_base([layer_info(name, city) for name in city.layers])
    fill = ["step", ["%", ["get", "level"], 7], "#2b83ba", 2, "#abdda4", 4, "#fdae61"]
    style = [{"id": "grids", "type": "fill", "paint": {"fill-color": fill, "fill-opacity": 0.6}}]
    files = [str(city.folder / "grid.oml")]
    view.facet.add_features("bench.grids", files, version="1", title=Text("网格", "Grids"), style=style)
    view.show()
    view.facet.center_on(*city.center, CITY)
    wait(view)
    return view


class Theme(QObject):
    """What ``GridHover`` asks of the grid map."""

    changed, pointed = Signal(), Signal(str)
    shown = True

    def __init__(self, city: City) -> None:
        super().__init__()
        self.areas = read_areas([str(city.folder / "grid.oml")])

    def name(self, area: int) -> str:
        return f"第{area}网格\n在岗 {area % 9}"

    def code(self, area: int) -> str:
        return str(area)


def pointer_ms(view: MapView, city: City, rounds: int) -> dict[str, list[float]]:
    """CPU of each step of the pointer from grid to grid, and of each click, with the frame that shows it."""
    chosen: list[str] = []
    hover = GridHover(SimpleNamespace(map=view.facet), Theme(city), chosen.append)  # type: ignore[arg-type]
    places = np.random.default_rng(2).uniform(city.bounds[:2], city.bounds[2:], (rounds, 2)).tolist()
    steps: dict[str, list[float]] = {"hovered": [], "selected": []}
    for place in places:
        for what, listeners in zip(steps, (view.place_hovered, view.place_clicked), strict=True):
            steps[what].append(cpu_ms(lambda heard=listeners, at=place: (heard.fire(*at), view.repaint())))
        QApplication.processEvents()
    hover.deleteLater()
    return steps


def version_ms(view: MapView, city: City, name: str) -> float:
    """CPU of the workers until all of the view shows another version of a layer."""
    infos = [layer_info(layer, city) for layer in city.layers]
    news = [(replace(info, version="2"), path) if info.id == name else (info, path) for info, path in infos]
    view.set_base(infos)
    wait(view)
    before = workers_ms(view)
    view.set_base(news)
    wait(view)
    return workers_ms(view) - before


def workers_ms(view: MapView) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in view.base.process_ids if pid]
    return 1e3 * sum(each.user + each.system for each in times)


def wait(view: MapView) -> None:
    """Until the view is painted with all that belongs to it, and nothing around it is under way."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        QApplication.processEvents()
        view.repaint()
        base = view.base
        busy = base.tiles.pending or base.labels.pending or view.unfinished
        if base.idle and all(base.process_ids) and not busy:
            return
        time.sleep(0.01)
    raise SystemExit("the tiles of the view were not drawn within two minutes")


def cpu_ms(work: Callable[[], object]) -> float:
    """CPU of this process for *work*."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e3


def claim(what: str, ours: float, peer: float | None, most: float) -> dict[str, Any]:
    """One line of the report."""
    return {
        "claim": what,
        "ours": ours,
        "peer": peer,
        "unit": "ms",
        "ratio": round(peer / ours, 2) if peer and ours else None,
        "aim": f"<= {most:.0f}",
        "holds": ours <= most,
    }


if __name__ == "__main__":
    main()
