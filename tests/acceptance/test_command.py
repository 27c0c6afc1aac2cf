"""Command by keyboard alone: a closure, two refusals, silence, help between stations, SOS on the way."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from console.sdk.ui import RecordTable
from tests.acceptance.operator import ALT, CTRL, SHIFT, Operator
from tests.acceptance.screens import holds, run_on_a_screen_of
from tests.acceptance.server import USERNAME, Backend
from tests.acceptance.test_faults import sign_in
from tests.acceptance.witness import Witness

Key = Qt.Key
SIZES = {"zh_CN": (1920, 1080), "en": (3840, 2160)}
PLACE = (121.4737, 31.2304)
NEAR = 60
"""So many of the staff who live nearest report where they are."""
WORDS = {
    "zh_CN": ("人民广场地铁口起火", "火场封路", "火场外围需要人手", "已联系本人，正在处置"),
    "en": ("Fire at the metro station", "Fire ahead", "People needed around the fire", "Talked to them"),
}
"""Title of the event, reason of the closure, what help is asked for, what was done about the SOS."""


@pytest.fixture
def backend(shanghai: Path, tmp_path: Path) -> Iterator[Backend]:
    """The centre of Shanghai; an urgent fire's order that nobody answers is escalated after three seconds."""
    with Backend(shanghai, tmp_path / "backend") as running:
        rule = {"kind": "fire", "urgency": "urgent", "remind_after": 1, "escalate_after": 3}
        running.give(USERNAME, "PUT", "/dispatch/escalations/fire-urgent", rule)
        yield running


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("language", list(SIZES))
def test_command_by_keyboard_alone(
    qapp: QApplication, language: str, request: pytest.FixtureRequest, templates: Path
) -> None:
    if not holds(SIZES[language]):
        run_on_a_screen_of(SIZES[language], request.node.nodeid, templates)
        return
    backend: Backend = request.getfixturevalue("backend")
    open_console: Callable[..., Operator] = request.getfixturevalue("open_console")
    op = open_console(backend.url, language=language, size=SIZES[language])
    sign_in(op)
    command = Command(op, backend, language)
    command.see_who_is_there()
    command.go_to_the_place()
    command.report_an_event()
    command.close_a_road()
    for reason in ("正在处理其他事件", "车辆故障"):
        command.be_refused(reason)
    command.meet_silence()
    lent = command.get_help_from_another_street()
    command.send_who_was_lent(lent)
    command.hear_a_call_for_help(lent)


