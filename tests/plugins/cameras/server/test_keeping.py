"""Leave to keep live pictures: who has it, what is recorded of it, how the file's hash comes to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.plugins.city import City

HASH = "cd" * 32


@pytest.fixture(autouse=True)
def _clean(city: City, root: str) -> Iterator[None]:
    yield
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": []})
    with city.app.state.core.database.write() as session:
        session.connection().exec_driver_sql("delete from cameras_replay")


def wish(what: str = "picture", seconds: float = 0.0, **more: Any) -> dict[str, Any]:
    now = time.time()
    return {"what": what, "since": now - seconds, "until": now, **more}


def test_leave_is_audited_before_and_the_hash_after(city: City, root: str) -> None:
    given = city.ok("west", "POST", "/cameras/c11/keep", wish("clip", 60.0, reason="核实警情"))
    lines = [line for line in city.ok(root, "GET", "/audit") if line["subject"] == "camera/c11"]
    assert lines[0]["action"] == "camera.export"
    assert lines[0]["reason"].startswith("clip ") and "核实警情" in lines[0]["reason"]
    written = {"id": given["id"], "sha256": HASH, "size": 7}
    assert city.call("whole", "POST", "/cameras/exports/written", written).status_code == 404
    city.ok("west", "POST", "/cameras/exports/written", written)
    (line, *_) = [line for line in city.ok(root, "GET", "/audit") if line["subject"] == "camera/c11"]
    assert line["action"] == "camera.exported" and HASH in line["reason"]


@pytest.mark.parametrize(
    ("who", "camera", "body", "status"),
    [
        ("looker", "c11", wish(), 403),
        ("east", "c11", wish(), 404),
        ("west", "c11", wish("clip", 181.0), 422),
        ("west", "c11", wish("clip", -1.0), 422),
        ("west", "c11", wish("film"), 422),
    ],
    ids=["no right", "another street", "too long", "backwards", "unknown kind"],
)
def test_who_may_not(city: City, who: str, camera: str, body: dict[str, Any], status: int) -> None:
    assert city.call(who, "POST", f"/cameras/{camera}/keep", body).status_code == status


def test_rules_of_owners_hold(city: City, root: str) -> None:
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": [{"reason": True}]})
    assert city.call("west", "POST", "/cameras/c11/keep", wish()).json()["code"] == "reason_needed"
    city.ok("west", "POST", "/cameras/c11/keep", wish(reason="核实"))
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": [{"roles": ["administrator"]}]})
    assert city.call("west", "POST", "/cameras/c11/keep", wish(reason="核实")).status_code == 403


def test_nobody_saves_without_end(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from plugins.cameras.server.playback import keeping

    monkeypatch.setattr(keeping, "MOST", 2)
    answers = [city.call("west", "POST", "/cameras/c11/keep", wish()).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
