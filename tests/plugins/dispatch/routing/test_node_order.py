"""The process that works out node orders, and what is kept of it."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from console.server.app import create_app
from plugins.dispatch.server.routing.node_order import order_crossings
from tests.plugins.city import WEST, City, fill_city, make_settings
from tests.plugins.dispatch.routing.test_turns import lattice
from tests.support.databases import fresh_database


@pytest.mark.parametrize("unbuffered", [None, "1"])
def test_its_answer_does_not_hang_on_how_python_buffers(
    tmp_path: Path, unbuffered: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    if unbuffered:
        monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    graph = lattice(tmp_path).graph
    assert sorted(order_crossings(graph)) == list(range(len(graph.nodes)))


def test_a_second_start_takes_the_order_of_the_first(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with fresh_database("sqlite", tmp_path) as url:
        settings = make_settings(url, tmp_path)
        app = create_app(settings)
        with TestClient(app) as client:
            city = fill_city(app, client, shared_data)
            _prepare(city)
        monkeypatch.setattr(
            sys, "executable", str(tmp_path / "none")
        )  # to work it out would fail, and be told
        again = create_app(settings)
        with TestClient(again) as client:
            city.client = client
            _prepare(city)
    assert "order of the road graph" not in caplog.text


def _prepare(city: City) -> None:
    """Ask for a way, and wait until the roads are prepared."""
    start, goal = city.places[WEST][:2]
    city.ok("whole", "POST", "/dispatch/route", {"start": start, "goal": goal})
    for thread in threading.enumerate():
        if thread.name in ("roads", "road order"):
            thread.join(60)
