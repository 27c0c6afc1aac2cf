"""Tiles and labels by real workers: what is drawn, where, and what happens when they die."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtGui import QColor, QImage

from console.map.engine.engine import slots_of
from console.map.engine.tiles import target, tiles_in
from console.map.render.renderer import KEPT_LOOKS, keep_folder
from console.map.render.style import load_style
from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind
from tests.map.conftest import CENTER, Place, drawn, package, roads, square, until

LAND = QColor(load_style("dark").land)


def shot(view: MapView) -> QImage:
    return view.grab().toImage()


def is_land(image: QImage, x: float, y: float) -> bool:
    color, land = image.pixelColor(round(x), round(y)), LAND.getRgb()
    return all(abs(a - b) <= 3 for a, b in zip(color.getRgb()[:3], land[:3], strict=True))


def test_a_road_is_drawn_where_it_is_and_nowhere_else(view: MapView, place: Place):
    view.set_base([place("roads", roads(("", "")))])
    drawn(view)
    image = shot(view)
    lon, lat = CENTER
    for shift in np.linspace(-0.012, 0.012, 25):
        assert not is_land(image, *view.viewport.pixel_of(lon + shift, lat))
        assert is_land(image, *view.viewport.pixel_of(lon + shift or lon, lat + 0.004)) or abs(shift) < 0.001


def test_home_is_where_the_grids_are(view: MapView, place: Place):
    river = [(CENTER[0] - 0.5, CENTER[1]), (CENTER[0] + 0.5, CENTER[1])]
    far = place("river", package(LayerKind.WATERWAY, FeatureShape.LINE, [river]))
    east = (CENTER[0] + 0.1, CENTER[1])
    view.set_base([far])
    view.facet.full_extent()
    assert view.viewport.center == pytest.approx(CENTER, abs=0.001)
    wide = view.viewport.zoom
    view.set_base([far, place("grids", package(LayerKind.GRID, FeatureShape.POLYGON, [square(*east, 0.05)]))])
    view.facet.full_extent()
    assert view.viewport.center == pytest.approx(east, abs=0.001)
    assert view.viewport.zoom > wide + 2


def test_tiles_join_without_a_seam(view: MapView, place: Place):
    """An area that covers the view is one colour across all borders of tiles."""
    view.set_base([place("water", package(LayerKind.WATER, FeatureShape.POLYGON, [square(*CENTER, 1.0)]))])
    for zoom in (13, 16.5, 19):
        view.facet.center_on(*CENTER, zoom)
        drawn(view)
        image = shot(view).convertToFormat(QImage.Format.Format_RGB32)
        colors = {image.pixelColor(x, y).name() for x in range(100, 700) for y in range(100, 500, 7)}
        assert colors == {load_style("dark").area[10].fill}, zoom


def test_neighbouring_tiles_share_their_edges_at_any_zoom(view: MapView):
    for zoom in np.linspace(12, 18, 61):
        viewport = view.viewport.zoomed(float(zoom))
        for key in tiles_in(viewport, 30):
            right, below = (30, key[1] + 1, key[2]), (30, key[1], key[2] + 1)
            here = target(key, viewport)
            assert here.x() + here.width() == target(right, viewport).x()
            assert here.y() + here.height() == target(below, viewport).y()


def test_names_stand_whole_and_stay_while_panning(view: MapView, place: Place):
    """The label's pixels move with the map exactly, also over borders of tiles."""
    view.set_base([place("roads", roads(("人民中路", "")))])
    drawn(view)
    with_name = shot(view).convertToFormat(QImage.Format.Format_RGB32)
    for _ in range(4):
        view.navigator.pan(97, 13)
        drawn(view)
    moved = shot(view).convertToFormat(QImage.Format.Format_RGB32)
    view.navigator.pan(-4 * 97, -4 * 13)
    drawn(view)
    again = shot(view).convertToFormat(QImage.Format.Format_RGB32)
    assert pixels(with_name)[60:500].tobytes() == pixels(again)[60:500].tobytes()
    a = pixels(with_name)[100:480, 60:300]
    b = pixels(moved)[152:532, 448:688]
    assert (a == b).all()


def pixels(image: QImage) -> np.ndarray:
    """A copy: the picture may be gone before the array."""
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1).copy()


