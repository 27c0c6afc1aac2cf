"""Groups and inspections over REST: who may see and change which, what is refused, what is written down."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.polling.server.book import common_area
from tests.plugins.city import DISTRICT, EAST, WEST, City


def cameras(city: City, area: str) -> list[str]:
    found = [each["id"] for each in city.ok("whole", "GET", "/cameras") if each["area"].startswith(area)]
    assert found, "the seeded city has cameras there"
    return sorted(found)


def group(**more: Any) -> dict[str, Any]:
    return {"edition": 0, "title": "黄河沿线", "kind": "names", "rule": "黄河 水库"} | more


def save(city: City, name: str, body: dict[str, Any], who: str = "west") -> Any:
    return city.call(who, "PUT", f"/polling/groups/{name}", body)


def ids(city: City, who: str) -> set[str]:
    return {each["id"] for each in city.ok(who, "GET", "/polling/groups")}


def test_a_group_is_its_makers_alone_until_it_is_shared(city: City) -> None:
    made = save(city, "g1", group()).json()
    assert (made["edition"], made["by"], made["area"]) == (1, "west", "")
    assert "g1" in ids(city, "west") and "g1" not in ids(city, "whole") | ids(city, "east")
    assert save(city, "g1", group(edition=1), "whole").json()["code"] == "id_taken"
    assert city.call("whole", "DELETE", "/polling/groups/g1").status_code == 404
    shared = save(city, "g1", group(edition=1, area=WEST, title="西街河道")).json()
    assert shared["edition"] == 2
    assert "g1" in ids(city, "whole") & ids(city, "looker") and "g1" not in ids(city, "east")
    late = save(city, "g1", group(edition=1, area=WEST), "whole")
    assert (late.status_code, late.json()["fields"]) == (409, {"edition": 2})
    city.ok("whole", "DELETE", "/polling/groups/g1")
    assert "g1" not in ids(city, "west")


def test_nobody_shares_beyond_their_areas_and_viewers_make_none(city: City) -> None:
    for area in (EAST, DISTRICT, "999999"):
        assert save(city, "g2", group(area=area)).json()["code"] == "outside_areas"
    assert save(city, "g2", group(), "looker").status_code == 403
    assert city.client.get("/api/v1/polling/groups").status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"title": "a\x00b"},
        {"kind": "moon"},
        {"rule": ""},
        {"kind": "hand", "cameras": []},
        {"cameras": ["c"] * 2001},
        {"cameras": ["a/b"]},
        {"edition": -1},
        {"more": 1},
    ],
    ids=["blank", "nul", "kind", "no-rule", "no-cameras", "many", "slash", "edition", "more"],
)
def test_what_is_no_group_is_refused(city: City, wrong: dict[str, Any]) -> None:
    assert save(city, "g3", group(**wrong)).status_code == 422


def inspection(city: City, area: str, **more: Any) -> dict[str, Any]:
    found = zip(cameras(city, area), ("normal", "abnormal", "dead"), strict=False)
    entries = [
        {"camera": camera, "name": camera, "finding": finding, "words": "", "at": 1_700_000_100.0}
        for camera, finding in found
    ]
    return {
        "title": "河道巡检",
        "began": 1_700_000_000.0,
        "ended": 1_700_000_200.0,
        "entries": entries,
    } | more


def test_an_inspection_is_kept_once_and_seen_by_those_of_its_area(city: City) -> None:
    body = inspection(city, WEST)
    kept = city.ok("west", "PUT", "/polling/rounds/r1", body)
    assert kept["by"] == "west" and kept["area"].startswith(WEST)
    assert city.call("west", "PUT", "/polling/rounds/r1", body).json()["code"] == "id_taken"
    for who, seen in {"west": True, "whole": True, "looker": True, "east": False}.items():
        rounds = {each["id"]: each for each in city.ok(who, "GET", "/polling/rounds")}
        assert ("r1" in rounds) is seen, who
    assert [each["camera"] for each in rounds.get("r1", kept)["entries"]] == [
        each["camera"] for each in body["entries"]
    ]
    assert city.call("looker", "PUT", "/polling/rounds/r2", body).status_code == 403


def test_an_inspection_of_cameras_of_others_or_of_none_is_refused(city: City) -> None:
    assert city.call("west", "PUT", "/polling/rounds/r3", inspection(city, EAST)).json()["code"] == (
        "outside_areas"
    )
    fine = inspection(city, WEST)
    for wrong in ({"entries": []}, {"ended": 1.0}, {"entries": fine["entries"] * 2}):
        assert city.call("west", "PUT", "/polling/rounds/r3", fine | wrong).status_code == 422


@pytest.mark.parametrize(
    ("areas", "whole"),
    [
        (["310101001001", "310101001002001"], "310101001"),
        (["310101001001001"], "310101001001001"),
        (["310101", "320302"], ""),
        ([], ""),
    ],
)
def test_the_smallest_area_of_all(areas: list[str], whole: str) -> None:
    assert common_area(areas) == whole
