"""A camera that is known exactly: the 3D engine's picture of the pagoda is calibrated by its points."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from console.map.views.view import MapView
from console.scene.facet import SceneFacet
from console.scene.view.view import SceneView
from console.sdk import Text
from console.sdk.scene import ScenePose
from plugins.linkage.lens.calibrate import Pair, Start, calibrate
from plugins.linkage.lens.earth import Around
from plugins.linkage.lens.lens import Lens

HIGH = ScenePose(lon=108.95940, lat=34.21960, height=430.0, heading=35.0, tilt=62.0, distance=240.0)
WIDTH, HEIGHT = 800, 450
CLICKS = [(110, 120), (690, 140), (400, 95), (150, 400), (660, 390), (390, 250), (270, 300), (540, 230)]
SLOW = 60_000


@pytest.fixture
def picture(shared_data: Path, qtbot: QtBot) -> Iterator[SceneView]:
    """What a camera on a mast beside the pagoda sees."""
    beside = MapView(workers=1)
    qtbot.addWidget(beside)
    scene = SceneFacet(beside)
    scene.link(False)
    scene.show(HIGH)
    scene.add_model("test.pagoda", str(shared_data / "tileset_dayanta"), title=Text("塔", "Pagoda"))
    window = scene.open_window().widget
    qtbot.addWidget(window)
    window.resize(WIDTH, HEIGHT)
    window.show()
    qtbot.waitUntil(
        lambda: window.feed.settled and window.hit(WIDTH / 2, HEIGHT / 2) is not None, timeout=SLOW
    )
    yield window
    scene.close()


def true_lens(view: SceneView) -> Lens:
    """The engine's, said as the linkage says it."""
    lens, frame = view.lens, view.frame
    lon, lat, height = frame.geographic(lens.eye).tolist()
    east, north, up = frame.axes_at(lens.eye) @ lens.ahead
    right = frame.axes_at(lens.eye) @ lens.axes[0]
    heading = math.atan2(east, north)
    roll = math.asin(-float(right[2]) / math.cos(math.asin(up)))
    return Lens(
        lon=lon,
        lat=lat,
        height=height,
        heading=math.degrees(heading) % 360,
        tilt=math.degrees(math.asin(up)),
        roll=math.degrees(roll),
        focal=lens.focal / lens.width,
        aspect=lens.height / lens.width,
    )


def seen(view: SceneView, x: float, y: float) -> Pair | None:
    """A point of the model that is picked in the picture, by the depth that was drawn there."""
    point = view.hit(x, y)
    if point is None:
        return None
    lon, lat, height = view.frame.geographic(point).tolist()
    return Pair(u=x / WIDTH, v=y / HEIGHT, lon=lon, lat=lat, height=height)


def off_pixels(lens: Lens, pairs: list[Pair]) -> np.ndarray:
    found = lens.project(
        *(np.array([getattr(pair, name) for pair in pairs]) for name in ("lon", "lat", "height"))
    )
    assert found.inside.all()
    u, v = (np.array([getattr(pair, name) for pair in pairs]) for name in ("u", "v"))
    return np.hypot((found.u - u) * WIDTH, (found.v - v) * HEIGHT)


def test_points_picked_in_the_rendered_picture_give_its_pose_and_names_hit_them(picture: SceneView) -> None:
    truth = true_lens(picture)
    pairs = [pair for x, y in CLICKS if (pair := seen(picture, x, y))]
    others = [
        pair for x in range(40, WIDTH, 60) for y in range(60, HEIGHT, 45) if (pair := seen(picture, x, y))
    ]
    assert len(pairs) >= 6 and len(others) > 60
    assert off_pixels(truth, others).max() < 1.0  # two makers of one projection
    lon, lat, _ = Around(truth.lon, truth.lat, truth.height).places([9.0, -7.0, 0.0])
    fit = calibrate(pairs, Start(lon=float(lon), lat=float(lat), height=410.0), HEIGHT / WIDTH)
    lens = fit.lens
    assert max(fit.off) * WIDTH <= 1.0
    assert np.linalg.norm(truth.around().metres(lens.lon, lens.lat, lens.height)) < 1.0
    assert (lens.heading, lens.tilt) == (
        pytest.approx(truth.heading, abs=0.2),
        pytest.approx(truth.tilt, abs=0.2),
    )
    assert lens.roll == pytest.approx(0.0, abs=0.2) and lens.across == pytest.approx(truth.across, abs=0.3)
    assert off_pixels(lens, others).max() <= 1.0


def test_four_points_and_the_mast_are_enough_for_the_same(picture: SceneView) -> None:
    truth = true_lens(picture)
    pairs = [pair for x, y in CLICKS[:5] if (pair := seen(picture, x, y))]
    others = [
        pair for x in range(40, WIDTH, 120) for y in range(60, HEIGHT, 90) if (pair := seen(picture, x, y))
    ]
    held = Start(lon=truth.lon, lat=truth.lat, height=truth.height, held=True)
    assert off_pixels(calibrate(pairs[:4], held, HEIGHT / WIDTH).lens, others).max() <= 1.0
