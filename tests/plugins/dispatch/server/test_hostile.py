"""Whatever is sent about orders, groups, closures, help and attachments: refused, or done whole."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from plugins.dispatch.server.command.tables import (
    EscalationRow,
    GroupRow,
    HelpRow,
    LoanRow,
    TemplateRow,
    UploadRow,
)
from plugins.dispatch.server.tables import ClosureRow, OrderRow, OrderStep
from tests.plugins.city import BASE, WEST, City

TABLES = (OrderRow, OrderStep, ClosureRow, GroupRow, TemplateRow, EscalationRow, UploadRow, HelpRow, LoanRow)
PLACE = [121.47, 31.23]
PDF = base64.b64encode(b"%PDF-1.4").decode()
GOOD: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/dispatch/orders"): {"event": "e1", "staff": "nobody", "text": "x", "attachments": []},
    ("POST", "/dispatch/orders/o1/actions"): {"action": "cancel", "note": ""},
    ("POST", "/dispatch/groups"): {
        "id": "g1",
        "select": {"staff": ["nobody"]},
        "text": "x",
        "attachments": [],
    },
    ("POST", "/dispatch/groups/preview"): {"area": WEST, "role": "x", "polygon": [PLACE, PLACE, PLACE]},
    ("POST", "/dispatch/closures"): {
        "shape": "point",
        "points": [[0.0, 0.0]],
        "reason": "x",
        "means": ["car"],
    },
    ("POST", "/dispatch/help"): {
        "id": "h1",
        "area": WEST,
        "what": "x",
        "count": 1,
        "needed_by": 1.0,
        "until": 2.0,
    },
    ("POST", "/dispatch/help/h1/grant"): {"staff": ["s1"], "note": ""},
    ("POST", "/dispatch/help/h1/actions"): {"action": "decline", "note": ""},
    ("POST", "/dispatch/attachments"): {"name": "x", "data": "bm90IGEgcGljdHVyZQ=="},
    ("PUT", "/dispatch/escalations/r9"): {"kind": "", "urgency": "", "remind_after": 5, "escalate_after": 9},
    ("PUT", "/dispatch/templates/a%00"): {"kind": "", "zh": "x", "en": ""},
}
"""Bodies of the right form that are refused all the same: what they name is not there, or taken already."""
HOSTILE = st.one_of(
    st.sampled_from(
        [
            None,
            True,
            -1,
            0,
            2**63,
            1e308,
            float("nan"),
            float("inf"),
            "",
            "\0",
            "a\0b",
            "\ud800",
            "x" * 20_000,
        ]
    ),
    st.sampled_from(
        [[], {}, [[]], [None], ["\0"], [["x", "y"]], [[1e999, 0]], ["s101"] * 5000, {"staff": {}}]
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
        max_leaves=8,
    ),
)
quickly = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
pytestmark = pytest.mark.timeout(300)
"""Some hundred requests each, on a machine that may be busy with other things."""


def state(city: City) -> list[int]:
    """How many rows each table has."""
    with city.app.state.core.database.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def send(city: City, method: str, path: str, body: Any, who: str = "whole") -> int:
    """The status for a body that a proper client could not even write."""
    headers = {"Authorization": f"Bearer {token(city, who)}", "content-type": "application/json"}
    answer = city.client.request(method, BASE + path, content=json.dumps(body).encode(), headers=headers)
    if answer.status_code >= 400:
        assert set(answer.json()) == {"code", "message", "message_zh", "fields"}
    return answer.status_code


def token(city: City, who: str) -> str:
    if who not in city.tokens:
        city.ok(who, "GET", "/me")
    return city.tokens[who]


@quickly
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_no_body_makes_a_fault_or_half_a_change(city: City, endpoint: tuple[str, str], data: Any) -> None:
    method, path = endpoint
    body = copy.deepcopy(GOOD[endpoint])
    for field in data.draw(st.lists(st.sampled_from(sorted(body)), min_size=1, max_size=3)):
        body[field] = data.draw(HOSTILE)
    before = state(city)
    status = send(city, method, path, body)
    assert status < 500, (path, body)
    assert status == 200 or state(city) == before, (path, body)


@quickly
@given(st.sampled_from(sorted(GOOD)), HOSTILE)
def test_no_whole_body_makes_a_fault(city: City, endpoint: tuple[str, str], body: Any) -> None:
    before = state(city)
    assert 400 <= send(city, *endpoint, body) < 500
    assert state(city) == before


@settings(quickly, max_examples=15)
@given(st.text(min_size=1, max_size=80) | st.sampled_from(["\0", "..", "a\0", "' OR 1=1 --", "x" * 3000]))
def test_no_id_in_a_path_makes_a_fault(city: City, name: str) -> None:
    part = quote(name.encode("utf-8", "ignore") or b"x", safe="")
    for method, path, body in (
        ("GET", f"/dispatch/orders/{part}/history", None),
        ("GET", f"/dispatch/orders/{part}/ranking", None),
        ("GET", f"/dispatch/orders/{part}/attachments/{part}", None),
        ("POST", f"/dispatch/orders/{part}/actions", {"action": "cancel"}),
        ("POST", f"/dispatch/groups/{part}/actions", {"action": "cancel"}),
        ("DELETE", f"/dispatch/closures/{part}", None),
        ("POST", f"/dispatch/loans/{part}/return", None),
        ("DELETE", f"/dispatch/templates/{part}", None),
    ):
        assert 400 <= send(city, method, path, body) < 500, path


def test_a_device_cannot_write_what_no_database_keeps(city: City) -> None:
    for path, body in (
        ("/dispatch/device/orders/o1", {"action": "done", "note": "a\0b"}),
        ("/dispatch/device/orders/o%00", {"action": "done"}),
    ):
        assert 400 <= city.device("s101", "POST", path, body).status_code < 500


def test_pictures_beyond_the_limit_are_refused_whole(city: City) -> None:
    before = state(city)
    large = [base64.b64encode(b"%PDF-" + bytes(size << 20)).decode() for size in (5, 6)]
    for data in (*large, PDF + "%", "", "=" * 50):
        assert 400 <= send(city, "POST", "/dispatch/attachments", {"name": "x", "data": data}) < 500
    assert state(city) == before
