"""The process that works out node orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.dispatch.server.routing.node_order import order_nodes
from tests.plugins.dispatch.routing.test_turns import lattice


@pytest.mark.parametrize("unbuffered", [None, "1"])
def test_its_answer_does_not_hang_on_how_python_buffers(
    tmp_path: Path, unbuffered: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    if unbuffered:
        monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    net = lattice(tmp_path).nets.walk
    assert sorted(order_nodes(net)) == list(range(len(net.places)))
