"""The QGIS plugin with a real QGIS: open by path and drop, check marks, identify, tools, and no QGIS."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyogrio import raw
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QTreeWidgetItem,
    QWidget,
)

from console.sdk import QgisState
from console.sdk.ui import SearchField
from console.tasks.pending import settled
from console.testing import Console
from tests.map.qgis.conftest import SOON

Panel = Callable[[str], Any]


def press(widget: QWidget, text: str) -> None:
    next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible()).click()


def part(widget: QWidget, name: str) -> Any:
    """A widget of the plugin's own; its classes are made anew with each activation."""
    return next(child for child in widget.findChildren(QWidget) if type(child).__name__ == name)


def titles(tree: Any) -> list[str]:
    def walk(item: QTreeWidgetItem) -> list[str]:
        own = [item.child(i) for i in range(item.childCount())]
        return [title for child in own for title in (child.text(0), *walk(child))]

    return walk(tree.invisibleRootItem())


def shown_text(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def open_city(widget: QWidget, path: Path, qtbot: Any) -> Any:
    field, tree = widget.findChild(QLineEdit), part(widget, "ProjectTree")
    assert field is not None
    field.setText(str(path))
    field.returnPressed.emit()
    qtbot.waitUntil(lambda: "建筑" in titles(tree), timeout=SOON)
    return tree


def test_a_project_is_opened_by_its_path_and_kept_for_the_next_time(
    with_qgis: Console, panel: Panel, city: Path, qtbot: Any
) -> None:
    widget = panel("onemap.qgis.project")
    tree = open_city(widget, city, qtbot)
    assert titles(tree) == ["交通", "道路", "建筑", "丢失的图层"]
    assert with_qgis.host.settings.get("onemap.qgis", "project") == str(city)
    lost = tree.topLevelItem(2)
    assert lost is not None and "数据源无法读取" in lost.toolTip(0)
    group = tree.topLevelItem(0)
    assert group is not None
    group.setCheckState(0, Qt.CheckState.Unchecked)
    assert not with_qgis.qgis.tree[0].checked
    tree.setCurrentItem(tree.topLevelItem(1))
    tree.show_current()
    west, south, _, _ = with_qgis.map.bounds()
    assert (round(west, 1), round(south, 1)) == (113.9, 22.5)


def test_files_are_dropped(with_qgis: Console, panel: Panel, city: Path, qtbot: Any) -> None:
    widget = panel("onemap.qgis.project")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(city.parent / "roads.gpkg"))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    widget.dropEvent(event)
    tree = part(widget, "ProjectTree")
    qtbot.waitUntil(lambda: titles(tree) == ["roads"], timeout=SOON)


def test_what_goes_wrong_is_told_in_the_panel(
    with_qgis: Console, panel: Panel, tmp_path: Path, qtbot: Any
) -> None:
    widget = panel("onemap.qgis.project")
    field = widget.findChild(QLineEdit)
    field.setText(str(tmp_path / "none.qgz"))
    field.returnPressed.emit()
    qtbot.waitUntil(lambda: "none.qgz" in shown_text(widget), timeout=SOON)


