"""Assessment of a closed event: on its card, in the list with sums and CSV, and while cut off."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton

from console.sdk.records import EventClass
from tests.plugins.events.desktop.staging import DONE, PANEL, child, click, desk, posted

__all__ = ["desk"]

ASSESSMENTS = "onemap.events.assessments"
NOW = time.time()


def assessed(event_id: str, **changes: Any) -> dict[str, Any]:
    """As the backend answers: accepted in time, late on the scene, closed in time."""
    stages = {"accept": (60.0, 300.0), "arrive": (1500.0, 900.0), "close": (3000.0, 14400.0)}
    return {
        "event": event_id,
        "number": f"SJ20261122-{event_id}",
        "title": f"事件{event_id}",
        "kind": EventClass.TRAFFIC.value,
        "urgency": "general",
        "area": "320302001001001",
        "reported_at": NOW - 4000,
        "closed_at": NOW - 1000,
        "timings": [{"stage": name, "took": took, "limit": limit} for name, (took, limit) in stages.items()],
        "score": None,
        "remark": "",
        "by": "",
        "at": None,
    } | changes


SCORED = {"score": 4, "remark": "处置规范", "by": "张科", "at": NOW - 60}


def said(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def score(qtbot: Any, card: Any, value: str, remark: str = "") -> None:
    chip = next(b for b in card.findChildren(QToolButton) if b.text() == value)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    next(iter(card.findChildren(QLineEdit))).insert(remark)
    click(qtbot, card, "考核")


def test_the_card_of_a_closed_event_shows_its_times_and_takes_an_assessment(
    desk: Any, panel: Any, qtbot: Any, backend: Any
) -> None:
    answers = [assessed("3"), assessed("3", **SCORED)]
    backend.answer(
        "GET", "/events/3/assessment", lambda _: answers.pop(0) if len(answers) > 1 else answers[0]
    )
    backend.answer("POST", "/events/3/assessment", {})
    widget = panel(PANEL)
    desk.selection.select("event", "1")
    card = child(child(widget, "Details"), "AssessmentCard")
    assert not card.isVisible(), "only what is closed is assessed"
    desk.selection.select("event", "3")
    words = said(card)
    assert all(part in words for part in ("25 分（限 15 分）", "超时", "按时", "尚未考核"))
    score(qtbot, card, "4", "处置规范")
    (body,) = posted(backend, "/events/3/assessment")
    assert (body["score"], body["remark"]) == (4, "处置规范")
    assert body["given_at"] > 0
    assert "质量 4 分" in said(card)
    assert "张科" in said(card)


def test_without_a_score_nothing_is_given_and_without_the_right_there_is_no_form(
    desk: Any, panel: Any, backend: Any
) -> None:
    backend.answer("GET", "/events/3/assessment", assessed("3"))
    widget = panel(PANEL)
    desk.selection.select("event", "3")
    card = child(widget, "AssessmentCard")
    give = next(b for b in card.findChildren(QPushButton) if b.text() == "考核")
    assert give.isVisible()
    assert not give.isEnabled()
    backend.rights = {"event.read"}
    desk.selection.select("event", "1")
    desk.selection.select("event", "3")
    assert not give.isVisible()
    assert "尚未考核" in said(card)


def test_an_assessment_given_while_cut_off_waits_and_none_can_be_given_twice(
    desk: Any, panel: Any, qtbot: Any, backend: Any
) -> None:
    backend.answer("GET", "/events/3/assessment", assessed("3"))
    widget = panel(PANEL)
    desk.selection.select("event", "3")
    card = child(child(widget, "Details"), "AssessmentCard")
    backend.set_connected(False)
    score(qtbot, card, "2")
    (entry,) = backend.waiting()
    assert entry.path == "/events/3/assessment"
    assert DONE.title in entry.title
    assert not next(iter(card.findChildren(QLineEdit))).isEnabled()


def test_the_list_is_filtered_summed_and_exported(
    desk: Any, panel: Any, qtbot: Any, backend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    fire = {"kind": EventClass.FIRE.value}
    backend.answer(
        "GET", "/events/assessments", [assessed("8"), assessed("9", **SCORED), assessed("7", **fire)]
    )
    backend.answer("GET", "/events/8/assessment", assessed("8"))
    widget = panel(ASSESSMENTS)
    assert "结案 3 件，已考核 1 件，未考核 2 件" in said(widget)
    events, *summed = tables(widget)
    assert [each.event for each in events.shown] == ["8", "9", "7"]
    chip(qtbot, widget, "未考核")
    assert [each.event for each in events.shown] == ["8", "7"]
    click(qtbot, widget, "导出")
    qtbot.waitUntil(lambda: any(tmp_path.glob("*.csv")), timeout=5000)
    (file,) = tmp_path.glob("*.csv")
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:]] == ["事件8", "事件7"]
    chip(qtbot, widget, "按类别")
    by_kind = summed[0].shown
    assert [(each.key, each.closed, each.assessed, each.score) for each in by_kind] == [
        ("traffic", 2, 1, 4.0),
        ("fire", 1, 0, None),
    ]
    assert by_kind[0].in_time == {"accept": 1.0, "arrive": 0.0, "close": 1.0}
    chip(qtbot, widget, "按街道")
    assert [(each.key, each.closed) for each in summed[1].shown] == [("320302001", 3)]


def test_one_after_another_is_assessed_in_the_list(desk: Any, panel: Any, qtbot: Any, backend: Any) -> None:
    rows = [assessed("8"), assessed("9")]
    backend.answer("GET", "/events/assessments", lambda _: list(rows))
    backend.answer("GET", "/events/8/assessment", lambda _: rows[0])
    backend.answer(
        "POST", "/events/8/assessment", lambda _: rows.__setitem__(0, assessed("8", **SCORED)) or {}
    )
    widget = panel(ASSESSMENTS)
    events = tables(widget)[0]
    events.view.selectRow(0)
    card = child(widget, "AssessmentCard")
    score(qtbot, card, "4", "处置规范")
    assert "处置规范" in said(card)
    assert events.shown[0].score == 4
    assert events.selected_key == "8", "the row stays chosen"


def tables(widget: Any) -> list[Any]:
    """The list of events, then the sums by class and by street."""
    return [widget._events, *widget._sums.values()]


def chip(qtbot: Any, widget: Any, text: str) -> None:
    found = next(b for b in widget.findChildren(QToolButton) if b.text() == text and b.isVisible())
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
