"""Help between stations on the desktop: asking, lending, who commands whom."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from console.model.records import Role, User
from console.sdk.records import Duty, HelpRequest, HelpState, Loan, Staff
from tests.plugins.dispatch.desktop.staging import buttons, child, desk, sent, texts_of

__all__ = ["desk"]
PANEL = "onemap.dispatch.help"
REQUEST = HelpRequest(
    id="h1",
    area="320302002",
    what="两名急救员",
    count=2,
    needed_by=1.0,
    until=2.0,
    by="东街",
    at=1.0,
    version=1,
)
FAR = Staff(id="f1", handle=9, name="赵六", area="320302002001", duty=Duty.ON, version=1)


def test_the_district_lends_staff_of_another_street(desk, panel, backend, qtbot) -> None:
    backend.answer("POST", "/dispatch/help/h1/grant", {})
    desk.put("help_request", REQUEST)
    desk.put("staff", FAR)
    widget = panel(PANEL)
    widget._requests.select_key("h1")
    assert [member.name for member in widget._staff.shown] == ["张三", "李四", "王五"]  # not their own
    for key in ("s1", "s2"):
        widget._staff.select_key(key)
        qtbot.keyClick(widget._staff.view, Qt.Key.Key_Return)
    buttons(widget)["借调 2 人"].click()
    assert sent(backend, "/dispatch/help/h1/grant") == [{"staff": ["s1", "s2"]}]


def test_a_street_asks_and_sends_home(desk, panel, backend) -> None:
    backend.user = User(
        id="u2", username="east", name="东街", role=Role.DISPATCHER, areas=("320302002",), rights=()
    )
    backend.answer("POST", "/dispatch/help", {})
    backend.answer("POST", "/dispatch/loans/s1/return", {})
    lent = Staff(
        id="s1",
        handle=1,
        name="张三",
        area="320302002",
        home="320302001001001",
        lent_until=desk.live.server_time + 3600,
        duty=Duty.ON,
        version=5,
    )
    desk.put("staff", lent, FAR)
    widget = panel(PANEL)
    assert "320302002指挥 2 人，其中借入 1 人" in texts_of(widget)
    widget._what.insert("两名急救员")
    widget._hours.setCurrentIndex(1)
    buttons(widget)["向区里申请"].click()
    (body,) = sent(backend, "/dispatch/help")
    assert (body["area"], body["count"], body["what"]) == ("320302002", 2, "两名急救员")
    widget._staff.select_key("s1")
    buttons(widget)["归还"].click()
    assert backend.requests[-1].path == "/dispatch/loans/s1/return"


def test_who_lent_sees_whom_and_the_mark_stands_in_the_list(desk, panel) -> None:
    desk.put(
        "loan",
        Loan(id="l1", staff="s9", name="钱七", area="320302001001", borrower="320302002", since=1, until=2),
    )
    desk.put("help_request", replace(REQUEST, state=HelpState.GRANTED))
    widget = panel(PANEL)
    assert "320302001指挥 3 人，借出 1 人" in texts_of(widget)
    lent = replace(desk.live.collection("staff").get("s2"), home="320302002001", version=9)
    desk.put("staff", lent)
    dispatch = panel("onemap.dispatch.dispatch")
    table = child(dispatch, "CandidateTable").view
    model = table.model()
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert any("借调" in str(text) for text in shown)


def test_a_request_is_told_to_the_district_once_and_counted(desk) -> None:
    desk.put("help_request", REQUEST)
    desk.put("help_request", replace(REQUEST, version=2))
    assert [note.text for note in desk.notifications] == ["320302002申请支援：两名急救员"]
    desk.put("help_request", replace(REQUEST, state=HelpState.GRANTED, version=3))
    assert len(desk.notifications) == 1  # the district knows what it has granted


def test_the_answer_is_told_to_who_asked(desk, backend) -> None:
    backend.user = User(
        id="u2", username="east", name="东街", role=Role.DISPATCHER, areas=("320302002",), rights=()
    )
    desk.put("help_request", REQUEST)
    assert desk.notifications == []
    desk.put("help_request", replace(REQUEST, state=HelpState.DECLINED, answer="人手不足", version=2))
    assert [(note.text, note.detail) for note in desk.notifications] == [
        ("支援申请未批准：两名急救员", "人手不足")
    ]
