"""The 3D view saved as a picture or PDF by the panel 三维出图."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSpinBox,
)

from console.model.text import Text
from console.sdk.layers import LayerEntry
from console.sdk.scene import ScenePose
from console.sdk.scene_picture import MOST, NoPicture
from console.tasks.pending import Pending
from console.testing import Console
from console.testing.tasks import ClockTasks
from plugins.scene.desktop.picture_caption import place_text
from plugins.scene.desktop.picture_recipe import PictureRecipe, recipe_from

POSE = ScenePose(lon=117.2, lat=34.26, height=40.0, heading=44.0, tilt=60.0, distance=1234.0)


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _where: str(tmp_path / "文档"))
    return tmp_path / "文档"


@pytest.fixture
def opened(console: Console, activate: Callable[..., Any], panel: Callable[..., Any], documents: Path) -> Any:
    """The panel over a view of 1280 x 720."""
    activate("scene")
    console.scene.pose = POSE
    shown = panel("onemap.scene.pictures")
    shown.resize(420, 640)
    return shown


def button(panel: Any, text: str) -> QAbstractButton:
    return next(each for each in panel.findChildren(QAbstractButton) if each.text() == text)


def field(panel: Any, name: str) -> Any:
    kinds = (QLineEdit, QComboBox, QSpinBox)
    return next(each for kind in kinds for each in panel.findChildren(kind) if each.accessibleName() == name)


def choose(panel: Any, size: str) -> None:
    box = field(panel, "尺寸")
    at = box.findData(size)
    box.setCurrentIndex(at)
    box.activated.emit(at)


def entry(attribution: str, *, visible: bool) -> LayerEntry:
    return LayerEntry(
        id=attribution,
        title=Text("图层", "layer"),
        group="data",
        visible=visible,
        opacity=1.0,
        min_zoom=0.0,
        max_zoom=24.0,
        attribution=attribution,
    )


def said(panel: Any) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def save(panel: Any, console: Console) -> None:
    button(panel, "保存").click()
    console.clock.advance(0.1)


def files(folder: Path) -> list[Path]:
    """Hidden ones, too."""
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize(
    ("size", "pixels"), [("screen", (1280, 720)), ("hd", (1920, 1080)), ("8k", (7680, 4320))]
)
def test_a_png_has_the_pixels_that_were_chosen(
    opened: Any, console: Console, documents: Path, size: str, pixels: tuple[int, int]
) -> None:
    button(opened, "画面下方附文字说明").click()
    choose(opened, size)
    save(opened, console)
    (file,) = files(documents)
    image = QImage(str(file))
    assert (image.width(), image.height()) == pixels
    assert image.pixelColor(10, 10).name() == "#808080"
    assert image.text("Author").startswith("操作员")
    assert str(file) in said(opened)
    notice = console.notifications[-1]
    assert notice.action is not None and notice.action[0] == "打开"


def test_words_stand_below_the_picture_and_cover_none_of_it(
    opened: Any, console: Console, documents: Path
) -> None:
    choose(opened, "screen")
    field(opened, "标题").setText("防汛态势")
    button(opened, "JPEG").click()
    save(opened, console)
    (file,) = files(documents)
    assert file.name.startswith("防汛态势-") and file.suffix == ".jpg"
    image = QImage(str(file))
    assert image.width() == 1280 and image.height() > 780
    assert abs(image.pixelColor(640, 715).red() - 128) < 4
    assert image.pixelColor(1270, image.height() - 4).red() > 250
    below = [(x, y) for y in range(722, image.height()) for x in range(0, 1280, 2)]
    dark = [at for at in below if image.pixelColor(*at).red() < 90]
    assert len(dark) > 200


def test_a_pdf_holds_all_pixels_and_the_words_of_every_sheet(
    opened: Any, console: Console, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"© 测绘院": True, "© 隐藏图层": False}
    entries = [entry(name, visible=visible) for name, visible in names.items()]
    monkeypatch.setattr(console.map.layers, "entries", lambda: entries)
    choose(opened, "8k")
    button(opened, "PDF").click()
    paper = field(opened, "页面")
    assert paper.isVisible()
    paper.setCurrentIndex(paper.findData("a3"))
    paper.activated.emit(paper.currentIndex())
    field(opened, "标题").setText("值班图")
    field(opened, "备注").setText("第三次会商")
    save(opened, console)
    (file,) = files(documents)
    content = file.read_bytes()
    assert b"/Width 7680" in content and b"/Height 4320" in content
    document = QPdfDocument(opened)
    assert document.load(str(file)) is QPdfDocument.Error.None_
    points = document.pagePointSize(0)
    assert (points.width() / 72 * 25.4, points.height() / 72 * 25.4) == pytest.approx((420, 297), abs=0.5)
    text = document.getAllText(0).text()
    for words in (
        "值班图",
        "第三次会商",
        "操作员 ",
        f"{datetime.now():%Y-%m-}",
        "117.20000°E 34.26000°N",
        "朝东北（44°）",
        "1.2 km",
        "数据来源：© 测绘院",
    ):
        assert words in text
    assert "隐藏图层" not in text
    assert document.metaData(QPdfDocument.MetaDataField.Author).startswith("操作员")
    document.close()


def test_a_page_as_the_picture_has_no_empty_room(opened: Any, console: Console, documents: Path) -> None:
    choose(opened, "hd")
    button(opened, "PDF").click()
    save(opened, console)
    (file,) = files(documents)
    document = QPdfDocument(opened)
    document.load(str(file))
    points = document.pagePointSize(0)
    assert document.pageCount() == 1
    assert 1.45 < points.width() / points.height() < 1.65  # 16:9, and some lines
    document.close()


def test_a_pdf_always_has_the_words_and_a_picture_as_the_user_wants(opened: Any) -> None:
    words = button(opened, "画面下方附文字说明")
    words.click()
    button(opened, "PDF").click()
    assert words.isChecked() and not words.isEnabled()
    button(opened, "PNG").click()
    assert words.isEnabled() and not words.isChecked()


def test_what_is_being_typed_is_not_written_over(opened: Any, console: Console, qtbot: Any) -> None:
    choose(opened, "own")
    width = field(opened, "宽度（像素）")
    width.lineEdit().selectAll()
    qtbot.keyClicks(width.lineEdit(), "512")
    console.clock.advance(2.0)
    qtbot.keyClicks(width.lineEdit(), "0")
    width.interpretText()
    assert width.value() == 5120


def test_sides_are_the_users_or_in_proportion_as_on_the_screen(
    opened: Any, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(opened, "own")
    width, height = field(opened, "宽度（像素）"), field(opened, "高度（像素）")
    assert width.isEnabled() and height.isEnabled()
    width.setValue(2000)
    height.setValue(3000)
    opened.findChildren(QCheckBox)[0].click()
    assert (width.value(), height.value(), height.isEnabled()) == (2000, 1125, False)
    monkeypatch.setattr(console.scene.pictures, "size", (1000, 1000))
    console.clock.advance(1.0)
    assert height.value() == 2000


@pytest.mark.parametrize("screen", [(1280, 720), (300, 4000), (4000, 160), (0, 0)])
@pytest.mark.parametrize("like", [True, False])
def test_no_side_is_ever_more_or_less_than_can_be_taken(screen: tuple[int, int], like: bool) -> None:
    for size in ("screen", "hd", "8k", "own"):
        recipe = PictureRecipe(size=size, like_screen=like, width=MOST, height=160)
        assert all(160 <= side <= MOST for side in recipe.pixels(screen))


def test_what_was_chosen_is_there_again_and_nonsense_is_not() -> None:
    recipe = PictureRecipe(size="8k", form="pdf", paper="a0", folder="/tmp", captioned=False)
    assert recipe_from(recipe.kept()) == recipe
    wrong = {"size": "9k", "width": 99_999, "height": True, "form": "exe", "folder": 7, "more": 1}
    assert recipe_from(wrong) == PictureRecipe()
    assert recipe_from(["x"]) == PictureRecipe()


@pytest.fixture
def slow(console: Console, monkeypatch: pytest.MonkeyPatch) -> Iterator[Future[Any]]:
    """A picture that does not come."""
    coming: Future[Any] = Future()

    async def take(_width: int, _height: int, on_progress: Callable[[float], None]) -> Any:
        on_progress(0.5)
        return await Pending(coming)

    monkeypatch.setattr(console.scene.pictures, "take", take)
    yield coming


def test_a_picture_that_is_given_up_leaves_nothing(
    opened: Any, console: Console, documents: Path, slow: Future[Any]
) -> None:
    save(opened, console)
    bar = opened.findChild(QProgressBar)
    assert bar.isVisible() and 0.4 < bar.value() / bar.maximum() < 0.6
    assert not button(opened, "保存").isEnabled()
    button(opened, "取消").click()
    console.clock.advance(0.1)
    assert slow.cancelled()
    assert "已取消" in said(opened)
    assert button(opened, "保存").isEnabled() and not bar.isVisible()
    assert files(documents) == []


class Stopped:
    """A task that the user has ended in the status bar."""

    def __enter__(self) -> Stopped:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is shown."""

    def report(self, _done: float, _text: str = "") -> None:
        raise asyncio.CancelledError


