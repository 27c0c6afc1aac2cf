"""Inspecting: a finding for each camera, events of what is abnormal, the last taken back, reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QLineEdit

from console.server.importing.sheets import read_sheet
from console.testing import Console, MemoryBackend
from plugins.polling.desktop.groups import new_group
from plugins.polling.desktop.report import report_of, to_pdf, to_xlsx
from plugins.polling.model import Entry, Finding, Round
from tests.plugins.polling.desktop.test_polling_desktop import (
    PANEL,
    all_live,
    part,
    player,
    polling,
    run,
    saved,
    streams,
)

__all__ = ["polling"]


@pytest.fixture
def inspecting(polling: Console, panel: Any, backend: MemoryBackend) -> Any:
    """The panel while a group of five is inspected, two on a page."""
    backend.answer("PUT", r"/polling/groups/.+", saved)
    backend.answer("POST", r"/events(/.+)?", {})
    keep = lambda request: {**request.body, "id": request.path.split("/")[-1], "by": "王五"}  # noqa: E731
    backend.answer("PUT", r"/polling/rounds/.+", keep)
    widget = panel(PANEL)
    player(widget).set_tiles(2)
    groups = part(widget, "GroupList")
    cameras = tuple(f"c{n}" for n in range(5))
    groups._desk.groups.save(new_group(title="河道", cameras=cameras))
    polling.clock.advance(0.2)
    groups.table.select_key(groups.table.shown[0].id)
    groups._acts["inspect"].click()
    polling.clock.advance(0.2)
    all_live(polling)
    return widget


def sent(backend: MemoryBackend, start: str) -> list[Any]:
    return [each for each in backend.requests if each.method != "GET" and each.path.startswith(start)]


def test_a_page_stays_until_all_is_found_and_the_round_is_kept(
    inspecting: Any, polling: Console, backend: MemoryBackend, qtbot: Any
) -> None:
    page = part(inspecting, "ShowPage")
    run(polling, 60)
    assert set(streams(polling)) == {"c0", "c1"}
    qtbot.keyClick(page, Qt.Key.Key_Y)
    qtbot.keyClick(page, Qt.Key.Key_D)
    run(polling, 3)
    assert set(streams(polling)) == {"c2", "c3"}
    field = part(inspecting, "InspectBar").findChild(QLineEdit)
    qtbot.keyClick(page, Qt.Key.Key_X)
    assert not sent(backend, "/events"), "words are asked for first"
    field.insert("水位过高")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (event,) = sent(backend, "/events")
    assert event.body["where"] == [117.2 + 2 / 1e4, 34.26] and "水位过高" in event.body["title"]
    qtbot.keyClick(page, Qt.Key.Key_A)
    run(polling, 3)
    assert set(streams(polling)) == {"c4"}
    qtbot.keyClick(page, Qt.Key.Key_Y)
    polling.clock.advance(0.2)
    (kept,) = sent(backend, "/polling/rounds/")
    found = [(entry["camera"], entry["finding"]) for entry in kept.body["entries"]]
    assert found == [("c0", "normal"), ("c1", "dead"), ("c2", "abnormal"), ("c3", "normal"), ("c4", "normal")]
    assert kept.body["entries"][2]["event"] == event.body["id"]
    rounds = part(inspecting, "RoundList")
    assert rounds.isVisible() and rounds.table.selected.title == "河道"


def test_the_last_finding_is_taken_back_with_its_event(
    inspecting: Any, backend: MemoryBackend, qtbot: Any
) -> None:
    page, bar = part(inspecting, "ShowPage"), part(inspecting, "InspectBar")
    bar.findChild(QLineEdit).insert("井盖缺失")
    qtbot.keyClick(page, Qt.Key.Key_X)
    (event,) = sent(backend, "/events")
    qtbot.keyClick(page, Qt.Key.Key_U)
    back = sent(backend, "/events")[-1]
    assert back.path == f"/events/{event.body['id']}/actions" and back.body["action"] == "cancel"
    assert page._inspection.entries == [] and bar.slot == 0


def test_ended_early_what_was_found_is_kept(inspecting: Any, backend: MemoryBackend, qtbot: Any) -> None:
    page = part(inspecting, "ShowPage")
    qtbot.keyClick(page, Qt.Key.Key_Y)
    page._inspection.end()
    (kept,) = sent(backend, "/polling/rounds/")
    assert [entry["camera"] for entry in kept.body["entries"]] == ["c0"]


@pytest.mark.parametrize("how", ["back to the groups", "another polling"])
def test_left_for_something_else_what_was_found_is_kept_and_said(
    inspecting: Any, polling: Console, backend: MemoryBackend, qtbot: Any, how: str
) -> None:
    qtbot.keyClick(part(inspecting, "ShowPage"), Qt.Key.Key_D)
    assert not sent(backend, "/polling/rounds")
    desk = part(inspecting, "GroupList")._desk
    if how == "another polling":
        desk.play("另一组", [camera for camera in map(desk.camera, ("c3", "c4")) if camera])
    else:
        desk.player.stop()
    polling.clock.advance(0.2)
    (round_,) = sent(backend, "/polling/rounds")
    assert [(each["camera"], each["finding"]) for each in round_.body["entries"]] == [("c0", "dead")]
    assert "1" in polling.notifications[-1].text
    assert not part(inspecting, "InspectBar").isVisible()


def test_when_the_console_dies_what_was_found_is_kept_at_the_next_start(
    inspecting: Any, polling: Console, backend: MemoryBackend, qtbot: Any
) -> None:
    inspection = part(inspecting, "InspectBar")._inspection
    qtbot.keyClick(part(inspecting, "ShowPage"), Qt.Key.Key_Y)
    polling.clock.advance(0.2)
    mine = backend.user
    assert mine is not None
    backend.user = replace(mine, id="somebody-else")
    type(inspection)(inspection._desk)  # as the next start reads it
    polling.clock.advance(0.2)
    assert not sent(backend, "/polling/rounds"), "never in another's name"
    backend.user = mine
    again = type(inspection)(inspection._desk)
    polling.clock.advance(0.2)
    rounds = sent(backend, "/polling/rounds")
    assert [each["camera"] for each in rounds[-1].body["entries"]] == ["c0"]
    assert rounds[-1].path.endswith(inspection._id) and not again.on


def test_who_gives_no_picture_is_written_down_as_such(
    inspecting: Any, polling: Console, backend: MemoryBackend, qtbot: Any
) -> None:
    page = part(inspecting, "ShowPage")
    qtbot.keyClick(page, Qt.Key.Key_A)
    polling.clock.advance(60)
    (kept,) = sent(backend, "/polling/rounds/")
    found = {entry["camera"]: entry["finding"] for entry in kept.body["entries"]}
    assert found == {"c0": "normal", "c1": "normal", "c2": "dead", "c3": "dead", "c4": "dead"}


ENTRIES = (
    Entry(camera="c1", name="黄河 1", finding=Finding.NORMAL, at=1_700_000_000.0),
    Entry(camera="c2", name="=1+1", finding=Finding.ABNORMAL, words="<水位> & 过高", at=1_700_000_060.0),
    Entry(camera="c3", name="路口 3", finding=Finding.DEAD, at=1_700_000_120.0),
)
ROUND = Round(id="r", title="河道", began=1_700_000_000.0, ended=1_700_000_120.0, entries=ENTRIES, by="王五")


def english(text: str, **values: Any) -> str:
    return text.format(**values)


def test_the_report_is_a_sheet_that_others_read(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(to_xlsx(report_of(ROUND, {}, english)))
    lines = read_sheet(path)
    assert [list(line.values())[1:4] for line in lines] == [
        ["黄河 1", "normal", ""],
        ["=1+1", "abnormal", "<水位> & 过高"],
        ["路口 3", "no picture", ""],
    ]


def test_the_report_is_a_pdf_with_words_and_pictures(tmp_path: Path, qapp: Any) -> None:
    normal, screen = qapp.font(), QFont()
    screen.setPixelSize(13)  # as the console does
    qapp.setFont(screen)
    picture = QImage(640, 360, QImage.Format.Format_RGB32)
    picture.fill(QColor("#00a0ff"))
    path = tmp_path / "report.pdf"
    path.write_bytes(to_pdf(report_of(ROUND, {"c2": picture}, english)))
    qapp.setFont(normal)
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    words = document.getAllText(0).text()
    assert all(part in words for part in ("王五", "=1+1", "> & ", "no picture", "3 cameras"))
    title = document.getSelectionAtIndex(0, 0, 10).boundingRectangle()
    assert title.height() > 8, "large enough to be read on paper, in points"
    size = document.pagePointSize(0).toSize()
    page = document.render(0, size)
    blue = sum(
        page.pixelColor(x, y).blue() > 200 and page.pixelColor(x, y).red() < 60
        for x in range(0, size.width(), 8)
        for y in range(0, size.height(), 8)
    )
    assert blue > 300, "the picture of what is abnormal is on the page"
    document.close()
