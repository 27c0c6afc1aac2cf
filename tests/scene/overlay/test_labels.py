"""Names of the map over a scene: at their places, none behind things, of all kinds of features."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from console.map.engine.messages import LayerRef
from console.map.render.style import load_style
from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind
from console.scene.overlay.live import LiveOver
from console.scene.overlay.map_names import read_names
from tests.map.conftest import CENTER, Place, package, roads, square
from tests.scene.overlay.test_points import Stage, painted


@pytest.fixture
def stage() -> Stage:
    return Stage()


def ref(place: Place, name: str, layer) -> LayerRef:
    info, path = place(name, layer)
    return LayerRef(name, str(path), "1", kind=info.kind)


def inked(image: QImage, x: int, y: int, half: int = 40) -> int:
    """Pixels that are not black around a place."""
    cut = image.copy(x - half, y - 20, 2 * half, 40).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(cut.constBits(), np.uint8).reshape(cut.height(), -1, 4)
    return int((pixels[..., :3].max(axis=2) > 100).sum())


def test_names_stand_at_their_places_and_hide_behind_things(view: MapView, place: Place, stage: Stage):
    over = LiveOver(stage, view.scene.live_layers, lambda: view.colors, QObject(view))
    lon, lat = CENTER
    points = package(
        LayerKind.POI,
        FeatureShape.POINT,
        [[(lon, lat)], [(lon, lat + 1e-5)]],
        ["人民公园", "公园东门"],
        ["park", "park"],
    )
    over.names.show([ref(place, "poi", points)], "dark")
    for _ in range(12):
        image = painted(over, stage)
    x, y = stage.pixel(lon, lat)
    assert inked(image, x, y, 60) > 60
    assert inked(image, 80, 500) == 0
    over.names.show([], "dark")
    assert inked(painted(over, stage), x, y, 60) == 0
    over.names.show([ref(place, "poi2", points)], "dark")
    stage.wall = 100.0
    for _ in range(12):
        image = painted(over, stage)
    assert inked(image, x, y, 60) == 0


def test_places_of_names_by_shape(place: Place):
    ring = package(
        LayerKind.WATER,
        FeatureShape.POLYGON,
        [square(*CENTER, 0.01), square(117.3, 34.3, 0.02)],
        ["", "云龙湖"],
    )
    found = [
        named
        for named in read_names([ref(place, "roads", roads()), ref(place, "water", ring)], load_style("dark"))
        if len(named.codes)
    ]
    written = {
        named.strings[code]: tuple(spot)
        for named in found
        for code, spot in zip(named.codes, named.degrees, strict=True)
    }
    assert written["人民路"] == pytest.approx(CENTER, abs=2e-3)
    assert written["云龙湖"] == pytest.approx((117.3, 34.3), abs=1e-6)
    assert set(written) == {"人民路", "建设路", "云龙湖"}
