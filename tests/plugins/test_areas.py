"""No endpoint of a server half shows or changes a record of another street.

Every route that the application mounts for our plugins must be named here, so a
new endpoint without such a test fails.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

import pytest

from plugins.events.model import EventAction
from tests.plugins.city import BASE, EAST, WEST, City, grid_of

OURS = ("/staff", "/events", "/dispatch", "/cameras", "/stations", "/grids")
LISTS = [
    "/staff",
    "/events?state=all",
    "/cameras",
    "/stations",
    "/dispatch/orders?state=all",
    "/dispatch/closures",
    "/dispatch/closures/history",
    "/dispatch/help",
    "/dispatch/loans",
    "/staff/duty/now",
    "/staff/duty/leave",
    "/staff/duty/handovers",
    "/staff/alarms",
    "/staff/alarms/ranges",
    "/staff/patrols",
    "/grids/plans",
]
REASON = {"reason": "测试越权访问"}
STRETCH = {"since": 1.7e9, "until": 1.7e9 + 60}
PATROL = {
    "name": "越权",
    "path": [(121.47, 31.23), (121.48, 31.23)],
    "days": ["mon"],
    "starts": 0,
    "ends": 60,
}
GROUP = {"id": "group-of-east", "text": "越权"}
DRAFT = {"put": [{"code": grid_of(WEST), "name": "越权", "polygons": []}], "gone": {}, "base": {}}
ON_RECORDS: list[tuple[str, str, Any]] = [
    ("GET", "/staff/{staff_id}", None),
    ("GET", "/staff/{staff_id}/trail", None),
    ("POST", "/staff/{staff_id}/duty", {"duty": "off", "reason": "测试越权访问"}),
    ("PUT", "/staff/duty/week", {"cells": [{"staff": "{staff_id}", "day": "mon", "shift": "day"}]}),
    ("POST", "/staff/duty/leave", {"staff": "{staff_id}", "since": 1.0, "until": 3.9e9}),
    ("DELETE", "/staff/duty/leave/{leave_id}", None),
    ("POST", "/staff/duty/handovers/{handover_id}/take", None),
    ("POST", "/staff/alarms/{alarm_id}/acknowledge", {}),
    ("PUT", "/staff/patrols/{patrol_id}", PATROL | {"area": EAST}),
    ("DELETE", "/staff/patrols/{patrol_id}", None),
    ("POST", "/staff/patrols", PATROL | {"area": EAST, "staff": ["{staff_id}"]}),
    ("POST", "/staff/tracks", {"staff": ["{staff_id}"], "since": 1.7e9, "until": 1.7e9 + 60} | REASON),
    ("GET", "/staff/{staff_id}/range", None),
    ("PUT", "/staff/{staff_id}/range", {"areas": []}),
    ("POST", "/staff/{staff_id}/sos/clear", None),
    ("POST", "/staff/{staff_id}/unmask", REASON),
    ("GET", "/events/{event_id}", None),
    ("GET", "/events/{event_id}/history", None),
    *[("POST", "/events/{event_id}/actions", {"action": action}) for action in EventAction],
    ("POST", "/events/{event_id}/correct", {"title": "越权"}),
    ("POST", "/events/{event_id}/unmask", REASON),
    ("GET", "/events/{event_id}/assessment", None),
    ("POST", "/events/{event_id}/assessment", {"score": 1}),
    ("GET", "/dispatch/orders/{order_id}/history", None),
    ("GET", "/dispatch/orders/{order_id}/ranking", None),
    ("GET", "/dispatch/orders/{order_id}/steps", None),
    ("POST", "/dispatch/orders/{order_id}/actions", {"action": "cancel"}),
    ("DELETE", "/dispatch/closures/{closure_id}", None),
    ("GET", "/dispatch/closures/{closure_id}/shapes", None),
    ("PATCH", "/dispatch/closures/{closure_id}", {"version": 1, "points": [(121.47, 31.23)]}),
    ("POST", "/dispatch/rank", {"event": "{event_id}"}),
    ("POST", "/dispatch/why", {"event": "{event_id}", "name": "王"}),
    ("POST", "/dispatch/team", {"event": "{event_id}", "seats": [{}]}),
    ("POST", "/dispatch/several", {"events": [{"event": "{event_id}"}]}),
    ("POST", "/dispatch/release", {"event": "{event_id}"}),
    ("POST", "/dispatch/orders", {"event": "{event_id}", "staff": "s201", "anyway": True}),
    ("GET", "/dispatch/orders/{order_id}/attachments/{attachment_id}", None),
    ("POST", "/dispatch/orders/{order_id}/attachments", {"attachments": ["0" * 64]}),
    ("POST", "/dispatch/groups/{group_id}/actions", {"action": "cancel"}),
    ("POST", "/dispatch/groups", GROUP | {"select": {"staff": ["s201"]}, "event": "{event_id}"}),
    ("POST", "/dispatch/help/{help_id}/grant", {"staff": ["s201"]}),
    ("POST", "/dispatch/help/{help_id}/actions", {"action": "withdraw"}),
    ("POST", "/dispatch/loans/{staff_id}/return", None),
    ("POST", "/cameras/{camera_id}/ticket", {}),
    ("POST", "/cameras/{camera_id}/steering", {}),
    ("GET", "/cameras/{camera_id}/steering", None),
    ("GET", "/cameras/{camera_id}/pose", None),
    ("POST", "/cameras/{camera_id}/turn", {"pan": 0, "tilt": 0}),
    ("GET", "/cameras/{camera_id}/recordings?since=1.7e9&until=1.70000001e9", None),
    ("POST", "/cameras/{camera_id}/replay", STRETCH),
    ("POST", "/cameras/{camera_id}/export", STRETCH | REASON),
    ("POST", "/cameras/{camera_id}/keep", STRETCH | {"what": "clip"}),
    ("GET", "/grids/plans/{plan_id}", None),
    ("POST", "/grids/plans/{plan_id}/check", None),
    ("DELETE", "/grids/plans/{plan_id}?version=1", None),
]
OF_STAFF: list[tuple[str, str, Any]] = [
    ("POST", "/dispatch/orders", {"event": "{own_event}", "staff": "s101", "anyway": True}),
    ("POST", "/dispatch/orders", {"event": "{own_event}", "staff": "of-no-street", "anyway": True}),
    ("POST", "/dispatch/groups/preview", {"staff": ["s101"]}),
    ("POST", "/dispatch/groups/preview", {"staff": ["of-no-street"]}),
    ("POST", "/dispatch/groups", GROUP | {"select": {"area": WEST}}),
]
"""Others' staff are refused as those are who do not exist."""
OF_DISTRICT: list[tuple[str, str, Any]] = [
    ("PUT", "/dispatch/templates/{item_id}", {"zh": "越权"}),
    ("DELETE", "/dispatch/templates/{item_id}", None),
    ("PUT", "/dispatch/escalations/{item_id}", {"remind_after": 60, "escalate_after": 120}),
    ("DELETE", "/dispatch/escalations/{item_id}", None),
    ("PUT", "/staff/alarms/rules/{item_id}", {"silent_minutes": 5, "range_digits": 9}),
    ("DELETE", "/staff/alarms/rules/{item_id}", None),
    ("PUT", "/staff/duty/shifts/{item_id}", {"name_zh": "白班", "name_en": "Day", "starts": 0, "ends": 60}),
    ("DELETE", "/staff/duty/shifts/{item_id}", None),
]
"""They hold for all streets."""
OF_PLACES: list[tuple[str, str, Any]] = [
    ("POST", "/events", {"title": "越界", "where": "there"}),
    ("POST", "/dispatch/rank", {"where": "there"}),
    ("POST", "/dispatch/why", {"where": "there", "name": "王"}),
    ("POST", "/dispatch/closures", {"shape": "point", "points": ["there"]}),
    ("POST", "/staff/patrols", PATROL | {"area": WEST}),
    ("POST", "/staff/patrols/coverage", {"area": WEST, "day": "2026-01-05"} | REASON),
    ("POST", "/staff/duty/handovers", {"area": "310101001001001", "note": "越界"}),
    ("PUT", "/grids/plans/plan-of-east", {"title": "越界", "draft": DRAFT}),
    ("POST", "/grids/check", DRAFT),
]
OF_DEVICES = {
    "/dispatch/device/orders",
    "/dispatch/device/orders/{order_id}",
    "/dispatch/device/orders/{order_id}/steps",
    "/dispatch/device/orders/{order_id}/attachments/{attachment_id}",
}
"""See test_dispatch, test_command and test_results_rest."""
WEEKS = {"/staff/duty/week", "/staff/duty/week/copy", "/staff/patrols/report/{day}", "/staff/workload"}
"""Cut by area without a record in the path; see test_duty, test_patrols, test_workload."""
OF_ASKED_AREAS = {
    "/dispatch/rules",
    "/dispatch/rules/{kind}",
    "/dispatch/coverage",
    "/dispatch/coverage/sites",
    "/dispatch/reach",
    "/events/assessments",
}
"""Cut by the area or place that is asked for; see test_choosing, test_coverage, test_results_rest and
events/server/test_assessment."""
OF_EDITORS = {
    "/grids/plans/{plan}/force",
    "/grids/revisions",
    "/grids/revisions/{revision}/restore",
    "/grids/retired",
}
"""For whoever may change grids, of their own areas; see grids/server/test_plans."""
OF_CAMERAS = {
    *(f"/cameras/{name}" for name in ("viewings", "view-rules", "import")),
    *(f"/cameras/{name}" for name in ("tickets/renew", "tickets/end", "health/gone", "health/units")),
    *(f"/cameras/{name}" for name in ("replays/renew", "replays/end", "exports/written", "recorders/{id}")),
    *(
        f"/cameras/{name}"
        for name in ("devices", "devices/{id}", "devices/discover", "devices/{id}/channels")
    ),
    *(f"/cameras/{name}" for name in ("devices/{id}/link", "devices/{id}/unlink")),
    *(f"/cameras/steering/{name}" for name in ("stay", "release")),
    *(f"/cameras/{{id}}/steering/{{claim}}/{name}" for name in ("move", "point", "aim", "go")),
    *(f"/cameras/{{id}}/steering/{{claim}}/{name}" for name in ("presets", "presets/forget")),
}
"""Cut by area, one's own, or of administrators; see test_viewing, test_import, test_health, test_playback,
test_devices and test_steering in cameras/server."""
OF_CALLER = {"/dispatch/help", "/dispatch/attachments", "/staff/enrol", "/staff/alarms/ranges/within"}
"""Of one's own station, files or grids: see test_stations, test_command, test_limits, cli/test_staff."""
OF_EVERYBODY = {
    *(f"/dispatch/{roads}" for roads in ("route", "guide", "graph", "tour", "match", "where")),
    "/staff/alarms/rules",
    "/staff/duty/shifts",
}
"""Roads are public, and so is what holds for all; nothing in it belongs to an area."""


