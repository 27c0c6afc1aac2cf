"""The whole main job in the window: from an event on the map to its close, on real cities."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely
from PySide6.QtCore import Qt

from console.map.live.points import PointsLayer
from tests.acceptance.conftest import STAFF
from tests.acceptance.operator import ALT, CTRL, SHIFT, Operator
from tests.acceptance.screens import holds, run_on_a_screen_of
from tests.acceptance.witness import Witness

Key = Qt.Key
ORDER_STEPS = ["sent", "delivered", "read", "accepted", "under_way", "arrived", "done"]
EVENT_STEPS = {
    "Report": "reported",
    "Accept": "accepted",
    "Dispatch": "dispatched",
    "Handle": "handling",
    "Feed back": "fed_back",
    "Close the event": "closed",
}


@dataclass(frozen=True)
class Job:
    """What the operator of one city does."""

    language: str
    size: tuple[int, int]
    place: tuple[float, float]
    title: str
    reason: str


SHANGHAI = Job("zh_CN", (1920, 1080), (121.4737, 31.2304), "人民广场地铁口车辆起火", "车辆起火封路")


@dataclass(frozen=True)
class Way:
    """What was asked of the backend, its answer, and two neighbouring places on it."""

    asked: dict[str, Any]
    path: list[Any]
    seen: tuple[tuple[float, ...], tuple[float, ...]]


PORTO = Job("en", (3840, 2160), (-8.6109, 41.1496), "Car on fire at the station", "Car on fire")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_shanghai_in_chinese(
    demo: Callable[..., Any], open_console: Callable[..., Operator], shared_data: Path
) -> None:
    city = shared_data / "shanghai_center.osm.pbf"
    with demo(city=city, pace=8.0, refuse=0.0) as backend:
        play(SHANGHAI, backend, open_console)


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_porto_in_english_on_4k(
    request: pytest.FixtureRequest,
    demo: Callable[..., Any],
    open_console: Callable[..., Operator],
    shared_data: Path,
    templates: Path,
) -> None:
    if not holds(PORTO.size):
        run_on_a_screen_of(PORTO.size, request.node.nodeid, templates)
        return
    with demo(city=shared_data / "porto.osm.pbf", pace=8.0, refuse=0.0) as backend:
        play(PORTO, backend, open_console)


def play(job: Job, backend: Any, open_console: Callable[..., Operator]) -> None:
    """The job from sign-in to close."""
    ticket = backend.sign_in()
    operator = open_console(backend.url, language=job.language, size=job.size, ticket=ticket)
    play = Play(job, operator, Witness(backend.url, ticket))
    play.see_the_district()
    play.report_an_event()
    play.accept_it()
    play.see_who_could_go()
    play.close_the_road()
    play.send_one()
    play.watch_them_go()
    play.hear_the_report()
    play.close_the_event()
    play.read_the_history()


class Play:
    """One step of the job a method; each sees the window and the backend's records."""

    def __init__(self, job: Job, operator: Operator, witness: Witness) -> None:
        self.job, self.op, self.witness = job, operator, witness
        self.began = time.monotonic()
        self.event_id = self.staff = ""

    def events(self, text: str) -> str:
        return self.op.words("events", text)

    def dispatch(self, text: str) -> str:
        return self.op.words("dispatch", text)

    def mark(self, step: str) -> None:
        """Say when a step was reached and keep a picture."""
        print(f"{time.monotonic() - self.began:6.1f} s  {step}", flush=True)
        self.op.picture(step)

    # ---- the steps

    def see_the_district(self) -> None:
        op = self.op
        op.wait(lambda: op.reads(op.words("shell", "Online")), "the status bar says online", 120)
        self.mark("online")
        op.wait(lambda: {"road", "grid"} <= op.layers(), "the base layers are there")
        op.rest()
        self.mark("map-drawn")
        op.wait(lambda: self.staff_seen() > STAFF * 0.6, "those on duty are on the map", 60)
        self.mark("on-duty")
        op.press(Key.Key_U, CTRL | SHIFT)
        off_duty = op.words("staff", "Off duty")
        op.click_button(off_duty)
        op.wait(lambda: self.staff_listed() > STAFF * 0.875, "all staff are listed", 60)
        assert self.staff_seen() < STAFF * 0.875  # who is off duty is not located
        self.mark("all-staff")
        op.click_button(off_duty)
        op.press(Key.Key_E, CTRL)

    def report_an_event(self) -> None:
        op, (lon, lat) = self.op, self.job.place
        op.zoom_in(lon, lat, 15)
        op.press(Key.Key_N, CTRL)
        op.wait(lambda: op.map.tool, "the map asks where")
        self.mark("asks-where")
        op.click_map(lon, lat)
        op.wait(lambda: op.reads(self.events("New event")), "the form")
        op.wait(lambda: op.focus_is(self.events("What happened")), "the title has the focus")
        op.type(self.job.title)
        op.press(Key.Key_1, CTRL)
        op.press(Key.Key_Up, ALT)
        self.mark("form")
        op.press(Key.Key_Return)
        op.wait(lambda: self.listed(), "the event is in the list")
        self.mark("reported")
        # It is listed before it has been delivered.
        op.wait(lambda: self.witness.events(self.job.title), "the backend has the event")
        event = self.witness.event(self.job.title)
        self.event_id = event["id"]
        assert (event["state"], event["kind"], event["urgency"]) == ("reported", "fire", "urgent")
        assert math.dist(event["where"], self.job.place) < 5e-5  # a pixel

    def accept_it(self) -> None:
        op = self.op
        op.click_button(self.events("Accept"))
        op.wait(lambda: self.listed()[self.events("State")] == self.events("Accepted"), "accepted")
        self.mark("accepted")
        assert self.witness.event(self.job.title)["state"] == "accepted"

    def see_who_could_go(self) -> None:
        op = self.op
        asked = time.monotonic()
        op.wait(self.candidates, "candidates")
        print(f"          ranked {time.monotonic() - asked:.2f} s after the accept was seen")
        # Everybody moves eight times as fast as in life: window and witness ask at different moments.
        rows, able = op.wait(self.ranked_alike, "the list is the backend's")
        assert [row["#"] for row in rows[:3]] == ["1", "2", "3"]
        assert able[0]["reasons"] and able[0]["metres"] >= able[0]["straight_metres"] * 0.9
        self.staff = next(e["staff"] for e in able if e["name"] == rows[0][self.dispatch("Name")])
        self.mark("ranked")

    def close_the_road(self) -> None:
        """On the way of the first who comes from afar; whoever is on the closed piece may leave it."""
        op = self.op
        table = op.table("#", self.dispatch("ETA"))
        self.choose_from_afar()
        chosen = table.selected_key or ""
        way = op.wait(lambda: self.seen_way(chosen), "the way of the chosen one is drawn")
        before = self.candidates()
        op.press(Key.Key_2, CTRL | SHIFT)
        op.wait(lambda: op.map.tool, "the map asks for the line")
        for end in across(op, *way.seen):
            op.click_map(*end)
        self.mark("line-drawn")
        op.press(Key.Key_Return)
        op.wait(lambda: op.focus_is(self.dispatch("Reason of the closure")), "the reason is asked for")
        op.type(self.job.reason)
        op.press(Key.Key_Return)
        closure = op.wait(lambda: self.witness.get("/dispatch/closures"), "the closure is kept")[0]
        op.wait(lambda: self.candidates() and self.candidates() != before, "another list")
        op.wait(lambda: op.drawn("map.closure", way.seen[0], reach=26), "the closure is drawn")
        self.mark("road-closed")
        assert closure["reason"] == self.job.reason and closure["by"]
        assert self.witness.way(**way.asked) != way.path

    def send_one(self) -> None:
        op = self.op
        name = self.choose_from_afar()
        op.press(Key.Key_Return, CTRL)
        sent = time.monotonic()
        op.click_button(self.dispatch("Orders"))
        op.wait(lambda: self.order(name, "State"), "the order is listed")
        self.mark("sent")
        op.wait(lambda: self.witness.order(self.event_id)["state"] != "sent", "the device has the order")
        print(f"          order on the device {time.monotonic() - sent:.2f} s after the key")
        self.name = name

    def watch_them_go(self) -> None:
        op, under_way = self.op, self.dispatch("Under way")
        op.wait(lambda: self.order(self.name, "State") == under_way, "under way", 30)
        order = self.witness.order(self.event_id)
        path = order["route"]["path"]
        op.wait(lambda: op.drawn("map.route", *path), "the route is drawn")
        self.mark("under-way")
        self.order_id = order["id"]
        times: list[str] = []
        op.wait(lambda: self.counts_down(times) > 2, "the time counts down")
        self.mark("coming")

    def hear_the_report(self) -> None:
        op = self.op
        states = {self.dispatch("Arrived"), self.dispatch("Done")}
        op.wait(lambda: self.order(self.name, "State") in states, "arrived", 120)
        self.mark("arrived")
        op.wait(lambda: self.listed()[self.events("State")] == self.events("Fed back"), "fed back", 40)
        history = [each for each in self.witness.history(self.order_id) if each["action"] != "reroute"]
        steps = [(entry["state"], entry["actor"]) for entry in history]
        assert [state for state, _ in steps] == ORDER_STEPS
        assert all(actor for _, actor in steps)
        self.mark("fed-back")

    def close_the_event(self) -> None:
        op = self.op
        op.click_button(self.events("Close the event"))
        state = self.events("State")
        op.wait(lambda: self.listed()[state] == self.events("Closed"), "closed, and shown while it is chosen")
        self.mark("closed")
        assert self.witness.event(self.job.title)["state"] == "closed"

    def read_the_history(self) -> None:
        op = self.op
        for step in EVENT_STEPS:
            op.wait(lambda step=step: op.reads(f"{self.events(step)} · "), f"history shows {step}")
        history = self.witness.get(f"/events/{self.event_id}/history")
        assert [entry["state"] for entry in history] == [*EVENT_STEPS.values()]
        assert all(entry["actor"] and entry["at"] for entry in history)
        self.mark("history")

    # ---- what is read

    def staff_seen(self) -> int:
        """Staff that the map shows, near or far."""
        layer = self.op.layer("onemap.staff.positions")
        return len(layer) if isinstance(layer, PointsLayer) else 0

    def staff_listed(self) -> int:
        """Staff in the list, on duty or not."""
        return len(self.op.table(self.op.words("staff", "Battery"), self.op.words("staff", "Last fix")).shown)

    def listed(self) -> dict[str, str] | None:
        """The event's row in the list of open events."""
        rows = self.op.rows(self.events("Number"), self.events("Level"))
        return next((row for row in rows if row[self.events("Title")] == self.job.title), None)

    def candidates(self) -> list[dict[str, str]]:
        return self.op.rows("#", self.dispatch("ETA"))

    def ranked_alike(self) -> tuple[list[dict[str, str]], list[dict[str, Any]]] | None:
        """The list and the backend's, once the first of the list is among the backend's first."""
        answer = self.witness.post("/dispatch/rank", event=self.event_id, limit=30)
        able = [each for each in answer["candidates"] if each["able"]]
        rows = self.candidates()
        alike = rows and rows[0][self.dispatch("Name")] in {each["name"] for each in able[:5]}
        return (rows, able) if alike else None

    def order(self, name: str, title: str) -> str:
        """What the list of orders says about somebody in one column; empty when they are not in it."""
        rows = self.op.rows(self.dispatch("Arrives"), self.dispatch("Who"))
        found = [row for row in rows if row[self.dispatch("Who")] == name]
        return found[0][self.dispatch(title)] if found else ""

    def counts_down(self, times: list[str]) -> int:
        """How many different times to arrival were read."""
        times.append(self.order(self.name, "Arrives"))
        return len(set(times))

    def choose_from_afar(self) -> str:
        """Click the first candidate whose way is long enough to be seen beside symbols; their name."""
        table, rows = self.op.table("#", self.dispatch("ETA")), self.candidates()
        at = next(at for at, row in enumerate(rows) if self.is_far(row))
        self.op.click_row(table, at)
        return rows[at][self.dispatch("Name")]

    def is_far(self, candidate: dict[str, str]) -> bool:
        number, unit = candidate[self.dispatch("Way")].split()
        return unit in ("km", "公里") or float(number) >= 300

    def seen_way(self, staff: str) -> Way | None:
        """The way of *staff* by the backend, with two neighbouring places on it that the map shows."""
        trail = self.witness.get(f"/staff/{staff}/trail", minutes=5)["points"]
        means = self.witness.get(f"/staff/{staff}")["means"]
        asked = {"start": trail[-1][:2], "goal": self.witness.event(self.job.title)["where"], "means": means}
        path = self.witness.way(**asked)
        if not path:
            return None
        line = shapely.LineString(path)
        for share in (0.6, 0.5, 0.7, 0.4, 0.3, 0.8):
            at, ahead = (line.interpolate(s, normalized=True).coords[0] for s in (share, share + 0.02))
            if self.op.drawn("map.selection", at):
                return Way(asked, path, (at, ahead))
        return None


def across(op: Operator, at: Sequence[float], ahead: Sequence[float]) -> list[tuple[float, float]]:
    """Both ends of a line of 44 pixels over the way from *at* to *ahead*."""
    (x, y), (x2, y2) = op.map.viewport.pixel_of(*at), op.map.viewport.pixel_of(*ahead)
    length = math.hypot(x2 - x, y2 - y)
    dx, dy = (y2 - y) / length * 22, (x - x2) / length * 22
    return [op.map.viewport.place_at(x + side * dx, y + side * dy) for side in (-1, 1)]
