"""A report that waits is withdrawn, with all that waits for it."""

from __future__ import annotations

from console.sdk import Waiting
from tests.plugins.events.desktop.staging import PANEL, click, desk
from tests.plugins.events.desktop.test_events import report_while_away, write

__all__ = ["desk"]


def test_an_order_for_a_withdrawn_report_goes_with_it_and_comes_back_with_it(
    desk, panel, qtbot, backend
) -> None:
    widget = panel(PANEL)
    report_while_away(desk, backend)
    write(qtbot, widget, "油罐车侧翻")
    order = {"id": "o1", "event": backend.kept[0].body["id"], "staff": "s1"}
    backend.keep(
        Waiting(id="o1", title="派单", method="POST", path="/dispatch/orders", body=order, since=1.0)
    )
    click(qtbot, widget, "撤回")
    assert not backend.kept
    told = desk.notifications[-1]
    assert told.text == "已撤回：油罐车侧翻，及其待发送的 1 条派单"
    told.action[1]()
    assert [entry.path for entry in backend.kept] == ["/events", "/dispatch/orders"]
