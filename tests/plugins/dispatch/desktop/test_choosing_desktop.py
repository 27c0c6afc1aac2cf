"""Rules of the choice, proposals for several at once, and the coverage map, on the desktop."""

from __future__ import annotations

import time
from dataclasses import asdict, replace

import pytest
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QPushButton, QToolButton

from console.sdk.records import Candidate, Duty, Event, EventClass, Order, Staff, Urgency
from plugins.dispatch.model import KeptRules, Release, Rules
from tests.plugins.dispatch.desktop.staging import child, sent, texts_of

AREA = "320302001001001"
FIRE = Event(id="e1", number="SJ-1", title="住宅起火", area=AREA, where=(117.155, 34.255), version=1)
FIRE = replace(FIRE, urgency=Urgency.CRITICAL)
DRAIN = Event(id="e2", number="SJ-2", title="井盖缺失", area=AREA, where=(117.16, 34.255), version=1)
FIRST_AID = {1: ("急救",)}
STAFF = [
    Staff(id=f"s{i}", handle=i, name=name, area=AREA, duty=Duty.ON, skills=FIRST_AID.get(i, ()), version=1)
    for i, name in enumerate(["张三", "李四", "王五"], 1)
]


def candidate(number: int, seconds: float) -> Candidate:
    return Candidate(
        staff=f"s{number}",
        name=STAFF[number - 1].name,
        score=seconds,
        eta_seconds=seconds,
        metres=seconds,
        straight_metres=seconds,
        able=True,
    )


@pytest.fixture
def desk(activate, console, backend):
    """The plugin with two events, one selected, and three staff."""
    backend.answer("POST", "/dispatch/rank", {"candidates": [], "straight_first": ""})
    backend.answer("POST", "/dispatch/orders", {})
    activate("dispatch")
    console.put("event", FIRE, DRAIN)
    console.put("staff", *STAFF)
    console.selection.select("event", "e1")
    return console


def press(widget, text: str) -> None:
    button = next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible())
    assert button.isEnabled(), text
    button.click()


def choose(widget, title: str) -> None:
    next(chip for chip in widget.findChildren(QToolButton) if chip.text() == title).click()


def kept(kind: EventClass, **more) -> dict:
    return asdict(KeptRules(kind=kind, **({"rules": Rules(wish=("急救",))} | more)))


def test_rules_are_read_changed_and_saved_as_another_version(desk, panel, backend) -> None:
    own = {"rules": Rules(job=600.0), "area": "32", "version": 3, "by": "李处", "at": time.time()}
    listed = [kept(kind) for kind in EventClass if kind is not EventClass.FIRE]
    backend.answer("GET", "/dispatch/rules", [kept(EventClass.FIRE, **own), *listed])
    backend.answer("PUT", "/dispatch/rules/fire", {})
    widget = panel("onemap.dispatch.rules")
    assert "第 3 版" in texts_of(widget)
    job = next(x for x in widget.findChildren(QDoubleSpinBox) if x.accessibleName() == "已有任务")
    assert job.value() == 600
    job.setValue(1200)
    must = next(x for x in widget.findChildren(QCheckBox) if x.accessibleName() == "急救 必需")
    must.setChecked(True)
    press(widget, "保存")
    request = next(r for r in backend.requests if r.method == "PUT")
    assert (request.path, request.body["version"]) == ("/dispatch/rules/fire", 3)
    assert (request.body["rules"]["job"], request.body["rules"]["must"]) == (1200, ("急救",))


def test_who_may_not_set_rules_sees_them(desk, panel, backend) -> None:
    backend.rights = {"orders.write"}
    backend.answer("GET", "/dispatch/rules", [kept(kind) for kind in EventClass])
    widget = panel("onemap.dispatch.rules")
    assert not next(b for b in widget.findChildren(QPushButton) if b.text() == "保存").isEnabled()


