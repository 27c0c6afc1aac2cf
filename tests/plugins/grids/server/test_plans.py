"""Plans that change grids: drafted, shared, checked, put in force, taken back; on both databases."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import shapely

from console.server.admin import create_account
from plugins.grids.cover.draft import Draft, draft_of
from plugins.grids.cover.operations import merge, move_vertex
from plugins.grids.desktop.adjust.ground import read_cover
from tests.plugins.city import DISTRICT as CITY
from tests.plugins.city import PASSWORD, City
from tests.plugins.grids.server.grid_city import (
    DISTRICT,
    WHO,
    across,
    at,
    cover,
    cover_degrees,
    divisible,
    given_away,
    idle,
    is_divisible,
    layer,
    member,
    moves_of,
    pairs,
    put_in_force,
    renamed,
    save,
    union_bounds,
)
from tests.support.server import Client


def test_a_split_is_put_in_force_for_everybody(city: City, grids: list[str]) -> None:
    before = cover(city)
    after = across(before, divisible(before))
    draft, version = draft_of(before, after), layer(city)["version"]
    answer = city.ok(WHO, "POST", "/grids/check", asdict(draft))
    assert answer == {"findings": [], "moves": {}}
    revision = put_in_force(city, draft)
    assert revision["author"] == "管理员" and revision["reason"] == "年度网格调整"
    info = layer(city)
    assert info["version"] != version and info["count"] == len(before.grids) + 1
    assert cover(city).grids == after.grids
    new = next(code for code in after.grids if code not in before)
    there = shapely.point_on_surface(cover_degrees(after, new))
    found = city.until(lambda: at(city, there) == new)
    assert found
    assert any(
        place["ref"] == f"area/{new}" or new in str(place)
        for place in city.ok(WHO, "GET", f"/search?q={new}")
    )


def test_areas_above_follow_their_grids(city: City, grids: list[str]) -> None:
    before = cover(city)
    code, other = next(
        (grid.code, neighbour.code)
        for grid in before.grids.values()
        for neighbour in before.beside(grid.code)
        if neighbour.code[:12] != grid.code[:12]
        and sum(each[:12] == neighbour.code[:12] for each in before.grids) > 1
    )
    put_in_force(city, draft_of(before, merge(before, code, other)))
    core = city.app.state.core
    now = cover(city)
    with core.database.read() as session:
        for level in (6, 9, 12):
            for area in core.area_edits.shapes(session, [DISTRICT], level):
                children = [cover_degrees(now, c) for c in now.grids if c.startswith(area.code)]
                assert shapely.equals_exact(
                    shapely.coverage_union_all(children), area.geometry, normalize=True
                )
    boundaries = [a for a in city.ok(WHO, "GET", "/areas") if a["code"] == code[:12]]
    assert boundaries[0]["bounds"] == pytest.approx(union_bounds(now, code[:12]))


def test_staff_and_accounts_of_a_grid_that_goes_belong_to_its_heir_and_return(
    city: City, grids: list[str]
) -> None:
    before = cover(city)
    code, heir = idle(city, before)
    core = city.app.state.core
    with core.database.write() as session:
        create_account(session, "worker", PASSWORD, "网格员", "viewer", (code,))
        core.services.get("seed:staff")(session, [member("g2", code)])
    draft = draft_of(before, merge(before, heir, code))
    moves = city.ok(WHO, "POST", "/grids/check", asdict(draft))["moves"]
    assert moves == {"account": 1, "staff": 1}
    assert staff_area(city) == code, "the check changes nothing"
    revision = put_in_force(city, draft)
    assert revision["moved"] == moves and revision["gone"] == {code: heir}
    assert staff_area(city) == heir
    assert areas_of_worker(city) == [heir]
    assert code in city.ok(WHO, "GET", "/grids/retired")
    restore = city.ok(WHO, "POST", f"/grids/revisions/{revision['id']}/restore")
    body = {"version": restore["version"], "reason": "恢复原网格"}
    city.ok(WHO, "POST", f"/grids/plans/{restore['id']}/force", body)
    assert cover(city).grids == before.grids
    assert staff_area(city) == code
    assert areas_of_worker(city) == [code], "who was moved returns"
    assert code not in city.ok(WHO, "GET", "/grids/retired")


def areas_of_worker(city: City) -> list[str]:
    city.tokens.pop("worker", None)  # areas are renewed with the sign-in
    return [area["code"] for area in city.ok("worker", "GET", "/areas")]


def staff_area(city: City) -> str:
    return next(each["area"] for each in city.ok(WHO, "GET", "/staff") if each["id"] == "g2")


def test_what_is_kept_by_area_follows_and_what_is_over_does_not(city: City, grids: list[str]) -> None:
    before = cover(city)
    code, heir = idle(city, before)
    spot = shapely.get_coordinates(shapely.point_on_surface(cover_degrees(before, code)))[0].tolist()
    patrol = {
        "name": "夜巡",
        "path": [spot, [spot[0] + 1e-4, spot[1]]],
        "days": ["mon"],
        "starts": 0,
        "ends": 60,
    }
    plan = city.ok(WHO, "POST", "/staff/patrols", patrol | {"area": code})
    note = city.ok(WHO, "POST", "/staff/duty/handovers", {"area": code, "note": "交接"})
    city.ok(WHO, "PUT", "/staff/g1/range", {"areas": [code, heir]})
    closed = city.ok(WHO, "POST", "/events", {"title": "旧事件", "where": spot, "kind": "facility"})
    city.ok(WHO, "POST", f"/events/{closed['id']}/actions", {"action": "cancel"})
    closure = city.ok(WHO, "POST", "/dispatch/closures", {"shape": "point", "points": [spot]})
    city.ok(WHO, "PUT", "/plans/of-a-grid", {"version": 0, "area": code, "title": "内涝"})
    city.ok(WHO, "PUT", "/plans/deleted", {"version": 0, "area": code, "title": "旧预案"})
    city.ok(WHO, "DELETE", "/plans/deleted")
    assert closure["area"] == code
    revision = put_in_force(city, draft_of(before, merge(before, heir, code)))
    assert revision["moved"] == {"patrol": 1, "handover": 1, "range": 1, "closure": 1, "plan": 1}
    assert next(p["area"] for p in city.ok(WHO, "GET", "/staff/patrols") if p["id"] == plan["id"]) == heir
    assert (
        next(n["area"] for n in city.ok(WHO, "GET", "/staff/duty/handovers") if n["id"] == note["id"]) == heir
    )
    assert city.ok(WHO, "GET", "/staff/g1/range")["areas"] == [heir]
    assert (
        next(c["area"] for c in city.ok(WHO, "GET", "/dispatch/closures") if c["id"] == closure["id"]) == heir
    )
    (kept,) = city.ok(WHO, "GET", "/plans")
    assert (kept["id"], kept["area"]) == ("of-a-grid", heir)
    again = {"version": kept["version"], "area": kept["area"], "title": "内涝处置"}
    assert city.ok(WHO, "PUT", "/plans/of-a-grid", again)["edition"] == 2
    assert city.ok(WHO, "GET", f"/events/{closed['id']}")["area"] == code, (
        "it belongs to the grid of its time"
    )
    restore = city.ok(WHO, "POST", f"/grids/revisions/{revision['id']}/restore")
    body = {"version": restore["version"], "reason": "恢复原网格"}
    city.ok(WHO, "POST", f"/grids/plans/{restore['id']}/force", body)
    assert city.ok(WHO, "GET", "/staff/g1/range")["areas"] == sorted([code, heir])


def test_what_would_leave_a_gap_is_refused_with_its_place(city: City, grids: list[str]) -> None:
    before = cover(city)
    code = min(before.grids)
    west, south, _, _ = before[code].shape.bounds
    bent = move_vertex(before, next(iter(before[code].rings()))[0], (round(west), round(south)))
    alone = Draft(put=[draft_of(before, bent).put[0]], base=draft_of(before, bent).base)
    plan = save(city, alone).json()
    body = {"version": plan["version"], "reason": "有缝隙的方案"}
    answer = city.call(WHO, "POST", f"/grids/plans/{plan['id']}/force", body)
    assert answer.status_code == 409 and answer.json()["code"] == "grids_not_exact"
    finding = answer.json()["fields"]["findings"][0]
    west, south, east, north = union_bounds(before, DISTRICT)
    assert west <= finding["where"][0] <= east and south <= finding["where"][1] <= north
    assert finding["codes"] and finding["text_zh"]
    assert cover(city).grids == before.grids
    assert city.ok(WHO, "GET", f"/grids/plans/{plan['id']}")["plan"]["state"] == "draft"


def test_a_code_that_was_given_is_not_given_again(city: City, grids: list[str]) -> None:
    before = cover(city)
    code, heir = next(
        (code, heir) for code, heir in pairs(before)
        if moves_of(city, before, code, heir) == {} and is_divisible(merge(before, heir, code), heir)
    )  # fmt: skip
    put_in_force(city, draft_of(before, merge(before, heir, code)))
    now = cover(city)
    draft = draft_of(now, across(now, heir, code))
    findings = city.ok(WHO, "POST", "/grids/check", asdict(draft))["findings"]
    assert [finding["fault"] for finding in findings] == ["code"]


def test_a_plan_on_grids_that_have_changed_is_refused(city: City, grids: list[str]) -> None:
    before = cover(city)
    code = divisible(before)
    one, other = across(before, code), across(before, code)
    late = save(city, draft_of(before, other)).json()
    put_in_force(city, draft_of(before, one))
    answer = city.ok(WHO, "POST", f"/grids/plans/{late['id']}/check")
    assert {finding["fault"] for finding in answer["findings"]} == {"stale"}


def test_drafts_are_changed_by_one_at_a_time_and_can_be_given_up(city: City, grids: list[str]) -> None:
    before = cover(city)
    draft = draft_of(before, across(before, divisible(before)))
    plan = save(city, draft).json()
    later = save(city, draft, plan=plan["id"], version=plan["version"]).json()
    assert later["version"] > plan["version"]
    assert save(city, draft, plan=plan["id"], version=plan["version"]).status_code == 409
    assert save(city, draft, plan=plan["id"]).status_code == 409
    assert [p["id"] for p in city.ok(WHO, "GET", "/grids/plans")].count(plan["id"]) == 1
    path = f"/grids/plans/{plan['id']}"
    assert city.call(WHO, "DELETE", f"{path}?version={plan['version']}").status_code == 409
    assert city.ok(WHO, "DELETE", f"{path}?version={later['version']}")["state"] == "withdrawn"
    body = {"version": later["version"], "reason": "已撤回的方案"}
    assert city.call(WHO, "POST", f"{path}/force", body).status_code == 409


def test_nobody_changes_grids_of_others_or_without_the_right(city: City, grids: list[str]) -> None:
    before = cover(city)
    mine = next(code for code in sorted(before.grids) if code.startswith(grids[0][:9]))
    theirs = next(
        c for c in sorted(before.grids) if not c.startswith(grids[0][:9]) and is_divisible(before, c)
    )
    foreign = draft_of(before, across(before, theirs))
    assert save(city, foreign, "street").json()["code"] == "outside_areas"
    assert city.call("street", "POST", "/grids/check", asdict(foreign)).status_code == 422
    own = save(city, draft_of(before, renamed(before, mine)), "street")
    assert own.status_code == 200, own.text
    path = f"/grids/plans/{own.json()['id']}"
    body = {"version": own.json()["version"], "reason": "街道自行生效"}
    assert city.call("street", "POST", f"{path}/force", body).status_code == 403
    assert save(city, foreign, "looker").status_code == 403
    whole = save(city, foreign).json()
    for who in ("street", "whole"):
        assert city.call(who, "GET", f"/grids/plans/{whole['id']}").status_code == 404
        assert whole["id"] not in [p["id"] for p in city.ok(who, "GET", "/grids/plans")]
    assert CITY != DISTRICT


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body | {"put": [], "gone": {}},
        lambda body: body | {"put": [body["put"][0] | {"polygons": []}]},
        lambda body: body | {"put": [body["put"][0] | {"polygons": [[[[0, 0], [1, 1]]]]}]},
        lambda body: (
            body | {"put": [body["put"][0] | {"polygons": [[[[10**12, 0], [1, 1], [0, 1], [10**12, 0]]]]}]}
        ),
        lambda body: body | {"put": "x"},
        lambda body: body | {"put": [body["put"][0] | {"name": "a\0b"}]},
        lambda body: body | {"put": [body["put"][0] | {"code": "31abcd001001001"}]},
        lambda body: body | {"put": [body["put"][0] | {"code": "31٠106001001001"}]},
    ],
    ids=["nothing", "no ground", "a line", "beyond the earth", "no list", "NUL", "letters", "other digits"],
)
def test_what_is_no_draft_is_refused(city: City, grids: list[str], spoil: Any) -> None:
    before = cover(city)
    body = spoil(asdict(draft_of(before, across(before, divisible(before)))))
    answer = city.call(
        "province", "PUT", f"/grids/plans/{uuid.uuid4()}", {"title": "x", "version": 0, "draft": body}
    )
    assert answer.status_code == 422, answer.text


def test_texts_of_a_plan_hold_no_nul(city: City, grids: list[str]) -> None:
    before = cover(city)
    draft = draft_of(before, across(before, divisible(before)))
    for texts in ({"title": "a\0b"}, {"title": "x", "note": "a\0b"}):
        body = texts | {"version": 0, "draft": asdict(draft)}
        assert city.call(WHO, "PUT", f"/grids/plans/{uuid.uuid4()}", body).status_code == 422
    plan = save(city, draft).json()
    body = {"version": plan["version"], "reason": "年度\0网格调整"}
    assert city.call(WHO, "POST", f"/grids/plans/{plan['id']}/force", body).status_code == 422


def test_a_plan_over_several_areas_that_its_author_could_not_see_is_refused(
    city: City, grids: list[str]
) -> None:
    before = cover(city)
    one, other = min(before.grids), max(before.grids)
    with city.app.state.core.database.write() as session:
        create_account(session, "two", PASSWORD, "两社区", "dispatcher", (one[:12], other[:12]))
    both = renamed(renamed(before, one), other)
    answer = save(city, draft_of(before, both), "two")
    assert answer.status_code == 422 and answer.json()["code"] == "areas_apart"
    own = save(city, draft_of(before, renamed(before, one)), "two").json()
    assert city.ok("two", "GET", f"/grids/plans/{own['id']}")["plan"]["id"] == own["id"]


def test_a_piece_that_is_given_away_moves_what_stands_on_it(city: City, grids: list[str]) -> None:
    before = cover(city)
    code, to, after = next(given_away(before))
    piece = shapely.intersection(after[to].shape, before[code].shape)
    spot = shapely.get_coordinates(shapely.point_on_surface(piece))[0] / 1e7
    event = city.ok(WHO, "POST", "/events", {"title": "井盖缺失", "where": spot.tolist(), "kind": "facility"})
    assert event["area"] == code
    revision = put_in_force(city, draft_of(before, after))
    assert revision["moved"].get("event") == 1
    assert next(e["area"] for e in city.ok(WHO, "GET", "/events") if e["id"] == event["id"]) == to


def test_another_console_sees_a_plan_and_the_changed_grids_at_once(
    city: City, grids: list[str], served: str, tmp_path: Path
) -> None:
    city.ok("province", "GET", "/me")
    watcher = Client(served, {"access_token": city.tokens["province"]})
    before = cover(city)
    after = across(before, divisible(before))
    with watcher.live(areas=None, resume=None) as feed:
        feed.next("snapshot")
        plan = save(city, draft_of(before, after)).json()
        (draft,) = feed.next_records(("grid_plan", plan["id"]))
        assert (draft["state"], draft["grids"], draft["author"]) == ("draft", 2, "管理员")
        body = {"version": plan["version"], "reason": "年度网格调整"}
        city.ok(WHO, "POST", f"/grids/plans/{plan['id']}/force", body)
        told, done = feed.next_records(("layer", "grid"), ("grid_plan", plan["id"]))
        package = watcher.get("/layers/grid/package")
        assert package.headers["ETag"] == f'"{told["version"]}"'
        (tmp_path / "grid.layer").write_bytes(package.content)
        seen = read_cover([str(tmp_path / "grid.layer")], {})
        assert {code: seen[code].shape for code in after.grids} == {
            code: grid.shape for code, grid in after.grids.items()
        }
        assert done["state"] == "in_force"