def test_the_status_bar_ends_it_too(
    opened: Any, console: Console, documents: Path, slow: Future[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClockTasks, "progress", lambda _tasks, _title: Stopped())
    save(opened, console)
    assert slow.cancelled()
    assert "已取消" in said(opened)
    assert files(documents) == []


def test_a_full_disk_is_told_and_leaves_the_file_that_was_there(
    opened: Any, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "图.png"
    target.write_text("before")
    choose(opened, "screen")
    field(opened, "文件").setText(str(target))

    def full(self: Path, _mode: str = "r", **_more: Any) -> Any:
        self.touch()
        return os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb", buffering=0)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        save(opened, console)
    assert "磁盘已满" in said(opened) or "disk is full" in said(opened)
    assert target.read_text() == "before"
    assert [file.name for file in files(tmp_path) if file.suffix == ".part"] == []
    save(opened, console)
    assert QImage(str(target)).width() == 1280


def test_a_folder_that_cannot_be_is_told(opened: Any, console: Console, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    choose(opened, "screen")
    field(opened, "文件").setText(str(tmp_path / "file" / "x.png"))
    save(opened, console)
    assert "未能保存" in said(opened)
    assert button(opened, "保存").isEnabled()


def test_a_folder_that_must_not_be_written_to_is_told(
    opened: Any, console: Console, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: Any, **_more: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        save(opened, console)
    assert "未能保存" in said(opened)
    assert "Permission" not in said(opened)  # in the user's words
    assert not documents.exists()


def test_without_a_view_one_is_offered_and_nothing_is_tried(
    opened: Any, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.scene.pictures, "size", (0, 0))
    console.clock.advance(1.0)
    assert "尚未打开三维视图" in said(opened)
    assert button(opened, "打开三维视图").isVisible()
    assert not button(opened, "保存").isEnabled()
    console.host.commands.run("onemap.scene.picture")
    console.clock.advance(0.1)
    assert "尚未打开三维视图" in console.notifications[-1].text


def test_what_the_view_refuses_and_what_is_lacking_is_told(
    opened: Any, console: Console, documents: Path
) -> None:
    console.scene.pictures.failure = NoPicture("三维进程已结束")
    save(opened, console)
    assert "三维进程已结束" in said(opened)
    assert files(documents) == []
    console.scene.pictures.failure, console.scene.pictures.lacking = None, 7
    save(opened, console)
    assert "7 个瓦片" in said(opened)
    assert len(files(documents)) == 1


def test_the_picture_is_copied(opened: Any, console: Console) -> None:
    choose(opened, "8k")
    button(opened, "画面下方附文字说明").click()
    button(opened, "复制").click()
    console.clock.advance(0.1)
    assert QGuiApplication.clipboard().image().width() == 3840
    QGuiApplication.clipboard().clear()


def test_the_command_saves_at_once(opened: Any, console: Console, documents: Path) -> None:
    choose(opened, "screen")
    console.host.commands.run("onemap.scene.picture")
    console.clock.advance(0.1)
    assert len(files(documents)) == 1


def test_a_place_is_told_in_words() -> None:
    def tr(text: str, /, **values: Any) -> str:
        return text.format(**values)

    west = ScenePose(lon=-70.5, lat=-33.25, heading=-90.0, tilt=0.0, distance=80.0)
    assert place_text(west, tr) == (
        "Middle 70.50000°W 33.25000°S (WGS84) · looking W (270°) · 0° from straight down · 80 m away"
    )
