"""One order on the desktop: each step of its history, its group, its attachments."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QListWidget

from console.sdk import Rejected
from console.sdk.records import Attachment, HistoryEntry, OrderGroup, OrderState
from plugins.dispatch.model import Step, Turn
from tests.plugins.dispatch.desktop.staging import PANEL, WAY, buttons, child, desk, order, sent, texts_of

__all__ = ["desk"]
DETAILS = "onemap.dispatch.order"
STEPS = [
    ("张调度", "send", "带警示牌"),
    ("李四", "read", ""),
    ("rule", "remind", ""),
    ("router", "reroute", "road closed"),
    ("rule", "escalate", ""),
    ("李四", "refuse", "正在处置其他事件"),
]


def history(count: int) -> list[dict]:
    entries = [
        HistoryEntry(at=1.0 + at, actor=actor, action=action, note=note, state="")
        for at, (actor, action, note) in enumerate(STEPS[:count])
    ]
    return [asdict(each) for each in entries]


@pytest.fixture
def details(desk, panel, backend):
    """The panel of the order that was chosen in the table."""
    backend.answer("GET", "/dispatch/orders/o1/history", history(2))
    main = panel(PANEL)
    widget = panel(DETAILS)
    assert "未选择指令" in texts_of(widget)
    desk.put("order", order(OrderState.READ, text="带警示牌"))
    orders = child(main, "Orders")
    orders._table.select_key("o1")
    buttons(orders)["详情"].click()
    desk.clock.advance(0.1)
    return widget


def test_each_step_is_told_with_who_when_and_why(desk, details, backend, qtbot) -> None:
    assert desk.selection.current == ("order", "o1")
    qtbot.waitUntil(lambda: "已读 · 李四" in texts_of(details))
    backend.answer("GET", "/dispatch/orders/o1/history", history(6))
    desk.put("order", order(OrderState.REFUSED, version=2, reason="正在处置其他事件"))
    desk.clock.advance(0.1)
    qtbot.waitUntil(lambda: "已下发 · 张调度" in texts_of(details))
    shown = texts_of(details)
    for line in (
        "已下发 · 张调度 · 带警示牌",
        "已催办 · 系统规则",
        "改道 · 路径规划 · 道路封控",
        "未应答，已升级 · 系统规则",
        "已拒绝 · 李四 · 正在处置其他事件",
    ):
        assert line in shown


def test_a_history_that_cannot_be_had_is_said_and_read_when_the_backend_is_back(
    desk, details, backend
) -> None:
    backend.answer("GET", "/dispatch/orders/o1/history", Rejected("后端无法连接", status=503))
    desk.put("order", order(OrderState.ACCEPTED, version=2))
    desk.clock.advance(0.1)
    assert "后端无法连接" in texts_of(details)
    backend.answer("GET", "/dispatch/orders/o1/history", history(1))
    backend.set_connected(True)
    desk.clock.advance(0.1)
    assert "后端无法连接" not in texts_of(details)


def test_the_group_of_an_order_shows_its_progress(desk, details, qtbot) -> None:
    group = OrderGroup(id="g1", area="320302", text="", by="张调度", sent_at=1.0, size=3, version=1)
    desk.put("order_group", group)
    desk.put("order", order(OrderState.READ, version=2, group="g1"))
    qtbot.waitUntil(lambda: "送达 1 · 已读 1 · 签收 0 / 3" in texts_of(details))


def test_attachments_are_previewed_and_opened(desk, details, backend, monkeypatch, qtbot) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "PySide6.QtGui.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    image, buffer = QImage(800, 200, QImage.Format.Format_RGB32), QBuffer()
    image.fill(0xFF0000)
    image.save(buffer, "PNG")
    data = bytes(buffer.data())
    answer = {"name": "x.exe", "media_type": "image/png", "data": base64.b64encode(data).decode()}
    backend.answer("GET", "/dispatch/orders/o1/attachments/ab", answer)
    file = Attachment(id="ab", name="x.exe", media_type="image/png", size=len(data))
    desk.put("order", replace(order(OrderState.READ, version=2), attachments=(file,)))
    qtbot.waitUntil(lambda: "预览" in buttons(details))
    buttons(details)["预览"].click()
    picture = next(label for label in details.findChildren(QLabel) if label.accessibleName() == "x.exe")
    qtbot.waitUntil(lambda: desk.clock.advance(0.1) or not picture.pixmap().isNull())
    assert (picture.pixmap().width(), picture.pixmap().height()) == (320, 80)
    buttons(details)["打开附件"].click()
    qtbot.waitUntil(lambda: desk.clock.advance(0.1) or bool(opened))
    (path,) = opened
    assert path.endswith("ab.png")
    assert Path(path).read_bytes() == data


def told(*steps: tuple[str, str, tuple[float, float]]) -> list[dict]:
    """Steps as the backend gives them: Chinese, English, place."""
    rest = {"turn": Turn.RIGHT, "metres": 100.0, "angle": 90.0, "bearing": 90.0}
    return [asdict(Step(zh=zh, en=en, where=where, **rest)) for zh, en, where in steps]


TOLD = told(
    ("向东出发，沿中山北路直行400米", "Head east along Zhongshan North Road for 400 m", (117.15, 34.25)),
    ("右转进入鼓楼街，直行500米", "Turn right into Gulou Street, then follow it for 500 m", (117.155, 34.25)),
    ("到达目的地", "You are there", (117.155, 34.255)),
)
STEPS_PATH = "/dispatch/orders/o1/steps"


def lines(details) -> list[str]:
    step_list = details.findChild(QListWidget)
    return [step_list.item(at).text() for at in range(step_list.count())] if step_list.isVisible() else []


@pytest.mark.parametrize(("language", "which", "copy"), [("zh_CN", "zh", "复制"), ("en", "en", "Copy")])
def test_the_way_is_told_step_by_step_copied_and_shown_on_the_map(
    desk, panel, backend, qtbot, language, which, copy
) -> None:
    desk.language.change(language)
    details = panel(DETAILS)
    desk.selection.select("order", "o1")
    backend.answer("GET", STEPS_PATH, TOLD)
    desk.put("order", order(OrderState.ACCEPTED, version=2, route=WAY))
    said = [f"{number}. {step[which]}" for number, step in enumerate(TOLD, 1)]
    qtbot.waitUntil(lambda: desk.clock.advance(0.1) or lines(details) == said)
    buttons(details)[copy].click()
    assert QGuiApplication.clipboard().text() == "\n".join(said)
    step_list = details.findChild(QListWidget)
    step_list.setFocus()
    step_list.setCurrentRow(1)
    qtbot.keyClick(step_list, Qt.Key.Key_Return)
    assert desk.map.center == pytest.approx((117.155, 34.25))
    marks = desk.map.layers_by_id["onemap.dispatch.step"]
    assert marks.shapes["step"][0].points == (TOLD[1]["where"],)
    fold = next(each for text, each in buttons(details).items() if "900" in text)
    fold.click()
    assert lines(details) == []
    assert copy not in buttons(details)


def test_another_way_is_told_anew_and_what_cannot_be_told_is_said(desk, details, backend, qtbot) -> None:
    backend.answer("GET", STEPS_PATH, Rejected("路网服务无响应", status=503))
    desk.put("order", order(OrderState.ACCEPTED, version=2, route=WAY))
    qtbot.waitUntil(lambda: desk.clock.advance(0.1) or "路网服务无响应" in texts_of(details))
    backend.answer("GET", STEPS_PATH, TOLD)
    backend.set_connected(True)
    qtbot.waitUntil(lambda: desk.clock.advance(0.1) or len(lines(details)) == 3)
    asked = len([r for r in backend.requests if r.path == STEPS_PATH])
    desk.put("order", order(OrderState.UNDER_WAY, version=3, route=WAY, eta=1.0))
    desk.clock.advance(0.1)
    assert len([r for r in backend.requests if r.path == STEPS_PATH]) == asked
    backend.answer("GET", STEPS_PATH, TOLD[1:])
    desk.put("order", order(OrderState.UNDER_WAY, version=4, route=replace(WAY, seconds=200.0)))
    qtbot.waitUntil(lambda: desk.clock.advance(0.1) or len(lines(details)) == 2)
    desk.put("order", order(OrderState.UNDER_WAY, version=5))
    qtbot.waitUntil(lambda: desk.clock.advance(0.1) or lines(details) == [])


def sent_files(backend) -> tuple[list[dict], list[dict]]:
    """Bodies of the uploads, and of what was added to the order."""
    return sent(backend, "/dispatch/attachments"), sent(backend, "/dispatch/orders/o1/attachments")


@pytest.fixture
def adding(backend):
    backend.answer("POST", "/dispatch/attachments", {})
    backend.answer("POST", "/dispatch/orders/o1/attachments", {})


def test_files_are_dropped_on_a_sent_order(desk, details, backend, adding, tmp_path, qtbot) -> None:
    plan, large = tmp_path / "疏散图.pdf", tmp_path / "large.pdf"
    plan.write_bytes(b"%PDF-1.4")
    large.write_bytes(bytes((5 << 20) + 1))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (plan, large)])
    place, copy = QPointF(2, 2), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), copy, data, left, none)
    files = child(details, "OrderFiles")
    QApplication.sendEvent(files, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(files, QDropEvent(place, copy, data, left, none))
    qtbot.waitUntil(lambda: desk.clock.advance(0.1) or bool(sent_files(backend)[1]))
    uploads, added = sent_files(backend)
    assert [body["name"] for body in uploads] == ["疏散图.pdf"]
    assert added == [{"attachments": [hashlib.sha256(b"%PDF-1.4").hexdigest()]}]
    assert any("large.pdf" in told.text for told in desk.notifications)


def test_a_picture_is_pasted_but_not_into_an_order_that_is_over(
    desk, details, backend, adding, qtbot
) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0xFF0000)
    QGuiApplication.clipboard().setImage(image)
    details.activateWindow()
    qtbot.waitUntil(details.isActiveWindow)
    details.setFocus()
    qtbot.keyClick(details, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    uploads, added = sent_files(backend)
    (digest,) = added[0]["attachments"]
    data = base64.b64decode(uploads[0]["data"])
    assert data.startswith(b"\x89PNG")
    assert hashlib.sha256(data).hexdigest() == digest
    assert "添加附件" in buttons(details)
    desk.put("order", order(OrderState.DONE, version=2))
    desk.clock.advance(0.1)
    assert "添加附件" not in buttons(details)
    qtbot.keyClick(details, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(sent_files(backend)[1]) == 1
