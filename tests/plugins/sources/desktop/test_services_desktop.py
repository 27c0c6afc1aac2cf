"""Services and pictures in the panel: asked about, chosen, remembered without their secrets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget

from console.sdk.datums import OwnLayer
from console.sdk.ui import RecordTable
from console.testing import Console
from tests.map.tile_server import TileServer, tile_server
from tests.plugins.sources.desktop.test_sources_desktop import PANEL, press, rows, source_layers, texts

Activate = Callable[..., Console]
WMS = """<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms"
xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>t</Title></Service><Capability><Request><GetMap><Format>image/png</Format>
<DCPType><HTTP><Get><OnlineResource xlink:href="{url}/wms?"/></Get></HTTP></DCPType></GetMap></Request>
<Layer><CRS>EPSG:3857</CRS>{layers}</Layer></Capability></WMS_Capabilities>"""
LAYER = "<Layer><Name>{0}</Name><Title>{1}</Title><CRS>EPSG:3857</CRS></Layer>"


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server(lambda path: (404, b"")) as running:
        layers = LAYER.format("dom", "正射影像") + LAYER.format("names", "地名")
        body = WMS.format(url=running.url, layers=layers).encode()
        running.answer = lambda path: (200, body)
        yield running


def settle(console: Console, true: Callable[[], bool], qtbot: Any) -> None:
    """Let threads and handlers go on until *true*."""

    def turn() -> bool:
        console.clock.advance(0.1)
        return true()

    qtbot.waitUntil(turn, timeout=20_000)


def typed(panel: Any, text: str) -> None:
    field = panel.findChild(QLineEdit)
    field.setText(text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_tiles_by_address_are_on_the_map_and_the_key_is_in_no_file(
    activate: Activate, panel: Any, qtbot: Any, tmp_path: Path
) -> None:
    console = activate("sources")
    widget = panel(PANEL)
    typed(widget, "https://tiles.example/{z}/{x}/{y}.png?tk=geheim4711")
    settle(console, lambda: bool(source_layers(console)), qtbot)
    (layer,) = source_layers(console).values()
    assert layer.asked["service"].url == "https://tiles.example/{z}/{x}/{y}.png?tk=geheim4711"
    assert "geheim" not in texts(widget)
    kept = [file.read_bytes() for file in tmp_path.rglob("*.json") if file.is_file()]
    assert any(b"tiles.example" in content for content in kept)
    assert not any(b"geheim" in content for content in kept)


def test_a_service_of_several_layers_asks_which(
    activate: Activate, panel: Any, qtbot: Any, server: TileServer
) -> None:
    console = activate("sources")
    widget = panel(PANEL)
    typed(widget, f"{server.url}/wms")
    settle(console, lambda: "请选择" in texts(widget), qtbot)
    assert not source_layers(console)
    choices = widget.findChild(QListWidget)
    assert [choices.item(row).text() for row in range(choices.count())] == ["正射影像", "地名"]
    choices.item(0).setCheckState(Qt.CheckState.Checked)
    press(widget, "按此打开服务")
    settle(console, lambda: bool(source_layers(console)), qtbot)
    (layer,) = source_layers(console).values()
    assert layer.asked["title"].zh_CN == "正射影像"
    assert "LAYERS=dom" in layer.asked["service"].url
    assert rows(widget)[0][2] == "已显示"


def test_a_service_that_wants_a_sign_in_gets_one_from_the_keyring(
    activate: Activate, panel: Any, qtbot: Any, server: TileServer, tmp_path: Path
) -> None:
    body = WMS.format(url=server.url, layers=LAYER.format("dom", "正射影像")).encode()

    def guarded(_: str) -> tuple[int, bytes]:
        allowed = any(h.get("Authorization") == "Basic dTpnZWhlaW0=" for h in server.headers[-1:])
        return (200, body) if allowed else (401, b"")

    server.answer = guarded
    console = activate("sources")
    widget = panel(PANEL)
    typed(widget, f"{server.url}/wms")
    settle(console, lambda: "401" in texts(widget), qtbot)
    user, password = widget.findChildren(QLineEdit)[-2:]
    user.setText("u")
    password.setText("geheim")
    press(widget, "按此打开服务")
    settle(console, lambda: bool(source_layers(console)), qtbot)
    (layer,) = source_layers(console).values()
    assert layer.asked["service"].headers["Authorization"] == "Basic dTpnZWhlaW0="
    source_id = next(iter(source_layers(console))).split(":")[1]
    assert json.loads(console.secrets.load(source_id) or "")["password"] == "geheim"
    assert not any(b"geheim" in f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())


def test_a_service_that_is_away_is_told_and_can_be_asked_again(
    activate: Activate, panel: Any, qtbot: Any, server: TileServer
) -> None:
    answer, server.answer = server.answer, lambda path: (503, b"")
    console = activate("sources")
    widget = panel(PANEL)
    typed(widget, f"{server.url}/wms")
    settle(console, lambda: "503" in texts(widget), qtbot)
    server.answer = answer
    QTest.keyClick(widget.findChildren(QLineEdit)[0], Qt.Key.Key_Return)
    typed(widget, f"{server.url}/wms")
    settle(console, lambda: "请选择" in texts(widget), qtbot)


def test_pictures_and_archives_go_to_the_map_as_what_they_are(
    activate: Activate, panel: Any, qtbot: Any, tmp_path: Path, shared_data: Path
) -> None:
    tif = tmp_path / "影像.tif"
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "crs": "EPSG:4326"}
    with rasterio.open(
        tif, "w", width=10, height=10, transform=Affine(0.01, 0, 117, 0, -0.01, 34), **profile
    ) as file:
        file.write(np.zeros((1, 10, 10), np.uint8))
    broken = tmp_path / "坏.tif"
    broken.write_bytes(b"II*\0nothing")
    console = activate("sources")
    widget = panel(PANEL)
    console.map.drop(str(tif), str(shared_data / "firenze.pmtiles"), str(broken))
    settle(console, lambda: len(source_layers(console)) == 2, qtbot)
    assert "无法读取" in str(rows(widget))
    acts = [act for act in widget.findChildren(QAction) if act.text().startswith("读取方式")]
    shown: dict[str, bool] = {}
    for key in (source.split(":")[1] for source in source_layers(console)):
        widget.findChild(RecordTable).select_key(key)
        shown[source_layers(console)[f"source:{key}"].asked.get("path", "archive")] = acts[0].isVisible()
    assert shown == {str(tif): False, "archive": True}, "a picture says itself where it is"
    picture, tiles = sorted(source_layers(console).values(), key=lambda layer: "source" in layer.asked)
    assert picture.asked["path"] == str(tif)
    assert picture.asked["bounds"] == pytest.approx((117.0, 33.9, 117.1, 34.0))
    assert tiles.asked["source"].endswith("firenze.pmtiles")
    assert "OpenStreetMap" in tiles.asked["attribution"]
    assert "<" not in tiles.asked["attribution"]


def test_an_archive_is_guessed_to_be_right_until_its_datum_is_declared(
    activate: Activate, panel: Any, qtbot: Any, shared_data: Path
) -> None:
    console = activate("sources")
    widget = panel(PANEL)
    console.map.drop(str(shared_data / "firenze.pmtiles"))
    settle(console, lambda: bool(source_layers(console)), qtbot)
    (line,) = console.host.services.get("own_layers").all()
    assert (line.datum, line.known, line.kind, line.may_be) == (
        "wgs84",
        "guessed",
        "tiles",
        ("wgs84", "gcj02"),
    )
    assert not line.why_not
    next(act for act in widget.findChildren(QAction) if act.text().startswith("读取方式")).trigger()
    field = next(c for c in widget.findChildren(QComboBox) if c.accessibleName() == "坐标基准")
    field.setCurrentIndex(field.findData("gcj02"))
    press(widget, "按此读取")
    settle(console, lambda: line_of(console).datum == "gcj02", qtbot)
    (layer,) = source_layers(console).values()
    assert layer.asked["datum"] == "gcj02"
    assert line_of(console).version != line.version, "what was measured before holds no more"
    console.host.services.get("own_layers").read_as(line.id, "wgs84")
    settle(console, lambda: line_of(console).datum == "wgs84", qtbot)


def line_of(console: Console) -> Any:
    found = console.host.services.get("own_layers").all()
    return found[0] if found else OwnLayer(id="", title="", origin="", datum="", known="")
