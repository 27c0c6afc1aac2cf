"""The datum ledger's panels: what they show, measuring with progress and stop, putting right, entering."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
)

from console.model.datum_checks import CheckState, DatumCheck, DatumLedger, DatumTrial, FeedDatum, LayerDatum
from console.model.local_datums import LocalDatum
from console.model.records import LayerInfo
from console.sdk import BackendAway, Rejected
from console.sdk.ui import RecordTable
from console.tasks.pending import Pending
from console.testing import Console, MemoryBackend

ONLY_ROADS = "道路只能与另一份道路比对：请在“数据源”中打开一份道路数据。"
LEDGER, LOCAL = "onemap.datums.ledger", "onemap.datums.local"


def layer(
    layer_id: str, title: str, kind: str = "road", datum: str = "wgs84", known: str = "declared"
) -> LayerInfo:
    return LayerInfo(
        id=layer_id,
        title_zh=title,
        title_en=layer_id.title(),
        kind=kind,
        count=1234,
        bounds=(121.4, 31.1, 121.6, 31.3),
        datum=datum,
        datum_known=known,
        version="1",
    )


def check(layer_id: str, state: CheckState, datum: str = "", residual: float | None = None) -> DatumCheck:
    return DatumCheck(
        layer=layer_id,
        reference="road",
        state=state,
        datum=datum,
        residual=residual,
        residual_90=residual,
        after=0.4 if residual is not None else None,
        samples=3000,
        trials=(
            DatumTrial(datum="wgs84", near=0.21, median=34.2),
            DatumTrial(datum="gcj02", near=0.97, median=0.4),
        ),
        at=1_790_000_000.0,
        by="张工",
    )


LAYERS = (
    layer("road", "道路"),
    layer("other", "外来道路", known="guessed"),
    layer("poi", "兴趣点", "poi", datum="EPSG:4549"),
    layer("grid", "网格", "grid"),
)
CITY = LocalDatum(name="city", title_zh="城建坐标", title_en="City plane", crs="EPSG:2437")
FEEDS = (FeedDatum(id="osmand", title_zh="手机", title_en="Phones", datum="wgs84", datum_known="declared"),)


class Ledger:
    """The backend's ledger; measuring finds what the test says."""

    def __init__(self, backend: MemoryBackend) -> None:
        self.layers = {info.id: LayerDatum(layer=info) for info in LAYERS}
        self.locals: tuple[LocalDatum, ...] = (CITY,)
        self.found: dict[str, Any] = {}
        backend.answer("GET", r"/datums", lambda _request: self.whole())
        backend.answer("POST", r"/datums/checks", self.measure)

    def whole(self) -> Any:
        ledger = DatumLedger(layers=tuple(self.layers.values()), feeds=FEEDS, locals=self.locals)
        return msgspec.to_builtins(ledger)

    def measure(self, request: Any) -> Any:
        layer_id = request.body["layer"]
        found = self.found.get(layer_id) or check(layer_id, CheckState.FITS, "wgs84", 0.4)
        if isinstance(found, DatumCheck):
            self.layers[layer_id] = replace(self.layers[layer_id], check=found)
            return msgspec.to_builtins(found)
        return found


@pytest.fixture
def ledger(backend: MemoryBackend) -> Ledger:
    return Ledger(backend)


@pytest.fixture
def datums(activate: Callable[..., Console], ledger: Ledger) -> Console:
    return activate("datums")


