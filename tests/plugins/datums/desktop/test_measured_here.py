"""The ledger's lines of the user's own files and services, and of feeds: measured on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from console.model.datum_checks import CheckState, DatumCheck, DatumLedger, FeedDatum, LayerDatum
from console.model.layers import LayerPackage, encode_package
from console.model.positions import Positions, PositionSource
from console.sdk.datums import TILES, OwnLayer
from console.sdk.layers import LayerFiles
from console.sdk.ui import RecordTable
from console.testing import Console, MemoryBackend
from tests.plugins.datums.desktop.test_datums_desktop import LEDGER, check, layer, press, rows, texts
from tests.support.roads import halves, placed, roads_of, tiled

BUILDINGS = replace(layer("building", "建筑", "building"), count=44_000)


@dataclass
class Own:
    """The service of the data sources' plugin."""

    lines: tuple[OwnLayer, ...] = ()
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    handlers: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def all(self) -> tuple[OwnLayer, ...]:
        return self.lines

    def read_as(self, layer_id: str, datum: str) -> None:
        self.asked.append((layer_id, datum))

    def on_change(self, handler: Callable[[], None]) -> Callable[[], None]:
        self.handlers.append(handler)
        return lambda: self.handlers.remove(handler)


def own_layer(layer_id: str, path: Path | None, **more: Any) -> OwnLayer:
    given: dict[str, Any] = {
        "title": layer_id, "origin": f"/data/{layer_id}.gpkg", "datum": "wgs84", "known": "guessed",
        "packages": (str(path),) if path else (), "version": "1", "kind": "road", "shape": "line",
    }  # fmt: skip
    return OwnLayer(id=layer_id, **given | more)


@pytest.fixture(scope="module")
def roads(shared_data: Path) -> tuple[LayerPackage, LayerPackage]:
    """Two sets of the roads of Shanghai without a common one."""
    return halves(roads_of(shared_data / "shanghai_center.osm.pbf"))


