"""A map view with real tile workers over small packages made here."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from console.map.views.pane import Pane
from console.map.views.view import MapView
from console.model.layers import DEGREE, FeatureShape, LayerKind, LayerPackage, encode_package
from console.model.records import LayerInfo, LonLat

ROOT = Path(__file__).parents[2]
Place = Callable[[str, LayerPackage], tuple[LayerInfo, Path]]
CENTER = (117.2, 34.26)


def package(
    kind: LayerKind,
    shape: FeatureShape,
    features: Sequence[Sequence[LonLat]],
    names: Sequence[str] | None = None,
    classes: Sequence[str] | None = None,
    **columns: Sequence[float],
) -> LayerPackage:
    """One part a feature; texts interned, numbers as float32."""
    texts = {"name": names or [""] * len(features), "class": classes or [""] * len(features)}
    strings = ["", *sorted({t for values in texts.values() for t in values if t})]
    counts = [len(feature) for feature in features]
    xy = np.array([place for feature in features for place in feature]).reshape(-1, 2)
    return LayerPackage(
        kind=kind,
        shape=shape,
        xy=np.rint(xy * DEGREE).astype(np.int32),
        part_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        feature_start=np.arange(len(features) + 1, dtype=np.int32),
        columns={
            **{n: np.array([strings.index(t) for t in v], np.int32) for n, v in texts.items()},
            **{n: np.array(v, np.float32) for n, v in columns.items()},
        },
        strings=strings,
    )


def square(lon: float, lat: float, side: float) -> list[LonLat]:
    """A closed ring, counter-clockwise, around a place."""
    h = side / 2
    corners = [(lon - h, lat - h), (lon + h, lat - h), (lon + h, lat + h), (lon - h, lat + h)]
    return [*corners, corners[0]]


def roads(names: Sequence[str] = ("人民路", "建设路")) -> LayerPackage:
    """A wide street from west to east and one from south to north, crossing at CENTER."""
    lon, lat = CENTER
    steps = np.linspace(-0.02, 0.02, 41)
    lines = [[(lon + s, lat) for s in steps], [(lon, lat + s) for s in steps]]
    return package(LayerKind.ROAD, FeatureShape.LINE, lines, names, ["primary", "primary"])


@pytest.fixture
def theme() -> dict[str, str]:
    return tomllib.loads((ROOT / "resources/themes/dark.toml").read_text("utf-8"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Write a package and describe it as the backend would."""

    def write(name: str, layer: LayerPackage) -> tuple[LayerInfo, Path]:
        path = tmp_path / f"{name}.oml"
        path.write_bytes(encode_package(layer))
        low, high = layer.degrees.min(axis=0), layer.degrees.max(axis=0)
        info = LayerInfo(
            id=name, title_zh="图层", title_en=name, kind=str(layer.kind), count=len(layer),
            bounds=(float(low[0]), float(low[1]), float(high[0]), float(high[1])),
            datum="wgs84", datum_known="declared", version="1", attribution="© Test",
        )  # fmt: skip
        return info, path

    return write


@pytest.fixture
def view(qapp: QApplication, theme: dict[str, str]) -> Iterator[MapView]:
    """800 x 600 at CENTER, zoom 15, with one worker; afterwards no process may be left."""
    QCursor.setPos(QPoint(1919, 1079))  # a pointer that happens to be over the map would steer it
    made = MapView(workers=1)
    made.resize(800, 600)
    made.set_theme("dark", lambda token: theme.get(token, "#888888"))
    made.show()
    made.facet.center_on(*CENTER, 15)
    yield made
    children = made.base.process_ids
    made.close()
    made.deleteLater()
    assert not [pid for pid in children if pid and psutil.pid_exists(pid)]


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Let events come until *true*; fails after *seconds*."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        QApplication.processEvents()
        time.sleep(0.005)


def drawn(view: Pane) -> None:
    """Wait until all of the view, labels included, is there.

    Grabbed, not repainted: a window that the screen has not shown yet is not painted.
    """
    view.grab()
    until(lambda: view.base.idle and not view.navigator.moving)
    view.grab()


def at_rest(view: Pane) -> None:
    """Wait until pixels change no more: labels from around the view, and pictures of late tiles."""
    drawn(view)
    until(lambda: not view.grab().isNull() and view.base.idle and not view.unfinished)