def test_a_team_is_proposed_and_sent_only_by_the_users_word_and_once(desk, panel, backend) -> None:
    members = [
        {"event": "e1", "seat": "急救", "candidate": asdict(candidate(1, 60.0))},
        {"event": "e1", "seat": "", "candidate": asdict(candidate(2, 90.0))},
        {"event": "e1", "seat": "消防", "candidate": None},
    ]
    backend.answer("POST", "/dispatch/team", {"members": members, "seconds": 150.0})
    widget = panel("onemap.dispatch.together")
    press(widget, "增加一项")
    press(widget, "生成编组方案")
    assert [seat["count"] for seat in sent(backend, "/dispatch/team")[0]["seats"]] == [1, 1]
    assert [line.candidate and line.candidate.name for line in child(widget, "RecordTable").shown] == [
        "张三",
        "李四",
        None,
    ]
    assert not sent(backend, "/dispatch/orders")
    press(widget, "全部派出 2 人")
    assert [body["staff"] for body in sent(backend, "/dispatch/orders")] == ["s1", "s2"]
    assert not next(
        b for b in widget.findChildren(QPushButton) if b.text().startswith("全部派出")
    ).isEnabled()


def test_several_events_take_those_that_nobody_goes_to(desk, panel, backend) -> None:
    members = [{"event": "e1", "candidate": asdict(candidate(1, 60.0))}]
    answer = {"members": members, "seconds": 60.0, "in_turn_seconds": 300.0}
    backend.answer("POST", "/dispatch/several", answer)
    desk.put("order", Order(id="o9", event="e2", staff="s3", area=AREA, version=1))
    widget = panel("onemap.dispatch.together")
    choose(widget, "多起事件")
    assert "1 起未结事件尚未派人" in texts_of(widget)
    press(widget, "为最紧急的生成方案")
    assert sent(backend, "/dispatch/several") == [{"events": [{"event": "e1"}]}]
    assert "合计少用 4 分 0 秒" in texts_of(widget)


def test_freeing_somebody_takes_back_sends_and_fills_the_gap(desk, panel, backend) -> None:
    release = Release(
        order="o1",
        event="e2",
        freed=candidate(3, 40.0),
        sooner_seconds=300.0,
        instead=candidate(2, 200.0),
        later_seconds=120.0,
    )
    backend.answer("POST", "/dispatch/release", [asdict(release)])
    backend.answer("POST", "/dispatch/orders/o1/actions", {})
    widget = panel("onemap.dispatch.together")
    choose(widget, "调人支援")
    press(widget, "生成调人方案")
    table = child(widget, "RecordTable")
    assert not sent(backend, "/dispatch/orders/o1/actions")
    table.select_key("o1")
    assert "井盖缺失：改由 李四，晚 2 分 0 秒" in texts_of(widget)
    press(widget, "调出并派出")
    assert sent(backend, "/dispatch/orders/o1/actions")[0]["action"] == "cancel"
    orders = [(body["staff"], body["event"]) for body in sent(backend, "/dispatch/orders")]
    assert orders == [("s3", "e1"), ("s2", "e2")]


def test_coverage_comes_in_parts_onto_the_map_and_names_places_for_one_more(desk, panel, backend) -> None:
    part = {
        "parts": 2,
        "metres": 60.0,
        "points": [(117.15, 34.25), (117.16, 34.25)],
        "seconds": [100.0, None],
    }
    backend.answer("POST", "/dispatch/coverage", part)
    backend.answer("POST", "/dispatch/coverage/sites", [{"where": (117.16, 34.25), "places": 2}])
    widget = panel("onemap.dispatch.coverage")
    press(widget, "开始分析")
    assert [body["part"] for body in sent(backend, "/dispatch/coverage")] == [0, 1]
    (body,) = sent(backend, "/dispatch/coverage/sites")
    assert (body["unreached"], body["minutes"], body["means"]) == ([1, 3], 5, "bicycle")
    assert "50% 的道路在 5 分钟内无人可及" in texts_of(widget)
    assert "1" in desk.layer("onemap.dispatch.coverage_sites").shapes
    assert len(desk.layer("onemap.dispatch.coverage").lon) == 4
    press(widget, "清除")
    assert not desk.layer("onemap.dispatch.coverage_sites").shapes