@pytest.fixture(scope="module")
def files(roads: tuple[LayerPackage, LayerPackage], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``mine.oml`` came shifted by GCJ-02, ``right.oml`` did not; ``roads.oml`` is the district's."""
    folder = tmp_path_factory.mktemp("packages")
    mine, district = roads
    for name, package in (
        ("mine", placed(mine, "wgs84", "gcj02")),
        ("right", mine),
        ("roads", district),
    ):
        (folder / f"{name}.oml").write_bytes(encode_package(package))
    return folder


@pytest.fixture
def own() -> Own:
    return Own()


@pytest.fixture
def layers(backend: MemoryBackend) -> list[LayerDatum]:
    """Of the district; a test may add some."""
    found = [LayerDatum(layer=layer("road", "道路"))]
    feeds = (
        FeedDatum(id="osmand", title_zh="手机", title_en="Phones", datum="wgs84", datum_known="declared"),
    )
    backend.answer(
        "GET", r"/datums",
        lambda _request: msgspec.to_builtins(DatumLedger(layers=tuple(found), feeds=feeds, locals=())),
    )  # fmt: skip
    return found


@pytest.fixture
def ledger(
    activate: Callable[..., Console],
    console: Console,
    layers: list[LayerDatum],
    files: Path,
    own: Own,
    panel: Callable[[str], Any],
) -> Any:
    """The panel, with the district's roads on this machine."""
    console.map.layers.base["road"] = LayerFiles(packages=[str(files / "roads.oml")], version="1")
    activate("datums")
    console.host.services.provide("own_layers", own)
    widget = panel(LEDGER)
    console.clock.advance(0.5)
    return widget


def show(console: Console, own: Own, *lines: OwnLayer) -> None:
    own.lines = lines
    for handler in own.handlers:
        handler()
    console.clock.advance(0.2)


def line(widget: Any, title: str) -> list[str]:
    return next(found for found in rows(widget) if found[0] == title)


def measured(console: Console, qtbot: Any, widget: Any, title: str) -> None:
    """Wait until a line has a result."""

    def there() -> bool:
        console.clock.advance(0.2)
        return bool(line(widget, title)[3])

    qtbot.waitUntil(there, timeout=30_000)


def test_a_file_is_measured_against_the_districts_roads_and_put_right(
    ledger: Any, console: Console, own: Own, files: Path, qtbot: Any, backend: MemoryBackend
) -> None:
    show(console, own, own_layer("mine", files / "mine.oml"))
    assert line(ledger, "mine") == ["mine", "", "未实测", "", "WGS 84", "默认推测"]
    press(ledger, "全部实测")
    measured(console, qtbot, ledger, "mine")
    found = line(ledger, "mine")
    assert 300 < float(found[1]) < 700
    assert found[2:4] == ["疑似漏做一次 GCJ-02 纠偏", "道路"]
    assert not [request for request in backend.requests if request.path == "/datums/checks"]
    ledger.findChild(RecordTable).select_key("mine")
    assert "原文件不变" in texts(ledger)
    press(ledger, "改按此基准解读")
    assert own.asked == [("mine", "gcj02")]


def test_what_was_found_is_kept_as_long_as_the_file_is_what_it_was(
    ledger: Any, console: Console, own: Own, files: Path, qtbot: Any
) -> None:
    mine = own_layer("mine", files / "right.oml")
    show(console, own, mine)
    press(ledger, "全部实测")
    measured(console, qtbot, ledger, "mine")
    assert line(ledger, "mine")[2] == "与参照图层吻合"
    show(console, own)
    show(console, own, mine)
    assert line(ledger, "mine")[2] == "与参照图层吻合"
    show(console, own, replace(mine, version="2"))
    assert line(ledger, "mine")[2] == "未实测"


def test_a_layer_of_the_district_is_measured_against_the_users_own(
    ledger: Any, console: Console, own: Own, files: Path, qtbot: Any
) -> None:
    show(console, own, own_layer("surveyed", files / "right.oml", known="declared"))
    press(ledger, "全部实测")
    measured(console, qtbot, ledger, "道路")
    assert line(ledger, "道路")[2:4] == ["与参照图层吻合", "surveyed"]


def test_what_has_no_places_says_why(ledger: Any, console: Console, own: Own) -> None:
    show(console, own, own_layer("tiles", None, why_not="瓦片无法实测", may_be=()))
    assert line(ledger, "tiles")[2] == "瓦片无法实测"
    ledger.findChild(RecordTable).select_key("tiles")
    assert "瓦片无法实测" in texts(ledger)
    assert "改按此基准解读" not in [b.text() for b in ledger.findChildren(type(ledger._one)) if b.isVisible()]
    references = ledger.findChild(QComboBox)
    assert "tiles" not in [references.itemText(at) for at in range(references.count())]


def test_devices_are_measured_against_roads(
    ledger: Any, console: Console, roads: tuple[LayerPackage, LayerPackage], qtbot: Any
) -> None:
    """An app that reports GCJ-02 though its protocol says WGS84."""
    shifted = placed(roads[0], "wgs84", "gcj02").degrees[:: len(roads[0].xy) // 400]
    count = len(shifted)
    console.live.positions.upsert(
        Positions(
            handle=np.arange(count, dtype=np.uint32),
            lon=shifted[:, 0].copy(), lat=shifted[:, 1].copy(), time=np.full(count, 1.0),
            speed=np.zeros(count, np.float32), heading=np.zeros(count, np.float32),
            accuracy=np.full(count, 5, np.float32), battery=np.ones(count, np.float32),
            flags=np.zeros(count, np.uint8),
            source=np.full(count, PositionSource.OSMAND, np.uint8),
        )
    )  # fmt: skip
    ledger.findChild(RecordTable).select_key("feed/osmand")
    press(ledger, "实测")
    measured(console, qtbot, ledger, "手机")
    assert line(ledger, "手机")[2:4] == ["疑似漏做一次 GCJ-02 纠偏", "道路"]
    assert "ONEMAP_FEED_DATUMS" in texts(ledger)


def unclear(request: Any) -> Any:
    return msgspec.to_builtins(
        replace(check(request.body["layer"], CheckState.UNCLEAR), reference=request.body["reference"])
    )


def test_a_clear_result_is_not_given_up_for_an_unclear_one(
    ledger: Any, console: Console, layers: list[LayerDatum], backend: MemoryBackend
) -> None:
    """Measured against other buildings before, and now against roads."""
    fits = replace(check("building", CheckState.FITS, "wgs84", 0.4), reference="building-2")
    other = LayerDatum(layer=replace(BUILDINGS, id="building-2", title_zh="另一份建筑"))
    layers += [LayerDatum(layer=BUILDINGS, check=fits), other]
    backend.answer("POST", r"/datums/checks", unclear)
    ledger._desk.load()
    console.clock.advance(0.5)
    references = ledger.findChild(QComboBox)
    references.setCurrentIndex(references.findData("road"))
    references.activated.emit(references.currentIndex())
    ledger.findChild(RecordTable).select_key("building")
    press(ledger, "实测")
    console.clock.advance(0.5)
    assert line(ledger, "建筑")[1:4] == ["0.4", "与参照图层吻合", "另一份建筑"]
    assert any("仍保留对照 另一份建筑" in notice.text for notice in console.notifications)


def test_the_best_suited_references_are_tried_one_after_another(
    ledger: Any, console: Console, layers: list[LayerDatum], backend: MemoryBackend
) -> None:
    layers += [LayerDatum(layer=BUILDINGS), LayerDatum(layer=layer("poi", "兴趣点", "poi"))]
    asked: list[tuple[str, str]] = []

    def answer(request: Any) -> Any:
        asked.append((request.body["layer"], request.body["reference"]))
        found: DatumCheck = check(request.body["layer"], CheckState.UNCLEAR)
        if asked[-1] == ("poi", "road"):
            found = check("poi", CheckState.FITS, "wgs84", 3.0)
        found = replace(found, reference=request.body["reference"])
        layers[:] = [replace(e, check=found) if e.layer.id == found.layer else e for e in layers]
        return msgspec.to_builtins(found)

    backend.answer("POST", r"/datums/checks", answer)
    ledger._desk.load()
    console.clock.advance(0.5)
    ledger.findChild(RecordTable).select_key("poi")
    press(ledger, "实测")
    console.clock.advance(0.5)
    assert asked == [("poi", "building"), ("poi", "road")]
    ledger.findChild(RecordTable).select_key("building")
    press(ledger, "实测")
    console.clock.advance(0.5)
    assert asked[2:] == [("building", "road")]
    assert "另一份建筑数据" in texts(ledger), "not roads again"


def test_advice_does_not_go_in_a_circle(
    ledger: Any, console: Console, layers: list[LayerDatum], backend: MemoryBackend
) -> None:
    """All that could tell something has been tried: no reference is named again."""
    other = replace(BUILDINGS, id="building-2", title_zh="另一份建筑")
    layers += [LayerDatum(layer=BUILDINGS), LayerDatum(layer=other)]

    def answer(request: Any) -> Any:
        found = msgspec.convert(unclear(request), DatumCheck)
        layers[:] = [replace(e, check=found) if e.layer.id == found.layer else e for e in layers]
        return msgspec.to_builtins(found)

    backend.answer("POST", r"/datums/checks", answer)
    ledger._desk.load()
    console.clock.advance(0.5)
    ledger.findChild(RecordTable).select_key("building")
    for _ in range(2):
        press(ledger, "实测")
        console.clock.advance(0.5)
        assert "另一份建筑数据" in texts(ledger)
        assert "可改用" not in texts(ledger)


def test_vector_tiles_are_measured_by_their_roads_and_put_right(
    ledger: Any,
    console: Console,
    own: Own,
    roads: tuple[LayerPackage, LayerPackage],
    tmp_path: Path,
    qtbot: Any,
) -> None:
    """An archive of the web's shifted map; and no layer is measured against its tiles."""
    shifted = placed(roads[0], "wgs84", "gcj02")
    console.map.layers.fetched["tiles"] = tiled(tmp_path / "a.pmtiles", shifted)
    show(console, own, own_layer("tiles", None, kind=TILES, may_be=("wgs84", "gcj02")))
    assert line(ledger, "tiles")[2] == "未实测"
    press(ledger, "全部实测")
    measured(console, qtbot, ledger, "tiles")
    found = line(ledger, "tiles")
    assert 300 < float(found[1]) < 700
    assert found[2:4] == ["疑似漏做一次 GCJ-02 纠偏", "道路"]
    ledger.findChild(RecordTable).select_key("tiles")
    press(ledger, "改按此基准解读")
    assert own.asked == [("tiles", "gcj02")]
    references = ledger.findChild(QComboBox)
    assert "tiles" not in [references.itemText(at) for at in range(references.count())]


def test_tiles_that_have_not_been_fetched_say_what_to_do(
    ledger: Any, console: Console, own: Own, tmp_path: Path, qtbot: Any
) -> None:
    console.map.layers.fetched["tiles"] = str(tmp_path)
    show(console, own, own_layer("tiles", None, kind=TILES))
    ledger.findChild(RecordTable).select_key("tiles")
    press(ledger, "实测")
    measured(console, qtbot, ledger, "tiles")
    assert line(ledger, "tiles")[2] == "与参照图层无重叠，或点位太少"
    assert "放大到街道后再实测" in texts(ledger)


def test_layers_of_one_name_are_told_apart(ledger: Any, console: Console, own: Own) -> None:
    served = own_layer("a", None, title="道路", origin="https://maps.example/ogc")
    show(console, own, served, own_layer("b", None, title="道路"), own_layer("c", None, title="水系"))
    titles = [found[0] for found in rows(ledger)]
    assert titles[:4] == ["道路", "道路 · maps.example", "道路 · b.gpkg", "水系"]