def test_a_killed_worker_comes_back_and_the_picture_stays(view: MapView, place: Place):
    view.set_base([place("roads", roads())])
    drawn(view)
    before = pixels(shot(view).convertToFormat(QImage.Format.Format_RGB32))
    (pid,) = view.base.process_ids
    os.kill(pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(pid))
    assert (pixels(shot(view).convertToFormat(QImage.Format.Format_RGB32)) == before).all()
    until(lambda: view.base.process_ids[0] not in (0, pid))
    view.facet.center_on(CENTER[0] + 0.01, CENTER[1], 16)
    drawn(view)
    assert not is_land(shot(view), *view.viewport.pixel_of(CENTER[0] + 0.01, CENTER[1]))


def test_a_broken_layer_says_so_and_the_others_are_drawn(view: MapView, place: Place):
    good, bad = place("roads", roads(("", ""))), place("water", roads())
    bad[1].write_bytes(bad[1].read_bytes()[:200])
    empty = place("green", roads())
    empty[1].write_bytes(b"")
    view.set_base([good, bad, empty])
    drawn(view)
    states = {entry.id: entry.state for entry in view.facet.layers.entries()}
    assert states["roads"] == ""
    assert states["water"]
    assert states["green"]
    assert not is_land(shot(view), *view.viewport.pixel_of(CENTER[0] + 0.005, CENTER[1]))


@pytest.mark.parametrize("damage", [b"\xff" * 64, b"ONEMAPL1" + b"\xff" * 64, os.urandom(4096)])
def test_hostile_packages_do_not_end_the_worker(view: MapView, place: Place, damage: bytes):
    info, path = place("water", roads())
    path.write_bytes(damage)
    view.set_base([(info, path)])
    (pid,) = view.base.process_ids
    drawn(view)
    until(lambda: bool(view.facet.layers.entries()[0].state))
    assert view.base.process_ids == [pid]


def test_hidden_layers_are_not_drawn_and_are_remembered(view: MapView, place: Place):
    layer = place("roads", roads(("", "")))
    view.set_base([layer])
    view.facet.layers.set_visible("roads", False)
    drawn(view)
    assert is_land(shot(view), *view.viewport.pixel_of(*CENTER))
    state = view.save_state()
    view.set_base([])
    view.restore_state(state)
    view.set_base([layer])
    assert [entry.visible for entry in view.facet.layers.entries()] == [False]


def test_rendered_tiles_are_found_on_disk_again(qapp, tmp_path, theme, place: Place):
    """A second start reads them, though it may no longer read what they were drawn from."""
    layer = place("roads", roads(("", "")))
    drawn_first: dict[Path, int] = {}
    for start in range(2):
        view = MapView(tmp_path / "tiles", workers=1)
        view.resize(500, 400)
        view.set_base([layer])
        view.show()
        view.facet.center_on(*CENTER, 15)
        drawn(view)
        assert not is_land(shot(view), *view.viewport.pixel_of(CENTER[0] + 0.003, CENTER[1]))
        view.close()
        stamps = {file: file.stat().st_mtime_ns for file in (tmp_path / "tiles").rglob("*.z")}
        drawn_first = drawn_first or stamps
        layer[1].write_bytes(b"")
        assert stamps and drawn_first.items() <= stamps.items(), f"start {start + 1}"


def test_no_base_map_says_so_once_that_is_known(view: MapView, place: Place):
    assert not view.furniture.note.isVisible(), "while it is fetched, there may be one yet"
    view.set_base([])
    assert view.furniture.note.isVisible()
    view.set_base([place("roads", roads())])
    assert not view.furniture.note.isVisible()


def test_tiles_of_old_looks_are_deleted(tmp_path):
    for number in range(KEPT_LOOKS + 3):
        folder = tmp_path / "tiles" / f"look{number:02}"
        keep_folder(folder)
        os.utime(folder, (number, number))
    assert sorted(f.name for f in (tmp_path / "tiles").iterdir()) == [
        f"look{number:02}" for number in range(3, KEPT_LOOKS + 3)
    ]


@pytest.mark.parametrize(
    ("megabytes", "slots"), [("512", 512), ("", 256), ("much", 256), ("-1", 256), ("1", 96), ("9" * 30, 2048)]
)
def test_memory_for_tiles_stays_within_bounds(megabytes: str, slots: int):
    assert slots_of(megabytes) == slots


def test_a_small_budget_of_memory_still_draws_all_of_the_view(qapp, theme, place: Place):
    view = MapView(workers=1, memory="96")
    view.resize(1900, 1000)
    view.set_theme("dark", lambda token: theme.get(token, "#888888"))
    view.show()
    view.set_base([place("water", package(LayerKind.WATER, FeatureShape.POLYGON, [square(*CENTER, 1.0)]))])
    for zoom in (12, 15, 17, 14):
        view.facet.center_on(*CENTER, zoom)
        drawn(view)
        assert not is_land(shot(view), 950, 500)
    view.close()
