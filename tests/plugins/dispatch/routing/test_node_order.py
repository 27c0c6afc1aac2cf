"""The process that works out node orders, and what is kept of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from console.server.app import create_app
from plugins.dispatch.server.routing.node_order import order_crossings
from tests.plugins.city import finish_roads, lay_out, make_settings
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
        lay_out(settings, shared_data)
        # to work it out would fail, and be told
        monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
        again = create_app(settings)
        with TestClient(again):
            finish_roads(again.state.core)
    assert "order of the road graph" not in caplog.text