def rows(widget: Any) -> list[list[str]]:
    table = widget.findChild(RecordTable)
    model = table.view.model()
    return [
        [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def press(widget: Any, text: str) -> None:
    (button,) = [b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(widget)]
    assert button.isEnabled(), text
    button.click()


def texts(widget: Any) -> str:
    QApplication.processEvents()  # what was laid out anew is shown by an event
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def open_ledger(console: Console, panel: Callable[[str], Any]) -> Any:
    widget = panel(LEDGER)
    console.clock.advance(0.2)
    return widget


def test_every_layer_and_feed_has_its_line(datums: Console, panel: Callable[[str], Any]) -> None:
    assert rows(open_ledger(datums, panel)) == [
        ["道路", "", ONLY_ROADS, "", "WGS 84", "已声明"],
        ["外来道路", "", "未实测", "", "WGS 84", "默认推测"],
        ["兴趣点", "", "未实测", "", "CGCS2000 3 度带，中央经线 120°E", "已声明"],
        ["网格", "", "未实测", "", "WGS 84", "已声明"],
        ["手机", "", "当前经此上报的设备不足 30 台", "", "WGS 84", "已声明"],
    ]


@pytest.mark.parametrize(
    ("was", "found", "words"),
    [
        ("wgs84", "gcj02", "疑似漏做一次 GCJ-02 纠偏"),
        ("cgcs2000", "gcj02", "疑似漏做一次 GCJ-02 纠偏"),
        ("EPSG:4549", "gcj02", "疑似漏做一次 GCJ-02 纠偏"),
        ("gcj02", "gcj02+gcj02", "疑似多做一次 GCJ-02 偏移"),
        ("gcj02", "wgs84", "疑似误做了一次 GCJ-02 纠偏"),
        ("wgs84", "wgs84-gcj02", "疑似多做一次 GCJ-02 纠偏"),
        ("gcj02+gcj02", "gcj02", "按 GCJ-02（高德、腾讯） 解读则吻合"),
    ],
)
def test_what_happened_is_said_in_words(
    datums: Console, panel: Callable[[str], Any], ledger: Ledger, was: str, found: str, words: str
) -> None:
    wrong = replace(LAYERS[1], datum=was)
    ledger.layers["other"] = LayerDatum(layer=wrong, check=check("other", CheckState.SHIFTED, found, 512.3))
    line = rows(open_ledger(datums, panel))[1]
    assert line[1:3] == ["512", words]


def test_all_are_measured_against_the_roads(
    datums: Console, panel: Callable[[str], Any], ledger: Ledger, backend: MemoryBackend
) -> None:
    ledger.found["other"] = check("other", CheckState.SHIFTED, "gcj02", 512.3)
    ledger.found["grid"] = check("grid", CheckState.UNCLEAR)
    widget = open_ledger(datums, panel)
    assert widget.findChild(QComboBox).currentText() == "逐层自动选择最合适的"
    press(widget, "全部实测")
    datums.clock.advance(1.0)
    asked = [request.body for request in backend.requests if request.path == "/datums/checks"]
    assert asked == [{"layer": name, "reference": "road"} for name in ("other", "poi", "grid")]
    assert [line[1:4] for line in rows(widget)][:4] == [
        ["", ONLY_ROADS, ""],
        ["512", "疑似漏做一次 GCJ-02 纠偏", "道路"],
        ["0.4", "与参照图层吻合", "道路"],
        ["", "无法判定：没有明显吻合的基准", "道路"],
    ]
    assert not widget.findChild(QProgressBar).isVisibleTo(widget)


def test_measuring_can_be_stopped_and_what_came_stays(
    datums: Console, panel: Callable[[str], Any], backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    never: Future[Any] = Future()
    ask = backend.post

    def post(path: str, body: Any = None) -> Pending[Any]:
        return Pending(never) if body and body.get("layer") == "poi" else ask(path, body)

    monkeypatch.setattr(backend, "post", post)
    widget = open_ledger(datums, panel)
    press(widget, "全部实测")
    datums.clock.advance(0.2)
    bar = widget.findChild(QProgressBar)
    assert bar.isVisibleTo(widget) and bar.value() == 33
    press(widget, "停止")
    datums.clock.advance(0.2)
    assert not bar.isVisibleTo(widget)
    assert [line[2] for line in rows(widget)][1:3] == ["与参照图层吻合", "未实测"]
    press(widget, "全部实测")


def test_a_layer_is_measured_by_enter_and_shown_in_full(
    datums: Console, panel: Callable[[str], Any], ledger: Ledger, qtbot: Any
) -> None:
    ledger.found["other"] = check("other", CheckState.SHIFTED, "gcj02", 512.3)
    widget = open_ledger(datums, panel)
    table = widget.findChild(RecordTable)
    table.select_key("other")
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    datums.clock.advance(0.5)
    shown = texts(widget)
    assert "外来道路" in shown and "512 米" in shown and "3,000" in shown and "张工" in shown
    assert "21 % 吻合，中位偏差 34 米" in shown and "97 % 吻合，中位偏差 0.4 米" in shown


def test_the_datum_that_was_found_is_offered_and_the_job_followed(
    datums: Console, panel: Callable[[str], Any], ledger: Ledger, backend: MemoryBackend
) -> None:
    ledger.layers["other"] = replace(
        ledger.layers["other"], check=check("other", CheckState.SHIFTED, "gcj02", 512.3)
    )
    answers = iter(["running", "done"])
    job = {"id": "j1", "state": "running", "progress": 0.0, "text": "", "error": "", "error_en": ""}
    backend.answer("POST", r"/layers/other/datum", job)
    backend.answer("GET", r"/imports/j1", lambda _request: job | {"state": next(answers)})
    widget = open_ledger(datums, panel)
    widget.findChild(RecordTable).select_key("other")
    press(widget, "改按此基准解读")
    ledger.layers["other"] = LayerDatum(layer=replace(LAYERS[1], datum="gcj02", datum_known="detected"))
    for _ in range(5):
        datums.clock.advance(1.0)
    (asked,) = [request.body for request in backend.requests if request.path == "/layers/other/datum"]
    assert asked == {"datum": "gcj02"}
    assert rows(widget)[1] == ["外来道路", "", "未实测", "", "GCJ-02（高德、腾讯）", "已实测"]


def test_what_the_user_may_not_do_is_not_offered(
    datums: Console, panel: Callable[[str], Any], backend: MemoryBackend
) -> None:
    backend.rights = {"layers.read"}
    widget = open_ledger(datums, panel)
    widget.findChild(RecordTable).select_key("other")
    buttons = {b.text(): b for b in widget.findChildren(QPushButton)}
    assert not buttons["全部实测"].isEnabled() and not buttons["实测"].isEnabled()
    assert not buttons["改按此基准解读"].isVisibleTo(widget)


def test_areas_say_that_they_are_imported_anew(datums: Console, panel: Callable[[str], Any]) -> None:
    widget = open_ledger(datums, panel)
    widget.findChild(RecordTable).select_key("grid")
    assert "重新导入原文件" in texts(widget)
    assert not any(
        b.text() == "改按此基准解读" and b.isVisibleTo(widget) for b in widget.findChildren(QPushButton)
    )


def test_a_backend_that_is_away_is_said_in_the_empty_table(
    datums: Console, panel: Callable[[str], Any], backend: MemoryBackend
) -> None:
    backend.answer("GET", r"/datums", BackendAway("后端未连接"))
    assert "无法显示台账" in texts(open_ledger(datums, panel))


def test_a_local_datum_is_entered_with_seven_parameters(
    datums: Console, panel: Callable[[str], Any], ledger: Ledger, backend: MemoryBackend
) -> None:
    backend.answer("PUT", r"/datums/local/suzhou", None)
    widget = panel(LOCAL)
    datums.clock.advance(0.2)
    assert rows(widget) == [["city", "城建坐标"]]
    press(widget, "新建")
    name, title, _, crs = widget.findChildren(QLineEdit)[:4]
    name.setText("suzhou")
    press(widget, "保存")
    assert not [r for r in backend.requests if r.method == "PUT"], "title and plane are missing"
    title.setText("苏州坐标")
    crs.setText("EPSG:2437")
    boxes = {box.accessibleName(): box for box in widget.findChildren(QDoubleSpinBox)}
    boxes["X 平移，米"].setValue(15.8)
    boxes["绕 Z 旋转，″"].setValue(2.1)
    press(widget, "保存")
    datums.clock.advance(0.2)
    (sent,) = [r.body for r in backend.requests if r.method == "PUT"]
    assert sent["crs"] == "EPSG:2437" and sent["similarity"] is None
    assert (sent["helmert"]["dx"], sent["helmert"]["rz"]) == (15.8, 2.1)
    assert sent["helmert"]["rotation"] == "position_vector"


def test_a_refused_datum_stays_in_the_form_and_the_reason_is_told(
    datums: Console, panel: Callable[[str], Any], backend: MemoryBackend
) -> None:
    backend.answer("PUT", r"/datums/local/city", Rejected("坐标基准参数有误"))
    widget = panel(LOCAL)
    datums.clock.advance(0.2)
    widget.findChild(RecordTable).select_key("city")
    press(widget, "保存")
    datums.clock.advance(0.2)
    assert any("坐标基准参数有误" in notice.detail for notice in datums.notifications)
    assert widget.findChildren(QLineEdit)[0].text() == "city"
