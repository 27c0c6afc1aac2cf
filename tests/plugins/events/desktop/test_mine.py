"""The filter 我的: known to each user alone, over restarts, and never overwritten unread."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from console.sdk.records import Event, LonLat
from console.testing.backend import OPERATOR

PANEL = "onemap.events.events"
HERE: LonLat = (117.155, 34.255)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "console" / "data" / "plugins" / "onemap.events"
    made.mkdir(parents=True)
    return made


def mine(widget) -> list[str]:
    """Ids of the events that the filter would show."""
    desk = widget._desk
    return sorted(event.id for event in desk._events.all() if event.id in desk._mine)


def put(console, *ids: str) -> None:
    console.put("event", *(Event(id=i, number=i, title=i, area="320302", where=HERE) for i in ids))


def test_the_list_is_read_once_the_user_is_known(activate, console, panel, backend, folder) -> None:
    (folder / "mine-u1.json").write_text(json.dumps(["old"]), "utf-8")
    backend.user = None
    activate("events")
    put(console, "old", "new", "other")
    widget = panel(PANEL)
    assert mine(widget) == []
    widget._desk._mine.add("new")
    console.clock.advance(0.1)
    assert json.loads((folder / "mine-u1.json").read_text("utf-8")) == ["old"], "not written unread"
    backend.set_user(OPERATOR)
    console.clock.advance(0.1)
    assert mine(widget) == ["new", "old"]
    assert json.loads((folder / "mine-u1.json").read_text("utf-8")) == ["old", "new"]


def test_each_user_has_a_list_of_their_own(activate, console, panel, backend, folder) -> None:
    (folder / "mine-u1.json").write_text(json.dumps(["old"]), "utf-8")
    backend.user = replace(OPERATOR, id="u2")
    activate("events")
    put(console, "old")
    assert mine(panel(PANEL)) == []


def test_a_broken_list_is_put_aside_not_overwritten(activate, console, panel, folder) -> None:
    (folder / "mine-u1.json").write_text('["old", ', "utf-8")
    activate("events")
    panel(PANEL)._desk._mine.add("new")
    console.clock.advance(0.1)
    assert (folder / "mine-u1.unreadable").read_text("utf-8") == '["old", '
    assert json.loads((folder / "mine-u1.json").read_text("utf-8")) == ["new"]
