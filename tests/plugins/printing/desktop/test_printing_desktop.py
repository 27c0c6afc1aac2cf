"""The page of printing over a real map, and the export of the view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit

from console.map.live.shapes import ShapesLayer
from console.map.views.view import MapView
from console.sdk.saving import size_text, suggested_path
from console.testing import Console
from plugins.printing.desktop.preview import Preview
from plugins.printing.desktop.recipe import Recipe, recipe_from
from plugins.printing.desktop.room import FRAME
from plugins.printing.desktop.words import parse_scale
from tests.map.conftest import CENTER, until

PANEL = "onemap.printing.sheet"
SECONDS = 60.0


def button(widget: Any, text: str) -> QAbstractButton:
    return next(found for found in widget.findChildren(QAbstractButton) if found.text() == text)


def field(widget: Any, name: str) -> Any:
    found = [*widget.findChildren(QLineEdit), *widget.findChildren(QComboBox)]
    return next(part for part in found if part.accessibleName() == name)


def said(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def settle(console: Console, true: Callable[[], bool]) -> None:
    """Let events and what is due on the console's clock come until *true*."""

    def turned() -> bool:
        console.clock.advance(0.05)
        return true()

    until(turned, SECONDS)


def test_a_preview_without_room_for_it_says_so_and_comes_when_there_is_some(
    printing: Console, panel: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_given: Any) -> Any:
        raise OSError(ENOSPC, "No space left on device")

    facet: Any = printing.map
    with monkeypatch.context() as patch:
        patch.setattr(facet.printing, "preview", full)
        widget = panel(PANEL)
        preview = widget.findChild(Preview)
        settle(printing, lambda: preview.error != "")
        assert "No space left" in preview.error and preview.image is None
    preview.refresh()
    settle(printing, lambda: preview.image is not None)
    assert preview.error == ""


def test_a_sheet_is_seen_framed_and_printed(
    printing: Console, view: MapView, panel: Callable[[str], Any], tmp_path: Path
) -> None:
    widget = panel(PANEL)
    preview = widget.findChild(Preview)
    settle(printing, lambda: preview.image is not None)
    frame = view.tree.find(FRAME)
    assert frame is not None and frame.layer is not None and frame.layer.visible
    field(widget, "标题").setText("值班图")
    scale = field(widget, "比例尺")
    scale.lineEdit().setText("1：5000")
    QTest.keyClick(scale.lineEdit(), Qt.Key.Key_Return)
    assert scale.currentText() == "1:5,000"
    target = tmp_path / "图" / "值班图.pdf"
    field(widget, "文件").setText(str(target))
    button(widget, "打印").click()
    settle(printing, lambda: "已输出" in said(widget))
    assert target.read_bytes().startswith(b"%PDF")
    assert button(widget, "打开文件夹").isVisible()
    widget.hide()
    assert not frame.layer.visible


def test_the_file_is_called_as_the_sheet_until_the_user_names_it(
    printing: Console, panel: Callable[[str], Any], tmp_path: Path
) -> None:
    widget = panel(PANEL)
    title, file = field(widget, "标题"), field(widget, "文件")
    title.setText("防汛图")
    assert "防汛图" in Path(file.text()).name
    button(widget, "PNG").click()
    assert Path(file.text()).name.startswith("防汛图") and file.text().endswith(".png")
    file.setText(str(tmp_path / "mine.png"))
    title.setText("值班图")
    button(widget, "SVG").click()
    assert file.text() == str(tmp_path / "mine.svg")


def test_what_goes_wrong_is_said_and_can_be_done_again(
    printing: Console, panel: Callable[[str], Any], tmp_path: Path
) -> None:
    widget = panel(PANEL)
    (tmp_path / "file").write_text("no folder")
    field(widget, "文件").setText(str(tmp_path / "file" / "x.pdf"))
    button(widget, "打印").click()
    settle(printing, lambda: "未能打印" in said(widget))
    assert button(widget, "打印").isEnabled()
    assert button(widget, "取消").isHidden()


def test_printing_is_cancelled(printing: Console, panel: Callable[[str], Any], tmp_path: Path) -> None:
    widget = panel(PANEL)
    field(widget, "文件").setText(str(tmp_path / "x.png"))
    button(widget, "打印").click()
    assert not button(widget, "打印").isEnabled()
    button(widget, "取消").click()
    settle(printing, lambda: "已取消" in said(widget))
    assert not (tmp_path / "x.png").exists()
    assert button(widget, "打印").isEnabled()


def test_the_view_is_exported_with_one_key(
    printing: Console, panel: Callable[[str], Any], tmp_path: Path
) -> None:
    """Into the folder of the last print, in the colours of the screen."""
    widget = panel(PANEL)
    field(widget, "文件").setText(str(tmp_path / "a.svg"))
    button(widget, "打印").click()
    settle(printing, lambda: "已输出" in said(widget))
    printing.run("onemap.printing.view")
    settle(printing, lambda: any("已导出" in told.text for told in printing.notifications))
    (picture,) = tmp_path.glob("onemap-*.png")
    image = QImage(str(picture))
    assert image.width() == pytest.approx(400 / 25.4 * 144, abs=2)
    corner = image.pixelColor(image.width() // 2, image.height() // 3)
    assert corner.lightness() < 128, "the dark map"


def test_a_place_of_the_context_menu_is_the_middle(
    printing: Console, view: MapView, panel: Callable[[str], Any]
) -> None:
    panel(PANEL)
    view.facet.context_point = (CENTER[0] + 0.01, CENTER[1])
    printing.run("onemap.printing.here")
    frame = view.tree.find(FRAME)
    assert frame is not None and isinstance(frame.layer, ShapesLayer)
    box = frame.layer.shapes_in((0, 0, 1, 1))[0].geometry.box
    assert box is not None
    left, _, right, _ = box
    assert (left + right) / 2 * 360 - 180 == pytest.approx(CENTER[0] + 0.01, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("1:10,000", 10_000), ("1：5000", 5_000), ("25000", 25_000), ("1:1 万", 10_000), ("1/2500", 2_500),
        ("", None), ("1:0", None), ("abc", None), ("1:1e9", None), ("1:.", None), ("-5000", None),
    ],
    ids=["grouped", "chinese", "bare", "wan", "slash", "empty", "nought", "letters", "huge", "dot", "minus"],
)  # fmt: skip
def test_scales_are_read_as_people_write_them(text: str, scale: float | None) -> None:
    assert parse_scale(text) == scale


def test_what_is_remembered_may_be_broken() -> None:
    kept = Recipe(paper="a0", legend="inside", scale=2_500).kept()
    assert recipe_from(kept) == Recipe(paper="a0", legend="inside", scale=2_500)
    wrong = {
        "paper": "b9",
        "scale": "x",
        "margin": 1e9,
        "dpi": True,
        "landscape": 1,
        "folder": 3,
        "legend": [],
    }
    assert recipe_from(wrong) == Recipe()
    assert recipe_from("no") == Recipe()


def test_names_of_files_come_from_the_title() -> None:
    path = suggested_path("/x", "值班/图 <1>", "pdf", datetime(2026, 1, 2, 3, 4, 5))
    assert path == Path("/x/值班-图--1-20260102-030405.pdf")
    assert size_text(340_000) == "340 kB"
    assert size_text(2_100_000) == "2.1 MB"
