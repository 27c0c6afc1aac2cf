"""The phone page, in a real Chromium (QtWebEngine), over a real socket."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.city import City

DRIVER = Path(__file__).parents[3] / "support" / "phone_driver.py"


@pytest.fixture
def address(served: str) -> str:
    """The page."""
    return f"{served}/dispatch/phone"


def test_the_page_is_bare_and_strict(city: City) -> None:
    page = city.client.get("/api/v1/dispatch/phone")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "<script>" not in page.text
    for part in ("app.js", "way.js", "style.css"):
        assert city.client.get(f"/api/v1/dispatch/phone/{part}").status_code == 200
    assert city.client.get("/api/v1/dispatch/phone/__init__.py").status_code == 404


def use(city: City, address: str, folder: Path, language: str, staff: str, **task: Any) -> str:
    """What the page showed to *staff* in *language* (``zh-CN``), state by state."""
    pytest.importorskip("PySide6.QtWebEngineWidgets", reason="needs the wheel PySide6-Addons")
    device, secret = city.devices[staff]
    task |= {"url": address, "device": device, "secret": secret}
    task |= {"picture": str(folder / "phone.png"), "downloads": str(folder)}
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_CHROMIUM_FLAGS": f"--no-sandbox --disable-gpu --lang={language}",
        "LANG": f"{language.replace('-', '_')}.UTF-8",
    }
    ran = subprocess.run(
        [sys.executable, str(DRIVER)],
        input=json.dumps(task) + "\n",
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert json.dumps(secret) not in ran.stdout
    assert ran.stdout, ran.stderr
    return ran.stdout


def steps_of(city: City, order: str) -> list[tuple[str, str]]:
    told = city.ok("whole", "GET", f"/dispatch/orders/{order}/history")
    return [(h["action"], h["note"]) for h in told if h["action"] != "reroute"]


def told_on(city: City, order: str) -> list[dict[str, Any]]:
    """The steps of the order's way, as the desktop gets them."""
    steps = city.ok("whole", "GET", f"/dispatch/orders/{order}/steps")
    assert len(steps) > 2
    return steps


def check_steps(shown: str, steps: list[dict[str, Any]], language: str) -> None:
    """All were listed, the first was large at the start, and the third after the walk to the second."""
    at_start, on_the_way = (
        next(line for line in shown.splitlines() if line.startswith(act)).split(" | ")
        for act in ("steps ", "walk ")
    )
    assert steps[0][language] in at_start[0]
    listed = [line.strip().removeprefix("now ") for line in at_start[1:]]
    assert listed == [step[language] for step in steps]
    assert steps[2][language] in on_the_way[0]
    assert re.match(r"walk (In )?\d+(\.\d)? (米后|公里后|m|km) ", on_the_way[0])
    assert [line.split(" ")[0] for line in on_the_way[1:4]] == ["passed", "passed", "now"]


def test_an_order_is_read_accepted_and_done_on_the_page(city: City, address: str, tmp_path: Path) -> None:
    city.report("s101", city.places["310101001"][11])
    event = city.new_event(title="<b>井盖</b>破损", address="南京东路 1 号")
    order = city.ok(
        "whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": "s101", "text": "带警示牌"}
    )
    plan = {
        "sent": ["read"],
        "delivered": ["read"],
        "read": ["accept"],
        "accepted": ["steps", "walk", "start"],
    }
    plan |= {"under_way": ["arrive"], "arrived": ["done"]}
    ways = told_on(city, order["id"])
    place = ways[1]["where"]
    shown = use(city, address, tmp_path, "zh-CN", "s101", plan=plan, note="现场已处置", place=place)
    check_steps(shown, ways, "zh")
    told = steps_of(city, order["id"])
    steps = ["send", "delivered", "read", "accept", "start", "arrive", "done"]
    assert [action for action, _ in told] == steps, shown
    assert "<b>井盖</b>破损" in shown  # as text, never as markup
    assert "带警示牌" in shown
    assert told[-1][1] == "现场已处置"


def test_in_english_a_file_is_kept_help_called_and_the_order_refused_with_a_reason(
    city: City, address: str, tmp_path: Path
) -> None:
    city.report("s102", city.places["310101001"][12])
    data = b"%PDF-1.4 evacuation plan"
    body = {"name": "plan.pdf", "data": base64.b64encode(data).decode()}
    kept = city.ok("whole", "POST", "/dispatch/attachments", body)
    event = city.new_event(title="Manhole cover missing")
    body = {"event": event["id"], "staff": "s102", "attachments": [kept["id"]]}
    order = city.ok("whole", "POST", "/dispatch/orders", body)
    plan = {"sent": ["read"], "delivered": ["read"], "read": ["steps", "walk", "file", "sos", "refuse"]}
    ways = told_on(city, order["id"])
    place = ways[1]["where"]
    shown = use(
        city, address, tmp_path, "en-US", "s102", plan=plan, note="Busy at another event", place=place
    )
    check_steps(shown, ways, "en")
    assert steps_of(city, order["id"])[-1] == ("refuse", "Busy at another event"), shown
    assert "New order" in shown
    assert "sos Press again to call" in shown
    assert "sos Help was called" in shown
    assert (tmp_path / "plan.pdf").read_bytes() == data
    assert city.ok("whole", "GET", "/staff/s102")["sos"] is True
