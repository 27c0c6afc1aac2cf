"""QGIS projects on the map: drawn where the view looks, kept when QGIS dies, hidden when told so."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QImage

from console.map.qgis.client import Patience, QgisClient
from console.map.qgis.facet import LAYER, QgisFacet
from console.map.views.pane import Pane
from console.map.views.view import MapView
from console.sdk import Qgis, QgisError, QgisState
from console.tasks.driver import GuiDriver
from tests.map.qgis.conftest import SHEKOU, SOON


@pytest.fixture
def driver(qtbot: Any) -> Iterator[GuiDriver]:
    made = GuiDriver()
    yield made
    made.close()


@pytest.fixture
def facet(qgis: None, view: MapView, tmp_path: Path) -> Iterator[QgisFacet]:
    client = QgisClient(view, lambda: "zh_CN", patience=Patience(beat=0.5, answer=5.0))
    made = QgisFacet(view, client, tmp_path / "results")
    yield made
    made.end()


@pytest.fixture
def wait(driver: GuiDriver, qtbot: Any) -> Callable[[Any], Any]:
    """Drive an awaitable to its end; gives what it gives, raises what it raises."""

    def wait(awaitable: Any) -> Any:
        kept: dict[str, Any] = {}

        async def run() -> None:
            try:
                kept["result"] = await awaitable
            except (QgisError, asyncio.CancelledError) as error:
                kept["error"] = error

        driver.start(run(), lambda error: kept.update(error=error))
        qtbot.waitUntil(lambda: bool(kept), timeout=SOON)
        if "error" in kept:
            raise kept["error"]
        return kept["result"]

    return wait


def red(view: Pane) -> npt.NDArray[np.bool_]:
    """Which device pixels of the window show buildings of the project."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return (raw[..., 2] > 180) & (raw[..., 0] < 60) & (raw[..., 1] < 60)


def drawn(view: Pane, share: float = 0.01) -> Callable[[], bool]:
    return lambda: red(view).mean() > share


def test_the_project_is_drawn_on_the_map(
    facet: QgisFacet,
    view: MapView,
    city: Path,
    wait: Callable[[Any], Any],
    qtbot: Any,
) -> None:
    assert isinstance(facet, Qgis)
    wait(facet.open(str(city)))
    assert facet.project == str(city)
    (slot,) = [entry for entry in view.facet.layers.entries() if entry.id == LAYER]
    assert slot.group == "data" and slot.title.zh_CN == "QGIS 工程"
    assert not red(view).any(), "another town is in view"
    view.facet.fit(SHEKOU)
    qtbot.waitUntil(drawn(view), timeout=SOON)
    buildings = facet.tree[1]
    facet.set_checked(buildings.id, False)
    assert not facet.tree[1].checked
    qtbot.waitUntil(lambda: not red(view).any(), timeout=SOON)
    facet.set_checked(buildings.id, True)
    qtbot.waitUntil(drawn(view), timeout=SOON)
    view.facet.layers.set_visible(LAYER, False)
    qtbot.waitUntil(lambda: not red(view).any(), timeout=SOON)
    view.facet.layers.set_visible(LAYER, True)
    qtbot.waitUntil(drawn(view), timeout=SOON)
    wait(facet.close())
    assert not [entry for entry in view.facet.layers.entries() if entry.id == LAYER]
    qtbot.waitUntil(lambda: not red(view).any(), timeout=SOON)


def test_further_views_have_pictures_of_their_own_places(
    facet: QgisFacet, view: MapView, city: Path, wait: Callable[[Any], Any], qtbot: Any
) -> None:
    pane = view.facet.views.open_pane()
    pane.resize(300, 240)
    pane.show()
    wait(facet.open(str(city)))
    pane.show_view(pane.viewport.fitted(SHEKOU))
    qtbot.waitUntil(drawn(pane), timeout=SOON)
    assert not red(view).any(), "the first view shows another town"
    late = view.facet.views.open_pane()
    late.resize(300, 240)
    late.show_view(late.viewport.fitted(SHEKOU))
    late.show()
    qtbot.waitUntil(drawn(late), timeout=SOON)
    pane.layers.set_visible(LAYER, False)
    qtbot.waitUntil(lambda: not red(pane).any(), timeout=SOON)
    facet.set_checked(facet.tree[1].id, False)
    qtbot.waitUntil(lambda: not red(late).any(), timeout=SOON)
    late.remove()
    wait(facet.close())
    pane.remove()


