"""The attribute table: rows, filter, order, copy, export, and the feature on the map."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from console.model.layers import FeatureShape, LayerKind, LayerPackage, encode_package
from console.sdk import Text
from console.sdk.files import FileLayers, FileOptions, FilePackage, Sublayer
from console.sdk.ui import file_dialogs
from console.testing import Console

TABLE = "onemap.sources.attributes"
NAMES = ["中山北路", "解放路", "云龙湖"]
Open = Callable[[], Console]


def layers(folder: Path) -> FileLayers:
    """Three squares with a name and a height."""
    corners = [(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0)]
    package = LayerPackage(
        kind=LayerKind.OTHER,
        shape=FeatureShape.POLYGON,
        xy=np.array(
            [(1172000000 + x + n * 5000, 342600000 + y) for n in range(3) for x, y in corners], np.int32
        ),
        part_start=np.arange(0, 16, 5, dtype=np.int32),
        feature_start=np.arange(4, dtype=np.int32),
        columns={"名称": np.array([1, 2, 3], np.int32), "高度": np.array([30.0, 90.0, np.nan])},
        text_columns=("名称",),
        strings=["", *NAMES],
    )
    path = folder / "0.oml"
    path.write_bytes(encode_package(package))
    return FileLayers(
        version="v1",
        sublayers=(
            Sublayer(
                name="楼",
                title=Text("楼", "楼"),
                features=3,
                geometry="Polygon",
                crs="EPSG:4326",
                fields=("名称", "高度"),
            ),
        ),
        packages=(
            FilePackage(
                path=str(path),
                sublayer="楼",
                shape=FeatureShape.POLYGON,
                features=3,
                bounds=(117.2, 34.26, 117.21, 34.27),
            ),
        ),
        datum="wgs84",
        datum_known="declared",
        taken=FileOptions(),
    )


@pytest.fixture
def opened(activate: Callable[..., Console], tmp_path: Path) -> Open:
    def opened() -> Console:
        console = activate("sources")
        file = tmp_path / "楼.gpkg"
        file.touch()
        console.files.answers[str(file)] = layers(tmp_path)
        console.map.drop(str(file))
        return console

    return opened


def names(panel: QWidget) -> list[str]:
    model = panel.findChild(QTableView).model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def filter_by(panel: QWidget, line: str) -> None:
    field = next(f for f in panel.findChildren(QLineEdit) if f.accessibleName() == "筛选")
    field.setText(line)
    QTest.keyClick(field, Qt.Key.Key_Return)


def said(panel: QWidget) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel))


def test_all_features_in_the_order_of_the_file(opened: Open, panel: Any) -> None:
    opened()
    widget = panel(TABLE)
    model = widget.findChild(QTableView).model()
    titles = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    assert titles == ["名称", "高度"]
    assert names(widget) == NAMES
    assert [model.index(row, 1).data() for row in range(3)] == ["30", "90", ""]
    assert "3 / 3" in said(widget)
    assert widget.findChild(QComboBox).currentText() == "楼"


def test_filter_and_its_faults(opened: Open, panel: Any) -> None:
    opened()
    widget = panel(TABLE)
    filter_by(widget, '高度 > 50 或 名称 包含 "湖"')
    assert names(widget) == ["解放路", "云龙湖"] and "2 / 3" in said(widget)
    filter_by(widget, "路")
    assert names(widget) == ["中山北路", "解放路"]
    filter_by(widget, "高度 >")
    assert "无法理解" in said(widget)
    assert names(widget) == ["中山北路", "解放路"], "what was shown stays while the line is half typed"
    filter_by(widget, "宽度 > 50")
    assert "没有“宽度”这一列" in said(widget) and "相近的列：高度" in said(widget)
    assert names(widget) == [], "rows of before are no answer"
    filter_by(widget, "名称 > 50")
    assert "不能比较" in said(widget) and names(widget) == []
    filter_by(widget, "")
    assert names(widget) == NAMES


def test_order_by_a_click_on_the_header(opened: Open, panel: Any) -> None:
    opened()
    widget = panel(TABLE)
    header = widget.findChild(QTableView).horizontalHeader()
    header.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    assert names(widget) == ["解放路", "中山北路", "云龙湖"]
    filter_by(widget, "高度 < 100")
    assert names(widget) == ["解放路", "中山北路"]
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    assert names(widget) == ["中山北路", "解放路"]


def test_a_row_is_shown_on_the_map(opened: Open, panel: Any) -> None:
    console = opened()
    widget = panel(TABLE)
    view = widget.findChild(QTableView)
    view.activated.emit(view.model().index(1, 0))
    assert console.map.center == pytest.approx((117.20055, 34.26005))
    mark = console.layer("onemap.sources.looked_at")
    assert mark.shapes["row"][0].kind == "line"
    widget.hide()
    assert not mark.shapes, "the mark goes with the table"


def test_copy_and_export(opened: Open, panel: Any, qtbot: Any, monkeypatch: Any, tmp_path: Path) -> None:
    opened()
    widget = panel(TABLE)
    view = widget.findChild(QTableView)
    view.selectRow(1)
    next(a for a in view.actions() if a.shortcut().toString() == "Ctrl+C").trigger()
    assert QApplication.clipboard().text() == "名称\t高度\n解放路\t90"
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(file_dialogs, "last_folder", lambda: str(tmp_path / "out"))
    filter_by(widget, "路")
    export = next(b for b in widget.findChildren(QPushButton) if b.toolTip().startswith("导出当前"))
    for ending in (".csv", ".geojson", ".gpkg"):
        export.click()
        (dialog,) = [
            d for d in QApplication.topLevelWidgets() if isinstance(d, QFileDialog) and d.isVisible()
        ]
        assert Path(dialog.selectedFiles()[0]) == tmp_path / "out" / "楼.gpkg"
        path = tmp_path / "out" / f"楼{ending}"
        dialog.fileSelected.emit(str(path))
        dialog.close()
        qtbot.waitUntil(lambda path=path: path.is_file() and path.name in said(widget), timeout=30_000)
        if ending == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file))
            assert rows == [["名称", "高度"], ["中山北路", "30"], ["解放路", "90"]]
        else:
            meta, _, shapes, values = pyogrio.raw.read(path)
            assert (meta["crs"], values[0].tolist()) == ("EPSG:4326", ["中山北路", "解放路"])
            assert shapely.bounds(shapely.from_wkb(shapes))[0] == pytest.approx(
                (117.2, 34.26, 117.2001, 34.2601)
            )
    assert not list((tmp_path / "out").glob(".*"))


def test_nothing_to_show(activate: Callable[..., Console], panel: Any) -> None:
    activate("sources")
    widget = panel(TABLE)
    assert "暂无属性" in said(widget)
    assert widget.findChild(QTableView).model().rowCount(QModelIndex()) == 0


def test_a_removed_source_leaves_the_table(opened: Open, panel: Any) -> None:
    console = opened()
    widget = panel(TABLE)
    sources = panel("onemap.sources.sources")
    view = sources.findChild(QTableView)
    view.selectRow(0)
    next(
        a for a in sources.findChildren(QWidget) if a.accessibleName().startswith("从地图和列表移除")
    ).click()
    assert names(widget) == [] and "暂无属性" in said(widget)
    console.notifications[-1].action[1]()  # type: ignore[index]
    assert names(widget) == NAMES