class Command:
    """One step a method: keys, what is then seen, and what the backend has kept."""

    def __init__(self, op: Operator, backend: Backend, language: str) -> None:
        self.op, self.backend = op, backend
        self.witness = Witness(backend.url, backend.sign_in())
        self.title, self.reason, self.plea, self.done = WORDS[language]
        self.began = time.monotonic()
        self.sent: set[str] = set()

    def dispatch(self, text: str, **names: str) -> str:
        return self.op.words("dispatch", text).format(**names) if names else self.op.words("dispatch", text)

    def staff(self, text: str) -> str:
        return self.op.words("staff", text)

    def mark(self, step: str) -> None:
        """Say when a step was reached and keep a picture."""
        print(f"{time.monotonic() - self.began:6.1f} s  {step}", flush=True)
        self.op.picture(step)

    # ---- the steps

    def see_who_is_there(self) -> None:
        op = self.op
        QCursor.setPos(op.window.mapToGlobal(QPoint(2, 2)))  # the pointer takes no part
        op.wait(lambda: op.reads(op.words("shell", "Online")), "online", 60)
        near = sorted(self.backend.devices, key=lambda each: math.dist(each["home"], PLACE))[:NEAR]
        self.station = near[0]["area"][:9]
        for each in near:
            self.backend.report(each["staff"], each["home"])
        op.wait(lambda: len(op.layer("onemap.staff.positions") or ()) > NEAR // 3, "staff on the map")  # type: ignore[arg-type]

    def go_to_the_place(self) -> None:
        op = self.op
        op.press(Key.Key_F, CTRL)
        field = self.op.words("one_map", "Address, road, place, person, or coordinates")
        op.wait(lambda: op.focus_is(field), "the search field has the focus")
        op.type(f"{PLACE[0]}, {PLACE[1]}")
        op.wait(lambda: any(each.count() == 1 for each in op.shown(QListWidget)), "the place is found")
        op.press(Key.Key_Return)
        op.wait(lambda: math.dist(op.map.viewport.center, PLACE) < 1e-4, "the map goes there")
        op.rest()
        self.mark("place")

    def report_an_event(self) -> None:
        op, events = self.op, "events"
        op.press(Key.Key_N, CTRL)
        op.wait(lambda: op.map.tool, "the map asks where")
        op.press(Key.Key_Return)
        op.wait(lambda: op.focus_is(op.words(events, "What happened")), "the form")
        op.type(self.title)
        op.press(Key.Key_1, CTRL)
        op.press(Key.Key_Up, ALT)
        op.press(Key.Key_Return)
        self.event = op.wait(self.kept_event, "the event is kept")
        assert (self.event["kind"], self.event["urgency"]) == ("fire", "urgent")
        assert math.dist(self.event["where"], PLACE) < 1e-4
        op.wait(lambda: op.reads(op.words(events, "Accept")), "it can be accepted")
        op.press(Key.Key_Return, CTRL | SHIFT)
        op.wait(lambda: self.witness.event(self.title)["state"] == "accepted", "accepted")
        self.mark("accepted")

    def close_a_road(self) -> None:
        """Some steps beside the fire, at the crosshair; the list by road is made anew."""
        op = self.op
        op.wait(self.candidates, "candidates")
        op.press(Key.Key_1, CTRL | SHIFT)
        op.wait(lambda: op.map.tool, "the map asks where")
        op.press(Key.Key_Right, SHIFT)
        op.press(Key.Key_Down)
        self.mark("aim")
        op.press(Key.Key_Return)
        op.wait(lambda: op.focus_is(self.dispatch("Reason of the closure")), "the reason is asked for")
        op.type(self.reason)
        op.press(Key.Key_Return)
        op.wait(lambda: op.reads(f"{self.dispatch('Closures')} 1"), "the closure is counted")
        (closure,) = self.witness.get("/dispatch/closures")
        assert (closure["reason"], closure["by"]) == (self.reason, "张调度")
        op.wait(lambda: op.drawn("map.closure", closure["points"][0], reach=26), "the closure is drawn")
        self.mark("road-closed")

    def be_refused(self, reason: str) -> None:
        op = self.op
        staff, name, order = self.send_the_proposed()
        self.backend.act(staff, order, "delivered", "read")
        self.backend.act(staff, order, "refuse", note=reason)
        said = self.dispatch("{name} has refused: {title}", name=name, title=self.title)
        op.wait(lambda: op.reads(said), "the refusal is told")
        op.wait(lambda: self.order(name) == self.dispatch("Refused"), "the refusal is listed")
        op.wait(lambda: self.proposed() not in ("", name), "somebody else is proposed")
        self.mark("refused")

    def meet_silence(self) -> None:
        """A phone that got the order stays silent: reminded, then told; the order is taken back."""
        op = self.op
        staff, name, order = self.send_the_proposed()
        self.backend.act(staff, order, "delivered")
        silence = self.dispatch("no answer")
        op.wait(lambda: silence in self.order(name), "the silence is listed", 40)
        said = self.dispatch("{name} does not answer: {title}", name=name, title=self.title)
        op.wait(lambda: op.reads(said), "the silence is told")
        self.mark("no-answer")
        steps = [each["action"] for each in self.witness.history(order)]
        assert steps[:2] == ["send", "delivered"] and steps[-1] == "escalate"  # reminded, if there was time
        op.press(Key.Key_D, CTRL)
        self.choose(op.table(self.dispatch("Arrives"), self.dispatch("Who")), order)
        self.tab_to(self.dispatch("Cancel the order"))
        op.press(Key.Key_Space)
        op.wait(lambda: self.order(name) == self.dispatch("Cancelled"), "the order is taken back")

    def get_help_from_another_street(self) -> str:
        """The street asks by its own console; the district lends by keys. Gives the staff id."""
        op = self.op
        now = time.time()
        times = {"needed_by": now + 600, "until": now + 7200}
        plea = {"id": str(uuid.uuid4()), "area": self.station, "what": self.plea, "count": 1} | times
        self.backend.give(self.station, "POST", "/dispatch/help", plea)
        op.wait(lambda: op.reads(self.plea), "the request is told")
        self.mark("help-asked")
        op.press(Key.Key_H, CTRL | SHIFT)
        requests = op.wait(lambda: self.focused_table(), "the requests have the focus")
        self.choose(requests, plea["id"])
        lending = op.wait(lambda: self.table_of("Commanded by"), "who could be lent")
        member = next(each for each in lending.shown if not each.area.startswith(self.station))
        self.choose(lending, member.id)
        op.press(Key.Key_Return)
        self.mark("marked")
        self.tab_to(self.dispatch("Lend"))
        op.press(Key.Key_Space)
        op.wait(lambda: self.witness.get("/dispatch/loans"), "the loan is kept")
        granted = self.dispatch("Granted")
        op.wait(
            lambda: [r[self.dispatch("State")] for r in op.rows(self.dispatch("Station"))] == [granted],
            "granted",
        )
        self.mark("lent")
        return member.id

    def send_who_was_lent(self, staff: str) -> None:
        op = self.op
        member = self.witness.get(f"/staff/{staff}")
        assert member["area"] == self.station and member["home"]
        self.backend.report(staff, (PLACE[0] + 0.004, PLACE[1] + 0.003))
        op.press(Key.Key_D, CTRL)
        op.wait(lambda: self.noted(member["name"], self.dispatch("Lent")), "the lent one is listed", 40)
        self.choose(op.table("#", self.dispatch("ETA")), staff)
        op.press(Key.Key_Return)
        order = op.wait(self.new_order, "the order is kept")["id"]
        self.backend.act(staff, order, "delivered", "read", "accept", "start")
        under_way = self.dispatch("Under way")
        op.wait(lambda: self.order(member["name"]) == under_way, "under way")
        self.mark("under-way")

    def hear_a_call_for_help(self, staff: str) -> None:
        op, name = self.op, self.witness.get(f"/staff/{staff}")["name"]
        self.backend.report(staff, (PLACE[0] + 0.0035, PLACE[1] + 0.0025), alarm="sos")
        said = self.staff("SOS: {name}, {area}").partition("{name}")[0] + name
        op.wait(lambda: op.reads(said), "the call is told")
        op.wait(lambda: len(op.layer("onemap.staff.sos") or ()), "the call is on the map")  # type: ignore[arg-type]
        self.mark("sos")
        op.press(Key.Key_F9, CTRL | SHIFT)
        alarms = op.wait(lambda: self.focused_table(), "the alarms have the focus")
        self.choose(alarms, next(each.id for each in alarms.shown if each.staff == staff))
        op.wait(lambda: op.reads(f"{name} · {self.staff('Calls for help')}"), "everything about the call")
        near = self.table_named(self.staff("Colleagues nearby"))
        op.wait(lambda: any(each.seconds is not None for each in near.shown), "who is near, by road")
        self.mark("sos-everything")
        self.tab_to(self.staff("What was done"))
        op.type(self.done)
        op.press(Key.Key_Return)
        op.wait(lambda: self.taken_by(staff) == "张调度", "who looks after it is seen")
        self.mark("sos-seen")

    # ---- hands

    def send_the_proposed(self) -> tuple[str, str, str]:
        """Ctrl+Enter sends whom the panel proposes: staff id, name, order id."""
        op = self.op
        name = op.wait(self.proposed, "somebody is proposed")
        op.press(Key.Key_Return, CTRL)
        order = op.wait(self.new_order, "the order is kept")
        assert self.witness.get(f"/staff/{order['staff']}")["name"] == name
        op.wait(lambda: self.order(name), "the order is listed")
        return order["staff"], name, order["id"]

    def tab_to(self, name: str) -> QWidget:
        """Tab until the focus is on what bears that name."""
        seen: list[str] = []
        for _ in range(60):
            focus = QApplication.focusWidget()
            seen.append(_name_of(focus))
            if focus is not None and seen[-1] == name:
                return focus
            self.op.press(Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {name}, but to {seen}")

    def choose(self, table: RecordTable, key: str) -> None:
        """Tab to a table, then arrows to the row of *key*."""
        for _ in range(60):
            if QApplication.focusWidget() is table.view:
                break
            self.op.press(Key.Key_Tab)
        for _ in range(len(table.shown) + 1):
            if table.selected_key == key:
                return
            down = table.view.currentIndex().row() < table.view.model().row_of(key)  # type: ignore[attr-defined]
            self.op.press(Key.Key_Down if down else Key.Key_Up)
        raise AssertionError(f"the arrows do not lead to {key}")

    # ---- eyes

    def kept_event(self) -> dict[str, Any] | None:
        return next((e for e in self.witness.get("/events", state="all") if e["title"] == self.title), None)

    def candidates(self) -> list[dict[str, str]]:
        return self.op.rows("#", self.dispatch("ETA"))

    def noted(self, name: str, remark: str) -> bool:
        """Whether a candidate's row bears a remark."""
        name_, against = self.dispatch("Name"), self.dispatch("Against")
        return any(row[name_] == name and remark in row[against] for row in self.candidates())

    def proposed(self) -> str:
        """Name on the button that sends."""
        before = self.dispatch("Send {name}").partition("{name}")[0]
        found = [text for text in self.op.texts() if text.startswith(before) and text != before]
        return found[0].removeprefix(before) if found else ""

    def new_order(self) -> dict[str, Any] | None:
        """An order for the event that was not known before."""
        for order in self.witness.get("/dispatch/orders", state="all"):
            if order["event"] == self.event["id"] and order["id"] not in self.sent:
                self.sent.add(order["id"])
                return order
        return None

    def order(self, name: str) -> str:
        """State of somebody's order in the list, empty without one."""
        rows = self.op.rows(self.dispatch("Arrives"), self.dispatch("Who"))
        return next((r[self.dispatch("State")] for r in rows if r[self.dispatch("Who")] == name), "")

    def focused_table(self) -> RecordTable | None:
        """The table that the keys go to."""
        focus = QApplication.focusWidget()
        return next((table for table in self.op.shown(RecordTable) if table.view is focus), None)

    def table_of(self, title: str) -> RecordTable | None:
        """The dispatch table in sight with that column, once it has rows."""
        table = self.op.table(self.dispatch(title))
        return table if table.shown else None

    def table_named(self, name: str) -> RecordTable:
        return next(t for t in self.op.shown(RecordTable) if t.view.accessibleName() == name)

    def taken_by(self, staff: str) -> str:
        """Who has seen the alarm of somebody, as the list says."""
        name = self.witness.get(f"/staff/{staff}")["name"]
        rows = self.op.rows(self.staff("Alarm"), self.staff("Seen by"))
        return next((r[self.staff("Seen by")] for r in rows if r[self.staff("Name")] == name), "")


def _name_of(widget: QWidget | None) -> str:
    """What a screen reader would say: the name, else the text of a button."""
    if widget is None:
        return ""
    return widget.accessibleName() or str(widget.property("text") or "")