@pytest.fixture(scope="module")
def foreign(city: City) -> Iterator[dict[str, str]]:
    """Ids of records of the western street, for callers of the eastern one."""
    city.report("s100", city.places[WEST][0])
    event = city.new_event()
    order = city.ok("whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": "s100"})
    body = {"shape": "point", "points": [city.places[WEST][30]]}
    closure = city.ok("west", "POST", "/dispatch/closures", body)
    ended = city.ok("west", "POST", "/dispatch/closures", body)
    city.ok("west", "DELETE", f"/dispatch/closures/{ended['id']}")
    help_id = ask_for_help(city, "west", WEST)
    lent = {"staff": ["s108"]}
    city.ok("whole", "POST", f"/dispatch/help/{ask_for_help(city, 'east', EAST)}/grant", lent)
    group = {"id": "group-of-west", "select": {"staff": ["s103"]}, "text": "集合"}
    leave = {"staff": "s109", "since": 1.0, "until": time.time() + 3600}
    note = {"area": grid_of(WEST), "note": "交接"}
    city.report("s110", city.places[WEST][0], alarm="sos")
    alarms = city.until(lambda: [a for a in city.ok("west", "GET", "/staff/alarms") if a["staff"] == "s110"])
    city.ok("west", "PUT", "/staff/s107/range", {"areas": [WEST]})
    yield {
        "plan_id": plan_of(city, "west", grid_of(WEST)),
        "patrol_id": city.ok("west", "POST", "/staff/patrols", PATROL | {"area": WEST})["id"],
        "alarm_id": alarms[0]["id"],
        "leave_id": city.ok("west", "POST", "/staff/duty/leave", leave)["id"],
        "handover_id": city.ok("west", "POST", "/staff/duty/handovers", note)["id"],
        "staff_id": "s100",
        "event_id": event["id"],
        "order_id": order["id"],
        "closure_id": closure["id"],
        "own_event": "e2",
        "attachment_id": "0" * 64,
        "group_id": city.ok("west", "POST", "/dispatch/groups", group)["id"],
        "help_id": help_id,
        "item_id": "medic",
        "camera_id": "c10",
    }