def test_buildings_lie_on_the_same_pixels_before_and_after_a_pan(
    facet: QgisFacet,
    view: MapView,
    city: Path,
    wait: Callable[[Any], Any],
    qtbot: Any,
) -> None:
    """The picture is moved with the ground, and the next one fits it to the pixel."""
    wait(facet.open(str(city)))
    view.facet.fit(SHEKOU)
    qtbot.waitUntil(drawn(view), timeout=SOON)
    layer = view.tree.find(LAYER).layer  # type: ignore[union-attr]
    before, kept = red(view), layer.picture  # type: ignore[union-attr]
    view.show_view(view.viewport.panned(-250, 0))
    qtbot.waitUntil(lambda: layer.picture is not kept, timeout=SOON)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: not view.ground.unfinished, timeout=SOON)
    after = red(view)
    same = before[60:-60, 310:-60] == after[60:-60, 60:-310]
    assert same.mean() > 0.995


def test_the_picture_stays_while_qgis_is_away_and_the_project_comes_back(
    facet: QgisFacet,
    view: MapView,
    city: Path,
    wait: Callable[[Any], Any],
    qtbot: Any,
) -> None:
    wait(facet.open(str(city)))
    wait(facet.add(str(city.parent / "roads.gpkg"), "道路"))
    view.facet.fit(SHEKOU)
    qtbot.waitUntil(drawn(view), timeout=SOON)
    told: list[tuple[QgisState, str]] = []
    facet.on_change(lambda: told.append((facet.state, facet.state_text)))
    os.kill(facet._client.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: facet.state is QgisState.BROKEN, timeout=SOON)
    assert drawn(view)()
    (entry,) = [entry for entry in view.facet.layers.entries() if entry.id == LAYER]
    assert entry.state == told[-1][1] != ""
    qtbot.waitUntil(lambda: facet.state is QgisState.READY and len(facet.tree) == 4, timeout=SOON)
    (entry,) = [entry for entry in view.facet.layers.entries() if entry.id == LAYER]
    assert entry.state == ""
    view.show_view(view.viewport.panned(-300, 0))
    qtbot.waitUntil(drawn(view), timeout=SOON)


def test_a_tool_makes_a_layer_of_the_map(
    facet: QgisFacet,
    view: MapView,
    city: Path,
    wait: Callable[[Any], Any],
) -> None:
    wait(facet.open(str(city)))
    buildings = facet.tree[1]
    values = {"INPUT": buildings.id, "DISTANCE": 0.0002}
    made = wait(facet.run("native:buffer", values))
    assert facet.tree[0].id == made.layers[0]
    assert Path(made.files[0]).is_file()
    lon, lat = (SHEKOU[0] + SHEKOU[2]) / 2, (SHEKOU[1] + SHEKOU[3]) / 2
    view.facet.center_on(lon, lat, 14)
    found = wait(facet.identify(lon, lat))
    assert {feature.layer for feature in found} <= {made.layers[0], buildings.id}
    assert len(wait(facet.algorithms())) > 200


def test_a_project_that_cannot_be_read_leaves_the_one_before(
    facet: QgisFacet, city: Path, wait: Callable[[Any], Any], tmp_path: Path, qtbot: Any
) -> None:
    wait(facet.open(str(city)))
    broken = tmp_path / "broken.qgs"
    broken.write_text("no project")
    with pytest.raises(QgisError):
        wait(facet.open(str(broken)))
    assert facet.project == str(city)
    assert [node.title for node in facet.tree] == ["交通", "建筑", "丢失的图层"]
    facet._view.facet.fit(SHEKOU)
    qtbot.waitUntil(drawn(facet._view), timeout=SOON)


def test_a_project_that_is_gone_after_a_restart_keeps_its_picture(
    facet: QgisFacet,
    view: MapView,
    city: Path,
    wait: Callable[[Any], Any],
    tmp_path: Path,
    qtbot: Any,
) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(city.parent, moved)
    wait(facet.open(str(moved / "city.qgz")))
    view.facet.fit(SHEKOU)
    qtbot.waitUntil(drawn(view), timeout=SOON)
    shutil.rmtree(moved)
    os.kill(facet._client.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: "city.qgz" in layer_state(view), timeout=SOON)
    assert drawn(view)()
    view.show_view(view.viewport.panned(-300, 0))
    answers = [facet.identify(*view.viewport.center) for _ in range(2)]  # behind whatever is drawn
    assert [wait(answer) for answer in answers] == [[], []]
    assert drawn(view, 0.001)()


def layer_state(view: MapView) -> str:
    return next(entry.state for entry in view.facet.layers.entries() if entry.id == LAYER)
