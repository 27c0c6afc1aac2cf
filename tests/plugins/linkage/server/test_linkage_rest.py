"""Calibrations over REST: rights, areas, who and when, what came between."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.plugins.city import City

LENS = {
    "lon": 121.47,
    "lat": 31.23,
    "height": 60.0,
    "heading": 120.0,
    "tilt": -20.0,
    "roll": 0.5,
    "focal": 1.2,
    "aspect": 0.5625,
    "bend": 0.0,
}
PAIRS = [{"u": 0.2 * n, "v": 0.1 * n, "lon": 121.47, "lat": 31.23, "height": 4.0} for n in range(1, 5)]


def body(edition: int = 0, **more: Any) -> dict[str, Any]:
    made = {"edition": edition, "lens": LENS, "pairs": PAIRS, "ground": 4.0, "held": False, "error": 0.001}
    return made | {"pose": {"pan": 10.0, "tilt": -5.0, "zoom": 0.0}} | more


def whose(city: City, who: str) -> str:
    """A camera that *who* may see, and the other street may not."""
    return city.ok(who, "GET", "/cameras")[0]["id"]


def test_a_calibration_is_kept_with_who_and_when_and_none_is_lost(city: City) -> None:
    camera = whose(city, "west")
    first = city.ok("west", "PUT", f"/linkage/{camera}", body())
    assert (first["camera"], first["edition"], first["by"]) == (camera, 1, "west")
    assert abs(first["at"] - time.time()) < 60 and first["pose"]["pan"] == 10.0
    assert city.ok("looker", "GET", "/linkage") == [first]
    late = city.call("whole", "PUT", f"/linkage/{camera}", body())
    assert (late.status_code, late.json()["fields"]) == (409, {"edition": 1})
    zooms = [{"zoom": 0.0, "focal": 1.1, "bend": 0.0}, {"zoom": 0.5, "focal": 6.0, "bend": 0.01}]
    assert city.call("whole", "PUT", f"/linkage/{camera}", body(1, zooms=zooms * 9)).status_code == 422
    second = city.ok("whole", "PUT", f"/linkage/{camera}", body(1, pose=None, zooms=zooms))
    assert (first["zooms"], second["zooms"]) == ([], zooms)
    assert (second["edition"], second["by"], second["pose"]) == (2, "whole", None)
    city.ok("west", "DELETE", f"/linkage/{camera}")
    assert city.ok("whole", "GET", "/linkage") == []
    assert city.call("west", "DELETE", f"/linkage/{camera}").status_code == 404


def test_areas_and_rights_are_those_of_the_camera(city: City) -> None:
    camera = whose(city, "west")
    city.ok("west", "PUT", f"/linkage/{camera}", body())
    assert city.ok("east", "GET", "/linkage") == []
    assert city.call("east", "PUT", f"/linkage/{camera}", body(1)).status_code == 404
    assert city.call("east", "DELETE", f"/linkage/{camera}").status_code == 404
    assert city.call("looker", "PUT", f"/linkage/{camera}", body(1)).status_code == 403
    assert city.call("west", "PUT", "/linkage/nobody", body()).status_code == 404
    city.ok("west", "DELETE", f"/linkage/{camera}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"pairs": PAIRS[:3]},
        {"pairs": [{**PAIRS[0], "u": 1.5}, *PAIRS[1:]]},
        {"lens": {**LENS, "focal": 0.0}},
        {"lens": {**LENS, "lat": 91.0}},
        {"error": -1.0},
        {"more": 1},
    ],
)
def test_what_cannot_be_is_refused(city: City, wrong: dict[str, Any]) -> None:
    assert city.call("west", "PUT", f"/linkage/{whose(city, 'west')}", body(**wrong)).status_code == 422