def plan_of(city: City, who: str, code: str) -> str:
    """Id of a new plan that gives a grid another name."""
    outline = city.ok(who, "GET", f"/areas/{code}/outline")["polygons"]
    polygons = [[[[round(x * 1e7), round(y * 1e7)] for x, y in ring] for ring in rings] for rings in outline]
    draft = {"put": [{"code": code, "name": "新名称", "polygons": polygons}]}
    return city.ok(who, "PUT", f"/grids/plans/plan-of-{who}", {"title": "更名", "draft": draft})["id"]


def ask_for_help(city: City, who: str, area: str) -> str:
    """Id of a new request of *area* for more staff."""
    now = time.time()
    body = {"id": f"help-{who}", "area": area, "what": "增援", "count": 1}
    body |= {"needed_by": now + 600, "until": now + 1200}
    return city.ok(who, "POST", "/dispatch/help", body)["id"]


def filled(value: Any, ids: dict[str, str], there: Any) -> Any:
    """*value* with ids and places put in."""
    if isinstance(value, str):
        return there if value == "there" else value.format_map(ids)
    if isinstance(value, dict):
        return {key: filled(each, ids, there) for key, each in value.items()}
    return [filled(each, ids, there) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("method", "path", "body"), ON_RECORDS)
def test_another_streets_record_does_not_exist(
    city: City, foreign: dict[str, str], method: str, path: str, body: Any
) -> None:
    before = everything(city)
    answer = city.call("east", method, path.format_map(foreign), filled(body, foreign, None))
    assert answer.status_code == 404, answer.text
    assert everything(city) == before


