"""Ready texts and rules for silence on the desktop: made, changed, deleted, and each of it undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from console.sdk import Rejected
from console.sdk.records import EscalationRule, OrderTemplate, Then
from tests.plugins.dispatch.desktop.staging import buttons, child, desk

__all__ = ["desk"]
PANEL = "onemap.dispatch.order_settings"
TEXT = OrderTemplate(id="t1", kind="fire", zh="带灭火器", en="Bring an extinguisher", version=1)
RULE = EscalationRule(id="r1", remind_after=120.0, escalate_after=300.0, version=1)


@pytest.fixture
def settings(desk, panel):
    """The panel with one text and one rule."""
    desk.put("order_template", TEXT)
    desk.put("order_rule", RULE)
    return panel(PANEL)


def editor(widget, name: str):
    """The editor whose form is called *name*."""
    editors = [part for part in widget.findChildren(QWidget) if type(part).__name__ == "Editor"]
    return next(part for part in editors if type(part._form).__name__ == name)


def changes(backend) -> list[tuple[str, str, object]]:
    return [(r.method, r.path, r.body) for r in backend.requests if r.method in ("PUT", "DELETE")]


def line(widget, name: str) -> QLineEdit:
    return next(each for each in widget.findChildren(QLineEdit) if each.accessibleName() == name)


def test_a_text_is_changed_and_put_back(desk, settings, backend) -> None:
    backend.answer("PUT", "/dispatch/templates/t1", {"version": 2})
    texts = editor(settings, "TextForm")
    texts._table.select_key("t1")
    assert line(texts, "英文内容").text() == "Bring an extinguisher"
    line(texts, "中文内容").setText("带水带")
    buttons(texts)["保存"].click()
    desk.clock.advance(0.1)
    desk.put("order_template", replace(TEXT, zh="带水带", version=2))
    assert texts._table.shown[0].zh == "带水带"
    note = desk.notifications[-1]
    assert note.text == "已保存：火情 · 带水带"
    note.action[1]()
    desk.clock.advance(0.1)
    said = [body["zh"] for _, _, body in changes(backend)]
    assert said == ["带水带", "带灭火器"]


def test_what_somebody_else_has_changed_since_is_not_undone(desk, settings, backend) -> None:
    backend.answer("PUT", "/dispatch/templates/t1", {"version": 2})
    texts = editor(settings, "TextForm")
    texts._table.select_key("t1")
    buttons(texts)["保存"].click()
    desk.clock.advance(0.1)
    desk.put("order_template", replace(TEXT, zh="另一人写的", version=3))
    desk.notifications[-1].action[1]()
    desk.clock.advance(0.1)
    assert len(changes(backend)) == 1
    assert desk.notifications[-1].text == "他人已作修改，未撤销"


def test_a_text_is_made_deleted_and_brought_back(desk, settings, backend) -> None:
    backend.answer("DELETE", "/dispatch/templates/t1", {"id": "t1"})
    backend.answer("PUT", "/dispatch/templates/t1", {"version": 4})
    texts = editor(settings, "TextForm")
    buttons(texts)["新建"].click()
    buttons(texts)["保存"].click()  # nothing is written yet
    assert changes(backend) == []
    texts._table.select_key("t1")
    buttons(texts)["删除"].click()
    desk.clock.advance(0.1)
    desk.drop("order_template", "t1")
    desk.notifications[-1].action[1]()
    desk.clock.advance(0.1)
    assert [method for method, _, _ in changes(backend)] == ["DELETE", "PUT"]
    assert changes(backend)[1][2] == {"kind": "fire", "zh": "带灭火器", "en": "Bring an extinguisher"}


def test_a_rule_keeps_its_order_of_times_and_a_refusal_is_told(desk, settings, backend) -> None:
    backend.answer("PUT", "/dispatch/escalations/r1", Rejected("该类别和级别已有规则", status=409))
    child(settings, "Tabs").turn(1)
    rules = editor(settings, "RuleForm")
    rules._table.select_key("r1")
    form = rules._form
    form._remind.setValue(400)
    assert form._escalate.value() == 401
    form._then.setCurrentIndex(form._then.findData(Then.SEND_NEXT))
    rules.save()
    desk.clock.advance(0.1)
    ((_, _, body),) = changes(backend)
    assert body == {
        "kind": "",
        "urgency": "",
        "remind_after": 400,
        "escalate_after": 401,
        "then": "send_next",
    }
    assert desk.notifications[-1].detail == "该类别和级别已有规则"


def test_who_may_not_set_them_reads_them_all_the_same(desk, settings, backend) -> None:
    backend.rights = {"order_texts.read"}
    backend.set_connected(True)
    desk.clock.advance(0.1)
    texts = editor(settings, "TextForm")
    texts._table.select_key("t1")
    assert "保存" not in buttons(texts)
    assert "删除" not in buttons(texts)
    assert not line(texts, "中文内容").isEnabled()