def test_a_place_is_asked_about(
    with_qgis: Console, panel: Panel, city: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = panel("onemap.qgis.project")
    open_city(widget, city, qtbot)
    _, _, shapes, values = raw.read(city.parent / "buildings.geojson", max_features=1)
    inside = shapely.from_wkb(shapes[0]).representative_point()
    answers = [(inside.x, inside.y), None]
    monkeypatch.setattr(with_qgis.map, "pick_point", lambda prompt: settled(answers.pop(0)))
    with_qgis.run("onemap.qgis.identify")
    found = part(widget, "FoundTree")
    qtbot.waitUntil(lambda: found.isVisible() and found.topLevelItemCount() > 0, timeout=SOON)
    attributes = found.topLevelItem(0)
    assert (attributes.child(0).text(0), attributes.child(0).text(1)) == ("id", values[0][0])


def test_a_dead_qgis_is_told_and_comes_back(with_qgis: Console, panel: Panel, city: Path, qtbot: Any) -> None:
    widget = panel("onemap.qgis.project")
    tree = open_city(widget, city, qtbot)
    qgis: Any = with_qgis.qgis
    os.kill(qgis._client.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: qgis.state is QgisState.BROKEN, timeout=SOON)
    assert titles(tree), "the tree stays"
    qtbot.waitUntil(lambda: qgis.state is QgisState.READY, timeout=SOON)
    with_qgis.run("onemap.qgis.restart")
    qtbot.waitUntil(lambda: qgis.state is QgisState.BROKEN, timeout=SOON)
    qtbot.waitUntil(lambda: qgis.state is QgisState.READY and "建筑" in titles(tree), timeout=SOON)


@pytest.fixture
def toolbox(with_qgis: Console, panel: Panel, city: Path, qtbot: Any) -> Any:
    """The toolbox beside an open project, its tools listed."""
    open_city(panel("onemap.qgis.project"), city, qtbot)
    widget = panel("onemap.qgis.toolbox")
    tools = widget.findChild(QListWidget)
    qtbot.waitUntil(lambda: tools.count() > 200, timeout=SOON)
    return widget


def choose(toolbox: QWidget, query: str, title: str, qtbot: Any) -> Any:
    search, tools = toolbox.findChild(SearchField), toolbox.findChild(QListWidget)
    assert search is not None and tools is not None
    search.setText(query)
    search.returnPressed.emit()
    qtbot.waitUntil(lambda: tools.item(0).text().startswith(f"{title}\n"), timeout=SOON)
    tools.itemActivated.emit(tools.item(0))
    return part(toolbox, "ToolForm")


def test_tools_are_found_by_chinese_pinyin_and_english(toolbox: Any, qtbot: Any) -> None:
    for query in ("缓冲区", "huanchongqu", "hcq", "native:buffer", "Buffer"):
        choose(toolbox, "native:hillshade", "山体阴影", qtbot)
        choose(toolbox, query, "缓冲区", qtbot)


def test_a_tool_is_filled_in_run_and_its_result_is_a_layer(
    toolbox: Any, with_qgis: Console, city: Path, qtbot: Any
) -> None:
    form = choose(toolbox, "缓冲区", "缓冲区", qtbot)
    layers = form.editor("INPUT")
    assert isinstance(layers, QComboBox)
    assert [layers.itemText(i) for i in range(layers.count())] == ["道路", "建筑"]
    layers.setCurrentText("建筑")
    distance, segments, dissolve = (form.editor(n) for n in ("DISTANCE", "SEGMENTS", "DISSOLVE"))
    assert isinstance(distance, QDoubleSpinBox) and distance.value() == 10
    assert isinstance(segments, QSpinBox) and segments.minimum() == 1
    assert isinstance(dissolve, QCheckBox) and isinstance(form.editor("JOIN_STYLE"), QComboBox)
    assert "单位为度" in shown_text(toolbox), "ten degrees are far"
    distance.setValue(0.0002)
    press(toolbox, "运行")
    qtbot.waitUntil(lambda: "完成。" in shown_text(toolbox), timeout=SOON)
    assert with_qgis.qgis.tree[0].title == "缓冲区"
    assert layers.count() == 3, "the result can be the next input"
    assert layers.currentText() == "建筑"


def test_a_tool_is_stopped_and_may_run_again(
    toolbox: Any, with_qgis: Console, shared_data: Path, qtbot: Any
) -> None:
    form = choose(toolbox, "缓冲区", "缓冲区", qtbot)
    layers: Any = form.editor("INPUT")
    layers.setCurrentText(str(shared_data / "nanshan-building.geojson"))
    for name, value in (("DISTANCE", 0.001), ("SEGMENTS", 400)):
        editor: Any = form.editor(name)
        editor.setValue(value)
    press(toolbox, "运行")
    assert "正在运行" in shown_text(toolbox)
    press(toolbox, "停止")
    assert "已停止" in shown_text(toolbox)


def test_what_a_tool_lacks_is_named(toolbox: Any, qtbot: Any) -> None:
    form = choose(toolbox, "native:reclassifybylayer", "Reclassify by layer", qtbot)
    assert form.lacking()
    press(toolbox, "运行")
    assert "尚未填写" in shown_text(toolbox)


def test_every_tool_has_a_form(toolbox: Any, with_qgis: Console, qtbot: Any) -> None:
    """Whatever QGIS asks for, there is a field for it, and its value can be sent."""
    tools = toolbox.findChild(QListWidget)
    for place in range(0, tools.count(), 4):
        tools.itemActivated.emit(tools.item(place))
        form = part(toolbox, "ToolForm")
        assert isinstance(form.values(), dict)


def test_without_qgis_the_panels_say_what_to_install(
    console_with: Callable[..., Console], panel: Panel, qtbot: Any
) -> None:
    console_with("/nowhere/python3")
    widget = panel("onemap.qgis.project")
    qtbot.waitUntil(lambda: "本机未安装 QGIS" in shown_text(widget), timeout=SOON)
    assert shown_text(widget).count("apt-get install") == 1, "told once"
    assert "apt-get install --no-install-recommends python3-qgis qgis-providers" in shown_text(widget)
    press(widget, "复制命令")
    assert QGuiApplication.clipboard().text().startswith("sudo apt-get install")
    toolbox = panel("onemap.qgis.toolbox")
    qtbot.waitUntil(lambda: "没有可用工具" in shown_text(toolbox), timeout=SOON)