@pytest.mark.parametrize(("method", "path", "body"), [*OF_STAFF, *OF_DISTRICT])
def test_what_others_command_is_refused(
    city: City, foreign: dict[str, str], method: str, path: str, body: Any
) -> None:
    before = everything(city)
    answer = city.call("east", method, path.format_map(foreign), filled(body, foreign, None))
    assert answer.status_code == 403, answer.text
    assert answer.json()["code"] in ("not_commanded", "whole_district")
    assert everything(city) == before


@pytest.mark.parametrize(("method", "path", "body"), OF_PLACES)
def test_another_streets_ground_is_refused(
    city: City, foreign: dict[str, str], method: str, path: str, body: Any
) -> None:
    answer = city.call("east", method, path, filled(body, foreign, city.places[WEST][0]))
    assert answer.status_code == 422
    assert answer.json()["code"] == "outside_areas"


@pytest.mark.parametrize("path", LISTS)
def test_lists_hold_the_callers_areas_only(city: City, foreign: dict[str, str], path: str) -> None:
    assert city.ok("west", "GET", path)
    assert {record["area"][:9] for record in city.ok("east", "GET", path)} <= {EAST}


@pytest.mark.parametrize("who", ["nobody", "looker"])
def test_without_sign_in_or_right_nothing_changes(city: City, foreign: dict[str, str], who: str) -> None:
    for method, path, body in [*ON_RECORDS, *OF_PLACES, *OF_STAFF, *OF_DISTRICT]:
        body = filled(body, foreign, city.places[WEST][0])
        where = path.format_map(foreign)
        if who == "nobody":
            assert city.client.request(method, BASE + where, json=body).status_code == 401, path
        elif method != "GET":
            assert city.call("looker", method, where, body).status_code == 403, path


def test_feed_snapshot_is_cut_by_area(city: City, foreign: dict[str, str]) -> None:
    city.call("east", "GET", "/staff")
    # the test client cancels the server's side of a socket that it leaves
    with suppress(CancelledError), city.client.websocket_connect(f"{BASE}/live") as feed:
        feed.send_json({"t": "hello", "token": city.tokens["east"], "format": "json", "areas": None})
        records = feed.receive_json()["records"]
    assert {"staff", "event", "camera", "station"} <= set(records)
    for kind in ("staff", "event", "order", "closure", "camera", "station"):
        assert {record["area"][:9] for record in records.get(kind, [])} <= {EAST}, kind
    assert "李建国" not in str(records)
    assert "13912345678" not in str(records)
    assert "13800002001" not in str(records)


def test_every_route_is_named_here(city: City) -> None:
    paths = [path.removeprefix(BASE) for path in city.app.openapi()["paths"]]
    mounted = {path for path in paths if path.startswith(OURS)}
    assert len(mounted) > 20
    named = {path.partition("?")[0] for path in LISTS}
    named |= OF_DEVICES | WEEKS | OF_ASKED_AREAS | OF_CALLER | OF_EVERYBODY | OF_EDITORS | OF_CAMERAS
    named |= {path.partition("?")[0] for _, path, _ in [*ON_RECORDS, *OF_PLACES, *OF_STAFF, *OF_DISTRICT]}
    assert {shape(path) for path in mounted} <= {shape(path) for path in named}


def shape(path: str) -> str:
    """The path with all its names of parameters alike."""
    return re.sub(r"{\w+}", "{}", path)


def everything(city: City) -> list[Any]:
    """All records of the western street; who is on duty follows from these and the clock, and is none."""
    return [city.ok("west", "GET", path) for path in LISTS if path != "/staff/duty/now"]
