"""Data sources: opened, asked about, watched, remembered."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableView,
    QWidget,
)

from console.model.layers import FeatureShape
from console.sdk import Text
from console.sdk.datums import OwnLayers
from console.sdk.files import (
    FileLayers,
    FileOptions,
    FilePackage,
    FileTrouble,
    LeftOut,
    Sublayer,
    Wanted,
)
from console.sdk.records import LocalDatum
from console.testing import Console

PANEL = "onemap.sources.sources"
Activate = Callable[..., Console]


def layers(*names: str, version: str = "v1", count: int = 12, **more: Any) -> FileLayers:
    def sublayer(name: str) -> Sublayer:
        fields = ("id",)
        return Sublayer(
            name=name,
            title=Text(name, name),
            features=count,
            geometry="Point",
            crs="EPSG:4326",
            fields=fields,
        )

    def package(at: int, name: str) -> FilePackage:
        bounds = (117.0 + at, 34.0, 117.2 + at, 34.2)
        return FilePackage(
            path=f"/cache/{at}.oml", sublayer=name, shape=FeatureShape.POINT, features=count, bounds=bounds
        )

    given: dict[str, Any] = {"datum": "wgs84", "datum_known": "guessed", "taken": FileOptions()} | more
    return FileLayers(
        version=version,
        sublayers=tuple(map(sublayer, names)),
        packages=tuple(package(at, name) for at, name in enumerate(names)),
        **given,
    )


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "井盖.gpkg"
    path.write_bytes(b"x" * 2500)
    return str(path)


def source_layers(console: Console) -> dict[str, Any]:
    return {key: layer for key, layer in console.map.layers_by_id.items() if key.startswith("source:")}


def rows(panel: QWidget) -> list[list[str]]:
    model = panel.findChild(QTableView).model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def texts(panel: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def press(panel: QWidget, text: str) -> None:
    QApplication.processEvents()
    found = next(b for b in panel.findChildren(QPushButton) if b.text() == text and b.isVisible())
    found.click()


def test_a_dropped_file_is_on_the_map_and_looked_at(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers(
        "井盖", left_out=(LeftOut(reason=Text("几何损坏", "broken geometry"), count=3),)
    )
    widget = panel(PANEL)
    assert "暂无数据源" in texts(widget)
    console.map.drop(file)
    (layer,) = source_layers(console).values()
    assert layer.asked["packages"] == ["/cache/0.oml"]
    assert layer.asked["version"] == "v1" and layer.asked["title"].zh_CN == "井盖"
    assert console.map.center == (117.1, 34.1)
    assert rows(widget) == [["井盖", "12", "已显示"]]
    said = texts(widget)
    assert "WGS84 · 推测" in said and "2.5 kB" in said and "几何损坏 3" in said and file in said


def test_each_sublayer_is_a_layer_of_its_own(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖", "管线")
    console.map.drop(file)
    titles = [layer.asked["title"].zh_CN for layer in source_layers(console).values()]
    assert titles == ["井盖 · 井盖", "井盖 · 管线"]
    assert console.map.center == (117.6, 34.1)
    panel(PANEL).findChild(QTableView).selectRow(0)
    assert console.map.layers.chosen in source_layers(console), "its style is at hand"


def test_what_is_opened_last_lies_on_top(activate: Activate, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖", "管线")
    console.files.answers["/tmp/b.kml"] = layers("点", "线")
    console.map.drop(file, "/tmp/b.kml")
    titles = [layer.asked["title"].zh_CN for layer in source_layers(console).values()]
    assert titles == ["b · 点", "b · 线", "井盖 · 井盖", "井盖 · 管线"]


def test_a_typed_path_is_opened_and_one_that_is_not_there_is_told(
    activate: Activate, panel: Any, file: str
) -> None:
    console = activate("sources")
    widget = panel(PANEL)
    field = widget.findChild(QLineEdit)
    field.setText(f' "{file}.no" ')
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == ""
    assert rows(widget)[0][2] == "无法读取"
    assert f"没有 {file}.no" in texts(widget)
    console.files.answers[file] = layers("井盖")
    field.setText(file)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [row[2] for row in rows(widget)] == ["无法读取", "已显示"]


def test_what_cannot_be_known_is_asked_in_the_panel(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    table = Sublayer(name="表", title=Text("表", "表"), features=1, geometry="", crs="", fields=("甲", "乙"))
    console.files.answers[file] = FileTrouble(
        message=Text("找不到坐标列", "no columns"), wants=(Wanted.COLUMNS,), sublayers=(table,)
    )
    widget = panel(PANEL)
    console.map.drop(file)
    assert "找不到坐标列" in texts(widget)
    combos = {combo.accessibleName(): combo for combo in widget.findChildren(QComboBox)}
    assert [combos["经度或 X 列"].itemText(at) for at in range(3)] == ["按列名识别", "甲", "乙"]
    combos["经度或 X 列"].setCurrentText("甲")
    combos["纬度或 Y 列"].setCurrentText("乙")
    combos["坐标基准"].setEditText("EPSG:4549")
    console.files.answers[file] = layers("表", datum="EPSG:4549", datum_known="declared")
    press(widget, "按此读取")
    assert console.files.asked[-1] == (file, FileOptions(x="甲", y="乙", datum="EPSG:4549"))
    assert len(source_layers(console)) == 1
    assert "EPSG:4549 · 已声明" in texts(widget)
    QApplication.processEvents()
    assert not [c for c in widget.findChildren(QComboBox) if c.isVisible()], "the form is away again"


def test_sublayers_can_be_chosen_and_zones_are_offered(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖", "管线")
    widget = panel(PANEL)
    console.map.drop(file)
    next(a for a in widget.findChildren(QWidget) if a.accessibleName().startswith("读取方式")).click()
    boxes = widget.findChild(QListWidget)
    assert [boxes.item(row).text() for row in range(2)] == ["井盖 (12)", "管线 (12)"]
    boxes.item(0).setCheckState(Qt.CheckState.Unchecked)
    datum = next(c for c in widget.findChildren(QComboBox) if c.accessibleName() == "坐标基准")
    datum.setCurrentIndex(datum.findText("CGCS2000 3 度带，中央经线 117°E"))
    press(widget, "按此读取")
    assert console.files.asked[-1] == (file, FileOptions(sublayers=("管线",), datum="EPSG:4548"))


def test_reading_shows_its_progress_and_can_be_stopped(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = None
    widget = panel(PANEL)
    console.map.drop(file)
    console.files.report(file, 0.42)
    assert rows(widget)[0][2] == "读取 42 %"
    view = widget.findChild(QTableView)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    if rows(widget)[0][2] != "已取消":  # a shortcut needs an active window
        next(a for a in widget.findChildren(QWidget) if a.accessibleName().startswith("停止读取")).click()
    assert rows(widget)[0][2] == "已取消"
    assert not source_layers(console)


def test_a_changed_file_is_read_again_once_it_rests(activate: Activate, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖")
    console.map.drop(file)
    Path(file).write_bytes(b"y" * 100)
    console.files.answers[file] = layers("井盖", version="v2")
    console.clock.advance(5.1)
    assert next(iter(source_layers(console).values())).asked["version"] == "v1"
    console.clock.advance(5.1)
    assert [layer.asked["version"] for layer in source_layers(console).values()] == ["v2"]
    center = console.map.center
    os.utime(file, (1, 1))
    console.clock.advance(15)
    assert console.map.center == center, "the view stays when a file is read again"


def test_a_file_that_is_gone_stays_on_the_map_and_is_told(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖")
    widget = panel(PANEL)
    console.map.drop(file)
    Path(file).unlink()
    console.clock.advance(5.1)
    assert rows(widget)[0][2] == "文件已不在"
    assert "显示的是上次读取的内容" in texts(widget)
    assert len(source_layers(console)) == 1


def test_sources_are_remembered_with_what_was_declared(
    activate: Activate, console: Console, tmp_path: Path, file: str
) -> None:
    kept = tmp_path / "console" / "data"
    console = activate("sources")
    console.files.answers[file] = layers("井盖")
    console.map.drop(file)
    (path,) = kept.rglob("sources.json")
    (row,) = json.loads(path.read_text("utf-8"))
    row["options"] = {"datum": "gcj02", "sublayers": ["井盖"]}
    path.write_text(json.dumps([row, {"rubbish": 1}, {**row, "id": "x", "kind": "unknown"}]), "utf-8")
    center = console.map.center = (0.0, 0.0)
    console.host.deactivate("onemap.sources")
    assert not source_layers(console)
    console.host.activate("onemap.sources")
    assert console.files.asked[-1] == (file, FileOptions(datum="gcj02", sublayers=("井盖",)))
    assert len(source_layers(console)) == 1
    assert console.map.center == center


def test_removing_takes_the_layers_away_and_can_be_undone(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖")
    widget = panel(PANEL)
    console.map.drop(file)
    next(a for a in widget.findChildren(QWidget) if a.accessibleName().startswith("从地图和列表移除")).click()
    assert not source_layers(console) and rows(widget) == []
    assert Path(file).exists()
    notice = console.notifications[-1]
    assert notice.action is not None and "文件保留" in notice.text
    notice.action[1]()
    assert len(source_layers(console)) == 1 and len(rows(widget)) == 1


def test_the_same_file_again_is_read_again(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖")
    widget = panel(PANEL)
    console.map.drop(file)
    console.map.drop(file)
    assert len(rows(widget)) == 1 and len(console.files.asked) == 2 and len(source_layers(console)) == 1


def test_files_dropped_onto_the_panel(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖")
    widget = panel(PANEL)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(file)])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), copy, data, left, none))
    assert len(source_layers(console)) == 1


def test_files_are_chosen_without_holding_anything_up(
    activate: Activate, panel: Any, file: str, qtbot: Any
) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖")
    panel(PANEL)
    console.run("onemap.sources.open")  # returns at once

    def dialogs() -> list[QFileDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()]

    qtbot.waitUntil(lambda: len(dialogs()) == 1, timeout=20_000)
    (dialog,) = dialogs()
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([file])
    assert len(source_layers(console)) == 1
    console.host.deactivate("onemap.sources")
    qtbot.waitUntil(lambda: not dialogs(), timeout=20_000)


def test_the_list_is_painted_anew_when_a_source_has_been_read(
    activate: Activate, panel: Any, file: str, qtbot: Any
) -> None:
    """The share that was read would stay on the screen for ever."""
    console = activate("sources")
    console.files.answers[file] = None
    widget = panel(PANEL)
    console.map.drop(file)
    console.clock.advance(0.2)
    assert rows(widget)[0][2] == "读取中"
    model = widget.findChild(QTableView).model()
    with qtbot.waitSignal(model.dataChanged, timeout=20_000):
        console.files.report(file, 0.4)
    assert rows(widget)[0][2] == "读取 40 %"
    with qtbot.waitSignal(model.dataChanged, timeout=20_000):
        console.files.reading[file].set_result(layers("井盖"))
        console.clock.advance(0.2)
    assert rows(widget)[0][2] == "已显示"


def test_the_ledger_is_told_of_what_is_on_the_map(activate: Activate, file: str) -> None:
    console = activate("sources")
    own: OwnLayers = console.host.services.get("own_layers")
    heard: list[int] = []
    undo = own.on_change(lambda: heard.append(len(own.all())))
    console.files.answers[file] = layers("井盖")
    console.map.drop(file)
    (line,) = own.all()
    assert (line.title, line.datum, line.known, line.features) == ("井盖", "wgs84", "guessed", 12)
    assert line.id in source_layers(console) and line.packages == ("/cache/0.oml",)
    console.files.answers[file] = layers("井盖", version="v2", datum="gcj02", datum_known="declared")
    own.read_as(line.id, "gcj02")
    console.clock.advance(0.2)
    assert console.files.asked[-1][1].datum == "gcj02"
    assert [(line.datum, line.version) for line in own.all()] == [("gcj02", "v2")]
    assert len(heard) == 3, "read, taken off while it is read again, read"
    undo()


def test_a_local_datum_is_offered_and_kept_with_the_file(activate: Activate, panel: Any, file: str) -> None:
    """So that the file opens without the backend, too."""
    console = activate("sources")
    city = LocalDatum(name="city", title_zh="城建坐标", title_en="City plane", crs="EPSG:2437")
    known: list[LocalDatum] = []
    handlers: list[Callable[[], None]] = []
    service = SimpleNamespace(all=lambda: known, on_change=lambda h: handlers.append(h) or (lambda: None))
    console.host.services.provide("local_datums", service)
    trouble = FileTrouble(message=Text("没有坐标系", "no system"), wants=(Wanted.DATUM,))
    console.files.answers[file] = trouble
    widget = panel(PANEL)
    console.map.drop(file)
    console.clock.advance(0.2)
    combo = next(c for c in widget.findChildren(QComboBox) if c.accessibleName() == "坐标基准")
    assert combo.findText("城建坐标") < 0
    known.append(city)
    for handler in handlers:
        handler()
    combo.setCurrentIndex(combo.findText("城建坐标"))
    console.files.answers[file] = layers("井盖", datum="local:city", datum_known="declared")
    press(widget, "按此读取")
    console.clock.advance(0.2)
    asked = console.files.asked[-1][1]
    assert (asked.datum, asked.local) == ("local:city", city)
    assert "城建坐标 · 已声明" in texts(widget)
    known.clear()
    console.host.services.get("own_layers").read_as(f"{next(iter(source_layers(console)))}", "local:city")
    console.clock.advance(0.2)
    assert console.files.asked[-1][1].local == city, "its definition was kept"


def test_what_ails_a_layer_on_the_map_is_told_in_the_list(activate: Activate, panel: Any, file: str) -> None:
    console = activate("sources")
    console.files.answers[file] = layers("井盖")
    widget = panel(PANEL)
    console.map.drop(file)
    (layer,) = source_layers(console)
    console.map.layers.ail(layer, "服务响应超时，正在重试。")
    assert rows(widget)[0][2] == "有故障"
    assert "服务响应超时" in texts(widget)
    console.map.layers.ail(layer, "")
    assert rows(widget)[0][2] == "已显示" and "服务响应超时" not in texts(widget)
