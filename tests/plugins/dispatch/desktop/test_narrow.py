"""In a narrow panel, as it stands in the window, what decides is not scrolled out of view."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console.sdk.records import Duty, HelpRequest, Staff
from console.shell.theme import ThemeService
from tests.plugins.dispatch.desktop.staging import PANEL, child, desk, texts_of

__all__ = ["desk"]
NARROW = 422
"""Pixels that a panel on the right has in a window of 1920."""
PADDING = 14
"""Pixels of a cell that hold no words."""
HELP = "onemap.dispatch.help"


@pytest.fixture(autouse=True)
def theme(qapp: QApplication, tmp_path: Path) -> None:
    """As the window is dressed: its paddings decide what fits."""
    ThemeService(qapp, tmp_path / "icons").set("dark")


def seen(table) -> dict[str, int]:
    """Titles of the columns that can be read without scrolling, with the width that can be seen."""
    view, header = table.view, table.view.horizontalHeader()
    room = view.viewport().width()
    titles = [column.title for column in view.model().columns]
    ends = {title: header.sectionPosition(at) + header.sectionSize(at) for at, title in enumerate(titles)}
    return {title: header.sectionSize(at) for at, title in enumerate(titles) if ends[title] <= room}


@pytest.mark.parametrize(("language", "against"), [("zh_CN", "不利因素"), ("en", "Against")])
def test_what_speaks_against_a_candidate_is_seen(desk, panel, language: str, against: str) -> None:
    desk.language.change(language)
    widget = panel(PANEL)
    widget.resize(NARROW, 900)
    desk.clock.advance(0.1)
    table = child(widget, "CandidateTable")
    view, column = table.view, list(seen(table)).index(against)
    index = view.model().index(1, column)
    first = str(index.data()).split(" · ")[0]
    assert first, "somebody has something against them"
    words = view.fontMetrics().horizontalAdvance(first)
    assert view.visualRect(index).right() <= view.viewport().width()
    assert words + PADDING <= seen(table)[against], first


@pytest.mark.parametrize(("language", "until"), [("zh_CN", "截止"), ("en", "Until")])
def test_until_when_help_is_needed_and_given_is_seen(desk, panel, language: str, until: str) -> None:
    desk.language.change(language)
    now = time.time()
    request = HelpRequest(
        id="h1",
        area="320302001",
        what="两名急救员，携带担架",
        count=2,
        needed_by=now,
        until=now + 7200,
        version=1,
    )
    lent = Staff(id="f1", handle=9, name="赵六", area="320302002001", duty=Duty.ON, version=1)
    desk.put("help_request", request)
    desk.put("staff", replace(lent, home="320302001001001", lent_until=now + 3600))
    widget = panel(HELP)
    widget.resize(NARROW, 900)
    desk.clock.advance(0.1)
    assert until in seen(widget._requests)
    assert until in seen(widget._staff)
    widget._requests.select_key("h1")
    assert "两名急救员，携带担架" in texts_of(widget)
