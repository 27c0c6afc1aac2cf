"""The phone page, in a real Chromium (QtWebEngine), over a real socket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from tests.plugins.city import City

DRIVER = Path(__file__).parents[3] / "support" / "phone_driver.py"


@pytest.fixture
def address(city: City) -> Iterator[str]:
    """The city's application on a port of its own."""
    config = uvicorn.Config(city.app, port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    city.until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/api/v1/dispatch/phone"
    server.should_exit = True
    thread.join(10)


def test_the_page_is_bare_and_strict(city: City) -> None:
    page = city.client.get("/api/v1/dispatch/phone")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "<script>" not in page.text
    for part in ("app.js", "style.css"):
        assert city.client.get(f"/api/v1/dispatch/phone/{part}").status_code == 200
    assert city.client.get("/api/v1/dispatch/phone/__init__.py").status_code == 404


def test_an_order_is_read_accepted_and_done_on_the_page(city: City, address: str, tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWebEngineWidgets", reason="needs the wheel PySide6-Addons")
    city.report("s101", city.places["310101001"][11])
    event = city.new_event(title="<b>井盖</b>破损", address="南京东路 1 号")
    order = city.ok(
        "whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": "s101", "text": "带警示牌"}
    )
    device, secret = city.devices["s101"]
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu --lang=zh-CN",
        "LANG": "zh_CN.UTF-8",
    }
    picture = str(tmp_path / "phone.png")
    ran = subprocess.run(
        [sys.executable, str(DRIVER)],
        input=f"{address} {device} {secret} {picture}\n",
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/history")
    steps = [h["action"] for h in told if h["action"] not in ("reroute",)]
    assert steps == ["send", "delivered", "read", "accept", "start", "arrive", "done"], (
        ran.stdout + ran.stderr
    )
    assert "<b>井盖</b>破损" in ran.stdout  # as text, never as markup
    assert "带警示牌" in ran.stdout
    assert told[-1]["note"] == "现场已处置"
    assert json.dumps(secret) not in ran.stdout
