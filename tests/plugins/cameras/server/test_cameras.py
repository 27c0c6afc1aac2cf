"""Cameras and stations: cut by area, fetched again only when something changed."""

from __future__ import annotations

import pytest

from tests.plugins.city import City


@pytest.mark.parametrize(("path", "each"), [("/cameras", 5), ("/stations", 1)])
def test_list_is_cut_by_area_and_has_a_tag(city: City, path: str, each: int) -> None:
    whole = city.call("whole", "GET", path)
    assert len(whole.json()) == 2 * each
    assert len(city.ok("east", "GET", path)) == each
    tag = whole.headers["ETag"]
    assert city.call("whole", "GET", path, **{"If-None-Match": tag}).status_code == 304
    assert city.call("east", "GET", path, **{"If-None-Match": tag}).status_code == 200


def test_search_by_name(city: City) -> None:
    refs = {p["ref"] for p in city.ok("west", "GET", "/search?q=社区中心1")}
    assert "station/st1" in refs
    assert "station/st1" not in {p["ref"] for p in city.ok("east", "GET", "/search?q=社区中心1")}


def test_a_record_tells_kind_and_mounting(city: City) -> None:
    high = next(c for c in city.ok("whole", "GET", "/cameras") if c["id"] == "c10")
    assert (high["kind"], high["high"], high["live"], high["across"]) == ("high", True, False, None)
