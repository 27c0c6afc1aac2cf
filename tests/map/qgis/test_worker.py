"""What QGIS does for the window, with real data: one worker for all tests here."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import pyogrio
import pytest
import shapely
from msgspec.structs import replace
from pyogrio import raw
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from console.map.engine.arena import SLOT_BYTES, Arena
from console.map.qgis.client import QgisClient
from console.map.qgis.messages import (
    Add,
    Algorithms,
    Asks,
    Found,
    Identify,
    ListAlgorithms,
    Open,
    Ping,
    Pong,
    ProjectIs,
    Ran,
    Render,
    Rendered,
    Run,
)
from console.model.coordinates import to_mercator
from console.sdk.errors import QgisError
from tests.map.qgis.conftest import BUND, SOON

SIZE = (640, 480)


@pytest.fixture(scope="module")
def client(qgis: None, qapp: QApplication) -> Iterator[QgisClient]:
    """Of the real QGIS, one for all tests."""
    parent = QObject()
    made = QgisClient(parent, lambda: "zh_CN")
    yield made
    made.close()
    parent.deleteLater()


@pytest.fixture
def ask(client: QgisClient, qtbot: Any) -> Callable[..., Any]:
    """Ask the worker and wait for the answer."""

    def ask(request: Asks) -> Any:
        return result(client.ask(request), qtbot)

    return ask


def result(future: Future[Any], qtbot: Any) -> Any:
    qtbot.waitUntil(future.done, timeout=SOON)
    return future.result()


def extent(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    x, y = to_mercator(np.array([west, east]), np.array([south, north]))
    return float(x[0]), float(y[0]), float(x[1]), float(y[1])


def rendering(arena: Arena, bounds: tuple[float, float, float, float], layers: list[str]) -> Render:
    width, height = SIZE
    return Render(
        memory=arena.path, bytes=width * height * 4, width=width, height=height,
        extent=extent(*bounds), dpi=96.0, layers=layers,
    )  # fmt: skip


def pixels(arena: Arena) -> npt.NDArray[np.uint8]:
    """(height, width, 4) blue, green, red, alpha."""
    width, height = SIZE
    return np.frombuffer(arena.all_bytes[: width * height * 4], np.uint8).reshape(height, width, 4).copy()


@pytest.fixture
def arena() -> Any:
    made = Arena(-(-SIZE[0] * SIZE[1] * 4 // SLOT_BYTES))
    yield made
    made.close()


def test_a_project_tells_its_tree(ask: Callable[..., Any], city: Path) -> None:
    project = ask(Open(path=str(city)))
    assert isinstance(project, ProjectIs)
    assert project.title == "城区底图"
    traffic, buildings, lost = project.tree
    assert (traffic.title, traffic.kind, traffic.checked) == ("交通", "group", True)
    (roads,) = traffic.children
    assert (roads.title, roads.kind, roads.from_scale) == ("道路", "vector", 100000)
    assert (roads.crs, roads.unit) == ("EPSG:4326", "degrees")
    assert {"name", "highway"} <= set(roads.fields)
    assert buildings.bounds and 113.9 < buildings.bounds[0] < buildings.bounds[2] < 114.0
    assert lost.broken and not roads.broken and not buildings.broken
    assert project.order == [roads.id, buildings.id, lost.id]


def test_a_project_that_is_not_packed_is_the_same(ask: Callable[..., Any], city: Path) -> None:
    with zipfile.ZipFile(city) as packed:
        text = next(name for name in packed.namelist() if name.endswith(".qgs"))
        plain = city.with_name("plain.qgs")
        plain.write_bytes(packed.read(text))
    project = ask(Open(path=str(plain)))
    assert isinstance(project, ProjectIs)
    assert [(layer.title, layer.broken) for layer in project.tree[1:]] == [
        ("建筑", False),
        ("丢失的图层", True),
    ]


def test_layers_are_drawn_with_their_own_symbols_where_they_are(
    ask: Callable[..., Any], city: Path, arena: Arena
) -> None:
    project = ask(Open(path=str(city)))
    roads, buildings = project.tree[0].children[0], project.tree[1]
    assert isinstance(ask(rendering(arena, buildings.bounds, [buildings.id])), Rendered)
    drawn = pixels(arena)
    red = (drawn[..., 2] > 200) & (drawn[..., 3] > 200)
    assert 0.01 < red.mean() < 0.9
    assert (drawn[..., 3] == 0).any(), "the ground shines through"
    ask(rendering(arena, BUND, [roads.id, buildings.id]))
    drawn = pixels(arena)
    assert ((drawn[..., 0] > 200) & (drawn[..., 2] < 60)).mean() > 0.01, "blue streets"
    assert not ((drawn[..., 2] > 200) & (drawn[..., 0] < 60)).any(), "the buildings are elsewhere"
    ask(rendering(arena, BUND, [buildings.id]))
    assert not pixels(arena).any()


def test_a_drawing_for_memory_that_has_gone_is_written_nowhere(
    ask: Callable[..., Any], city: Path, arena: Arena
) -> None:
    buildings = ask(Open(path=str(city))).tree[1]
    other = Arena(1)
    stale = arena.path.partition("#")[0] + "#" + other.path.partition("#")[2]
    request = replace(rendering(arena, buildings.bounds, [buildings.id]), memory=stale)
    with pytest.raises(QgisError):
        ask(request)
    assert not pixels(arena).any()
    other.close()


def test_a_drawing_is_broken_off(
    client: QgisClient, ask: Callable[..., Any], city: Path, arena: Arena
) -> None:
    buildings = ask(Open(path=str(city))).tree[1]
    future = client.ask(rendering(arena, buildings.bounds, [buildings.id]))
    future.cancel()
    assert isinstance(ask(Ping()), Pong)
    assert isinstance(ask(rendering(arena, buildings.bounds, [buildings.id])), Rendered)


def test_a_newer_drawing_ends_the_one_before(
    client: QgisClient, ask: Callable[..., Any], city: Path, arena: Arena, qtbot: Any
) -> None:
    buildings = ask(Open(path=str(city))).tree[1]
    first = client.ask(rendering(arena, buildings.bounds, [buildings.id]))
    assert isinstance(ask(rendering(arena, buildings.bounds, [buildings.id])), Rendered)
    with pytest.raises(QgisError) as caught:
        result(first, qtbot)
    assert caught.value.code == "cancelled"


def test_pictures_are_not_kept(client: QgisClient, ask: Callable[..., Any], city: Path) -> None:
    """Of 25 pictures of 12 MB nothing stays, whether they came to their end or not."""
    buildings = ask(Open(path=str(city))).tree[1]
    width, height = 2000, 1500
    large = Arena(-(-width * height * 4 // SLOT_BYTES))
    request = rendering(large, buildings.bounds, [buildings.id])
    request.width, request.height, request.bytes = width, height, width * height * 4
    worker = psutil.Process(client.process_id)
    ask(replace(request))
    before = worker.memory_info().rss
    for _ in range(25):
        client.ask(replace(request))
        ask(replace(request))
    assert worker.memory_info().rss - before < 100e6
    large.close()


def test_what_is_at_a_place(ask: Callable[..., Any], city: Path, shared_data: Path) -> None:
    buildings = ask(Open(path=str(city))).tree[1]
    _, _, shapes, values = raw.read(city.parent / "buildings.geojson", max_features=1)
    lon, lat = inside(shapes[0])
    x, y, _, _ = extent(lon, lat, lon, lat)
    found = ask(Identify(x=x, y=y, reach=1.0, layers=[buildings.id]))
    assert isinstance(found, Found)
    assert values[0][0] in [feature.attributes["id"] for feature in found.features]
    assert not ask(Identify(x=0.0, y=0.0, reach=1.0, layers=[buildings.id])).features


def inside(wkb: bytes) -> tuple[float, float]:
    point = shapely.from_wkb(wkb).representative_point()
    return point.x, point.y


def test_the_toolbox_is_listed_with_parameters(ask: Callable[..., Any]) -> None:
    listed = ask(ListAlgorithms())
    assert isinstance(listed, Algorithms)
    assert len(listed.algorithms) > 200
    buffer = next(a for a in listed.algorithms if a.id == "native:buffer")
    kinds = {parameter.name: parameter for parameter in buffer.parameters}
    assert kinds["INPUT"].kind == "source" and not kinds["INPUT"].optional
    assert kinds["DISTANCE"].kind == "distance" and kinds["DISTANCE"].default == 10
    assert kinds["SEGMENTS"].whole and kinds["SEGMENTS"].least == 1
    assert len(kinds["END_CAP_STYLE"].options) == 3
    assert kinds["OUTPUT"].destination


def buffering(layer: str, folder: Path, segments: int = 5) -> Run:
    values = {"INPUT": layer, "DISTANCE": 0.0001, "SEGMENTS": segments}
    return Run(algorithm="native:buffer", values=values, folder=str(folder))


def test_a_tool_runs_with_progress_and_its_result_is_a_layer(
    client: QgisClient, ask: Callable[..., Any], city: Path, tmp_path: Path, arena: Arena, qtbot: Any
) -> None:
    buildings = ask(Open(path=str(city))).tree[1]
    steps: list[float] = []
    ran = result(client.ask(buffering(buildings.id, tmp_path / "results"), steps.append), qtbot)
    assert isinstance(ran, Ran)
    assert steps and all(0 <= step <= 1 for step in steps) and steps == sorted(steps)
    ((path, title),) = ran.layers
    assert path.endswith(".gpkg") and Path(path).parent == tmp_path / "results"
    assert (
        pyogrio.read_info(path)["features"]
        == pyogrio.read_info(city.parent / "buildings.geojson")["features"]
    )
    project = ask(Add(path=path, title=title))
    (added,) = project.added
    assert project.tree[0].id == added == project.order[0]
    ask(rendering(arena, buildings.bounds, [added]))
    assert pixels(arena).any()


def test_a_tool_is_stopped(
    client: QgisClient, ask: Callable[..., Any], city: Path, tmp_path: Path, qtbot: Any
) -> None:
    buildings = ask(Open(path=str(city))).tree[1]
    future = client.ask(buffering(buildings.id, tmp_path, segments=3000))
    with pytest.raises(QgisError) as caught:
        ask(buffering(buildings.id, tmp_path))
    assert caught.value.code == "busy"
    future.cancel()
    qtbot.waitUntil(lambda: can_run(client, buildings.id, tmp_path, qtbot), timeout=SOON)


def can_run(client: QgisClient, layer: str, folder: Path, qtbot: Any) -> bool:
    try:
        return isinstance(result(client.ask(buffering(layer, folder)), qtbot), Ran)
    except QgisError as error:
        assert error.code == "busy"
        return False


def test_wrong_inputs_are_told(ask: Callable[..., Any], city: Path, tmp_path: Path) -> None:
    ask(Open(path=str(city)))
    for request, code in (
        (buffering("no such layer", tmp_path), "parameters"),
        (Run(algorithm="native:nothing", values={}, folder=str(tmp_path)), "no_algorithm"),
        (Add(path=str(tmp_path / "none.gpkg"), title=""), "missing"),
        (Add(path=__file__, title=""), "no_data"),
    ):
        with pytest.raises(QgisError) as caught:
            ask(request)
        assert caught.value.code == code


def test_broken_project_files_are_refused(ask: Callable[..., Any], city: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.qgz"
    cut.write_bytes(city.read_bytes()[:400])
    text = tmp_path / "text.qgs"
    text.write_text("<qgis><projectlayers>")
    for path, code in ((cut, "unreadable"), (text, "unreadable"), (tmp_path / "none.qgz", "missing")):
        with pytest.raises(QgisError) as caught:
            ask(Open(path=str(path)))
        assert caught.value.code == code
        assert str(caught.value)
    assert ask(Open(path=str(city))).tree
