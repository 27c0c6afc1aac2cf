"""Several tile workers, one budget of memory, tiles on disk: what may end or change without being seen."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtGui import QColor, QImage

from console.map.engine.engine import WorkerLost
from console.map.engine.tiles import level_of, tiles_in
from console.map.render.style import load_style
from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind
from tests.map.conftest import CENTER, Place, at_rest, drawn, package, roads, square, until

Make = Callable[..., MapView]


@pytest.fixture
def make(qapp, theme: dict[str, str]) -> Iterator[Make]:
    """Views of 800 x 600 at CENTER, zoom 15; closed at the end."""
    made: list[MapView] = []

    def make(cache: Path | None = None, workers: int = 2, memory: str = "", style: str = "dark") -> MapView:
        view = MapView(cache, workers, memory)
        made.append(view)
        view.resize(800, 600)
        view.set_theme(style, lambda token: theme.get(token, "#888888"))
        view.show()
        view.facet.center_on(*CENTER, 15)
        return view

    yield make
    for view in made:
        view.close()


def pixels(view: MapView) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1).copy()


def color_at_center(view: MapView) -> QColor:
    return view.grab().toImage().pixelColor(400, 300)


def like(color: QColor, text: str) -> bool:
    wanted = QColor(text).getRgb()[:3]
    return all(abs(a - b) <= 4 for a, b in zip(color.getRgb()[:3], wanted, strict=True))


def lake(place: Place, side: float = 1.0):
    return place("water", package(LayerKind.WATER, FeatureShape.POLYGON, [square(*CENTER, side)]))


def test_several_workers_draw_what_one_draws(make: Make, place: Place):
    layer = place("roads", roads(("人民路", "")))
    pictures = []
    for workers in (1, 2):
        view = make(workers=workers)
        until(lambda v=view: all(v.base.process_ids))
        view.set_base([layer])
        at_rest(view)
        pictures.append(pixels(view))
    assert (pictures[0] == pictures[1]).all()


@pytest.mark.parametrize("which", [0, 1])
def test_a_worker_that_dies_while_it_draws_is_not_seen(make: Make, place: Place, which: int):
    view = make()
    until(lambda: all(view.base.process_ids))
    view.set_base([place("roads", roads(("人民路", "")))])
    at_rest(view)
    whole = pixels(view)
    view.facet.center_on(CENTER[0] + 1, CENTER[1], 15)
    at_rest(view)
    pid = view.base.process_ids[which]
    view.set_base([])
    view.set_base([place("roads", roads(("人民路", "")))])
    view.facet.center_on(*CENTER, 15)
    view.grab()  # asks for the tiles
    os.kill(pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(pid))
    at_rest(view)
    assert (pixels(view) == whole).all()
    assert not view.furniture.fault.isVisible()
    until(lambda: view.base.process_ids[which] not in (0, pid))


def test_a_question_that_a_worker_dies_of_is_told_and_may_be_asked_again(make: Make, place: Place):
    view = make(workers=1)
    view.set_base([lake(place)])
    drawn(view)
    (pid,) = view.base.process_ids
    os.kill(pid, signal.SIGSTOP)
    lost = view.base.identify(*CENTER, 1.0)
    os.kill(pid, signal.SIGKILL)
    until(lost.done)
    assert isinstance(lost.exception(), WorkerLost)
    again = view.base.identify(*CENTER, 1.0)
    until(again.done)
    assert [feature.layer for feature in again.result().features] == ["water"]


def test_a_question_is_answered_before_all_workers_have_started(make: Make, place: Place):
    view = make()
    view.set_base([lake(place)])
    answer = view.base.identify(*CENTER, 1.0)
    until(answer.done)
    assert [feature.layer for feature in answer.result().features] == ["water"]


def test_a_view_that_goes_about_keeps_to_its_memory(make: Make, place: Place):
    view = make(memory="96")
    view.set_base([lake(place)])
    for step in range(6):
        view.facet.center_on(CENTER[0] + 0.02 * step, CENTER[1], 15 + step % 3)
        drawn(view)
        assert len(view.base.tiles) <= 96
    size = view.engine.arena.map.size()
    assert size == 96 << 20, "of a megabyte each, and no more is ever asked for"


def test_other_data_is_not_drawn_from_what_is_on_disk(make: Make, place: Place, tmp_path: Path):
    style = load_style("dark")
    water = next(rule.fill for rule in style.area if rule.kind == "water")
    info, path = lake(place)
    before = make(tmp_path / "tiles")
    before.set_base([(info, path)])
    drawn(before)
    assert like(color_at_center(before), water)
    _, path = lake(place, 1e-6)
    after = make(tmp_path / "tiles")
    after.set_base([(replace(info, version="2"), path)])
    drawn(after)
    assert like(color_at_center(after), style.land)


def test_another_style_is_not_drawn_from_what_is_on_disk(make: Make, place: Place, tmp_path: Path):
    layer = lake(place)
    for name in ("dark", "light"):
        view = make(tmp_path / "tiles", style=name)
        view.set_base([layer])
        drawn(view)
        water = next(rule.fill for rule in load_style(name).area if rule.kind == "water")
        assert like(color_at_center(view), water)


def test_another_version_of_grids_leaves_the_ground_as_it_was_drawn(make: Make, place: Place, tmp_path: Path):
    """New borders above tiles from disk; the layers below are not even read."""
    water, lake_file = lake(place)
    view = make(tmp_path / "tiles", workers=1)

    def grids(version: str, side: float) -> None:
        info, path = place(
            f"grid{version}",
            package(LayerKind.GRID, FeatureShape.POLYGON, [square(*CENTER, side)], level=[6.0]),
        )
        view.set_base([(replace(info, id="grid", version=version), path), (water, lake_file)])
        at_rest(view)

    def border(side: float) -> bool:
        x, y = (round(v) for v in view.viewport.pixel_of(CENTER[0] - side / 2, CENTER[1]))
        image = view.grab().toImage()
        return any(
            image.pixelColor(x + dx, y) != image.pixelColor(x - 30, y + dy)
            for dx in (-1, 0, 1)
            for dy in range(-20, 20)
        )

    grids("1", 0.01)
    assert border(0.01) and not border(0.006)
    view.close()
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "tiles").rglob("*.z")}
    lake_file.unlink()
    view = make(tmp_path / "tiles", workers=1)
    grids("2", 0.006)
    assert border(0.006) and not border(0.01)
    assert like(
        color_at_center(view), next(rule.fill for rule in load_style("dark").area if rule.kind == "water")
    )
    assert {file: file.stat().st_mtime_ns for file in kept} == kept


def test_what_is_drawn_is_on_disk_when_the_map_has_closed(make: Make, place: Place, tmp_path: Path):
    view = make(tmp_path / "tiles", workers=1)
    view.set_base([lake(place)])
    drawn(view)
    count = len(tiles_in(view.viewport, level_of(view.viewport.zoom)))
    view.close()
    assert len(list((tmp_path / "tiles").rglob("*.z"))) >= count
    assert not [file for file in (tmp_path / "tiles").rglob("*") if file.is_file() and file.suffix != ".z"]
