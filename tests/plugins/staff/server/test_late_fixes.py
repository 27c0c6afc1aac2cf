"""Fixes that a phone kept to itself: the feed moves nobody back, the trail has them in their place."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

import numpy as np

from console.model.positions import Positions
from tests.plugins.city import BASE, EAST, City

WHO = "s204"


def told(feed: Any, handle: int) -> Iterator[tuple[float, float]]:
    """(longitude, time) of each position of *handle* that the feed sends from now on."""
    while True:
        frame = feed.receive_json()
        if frame["t"] == "pos":
            columns = Positions.from_wire({k: base64.b64decode(v) for k, v in frame["cols"].items()})
            for row in np.flatnonzero(columns.handle == handle).tolist():
                yield float(columns.lon[row]), float(columns.time[row])


def test_late_fixes_fill_the_trail_and_move_nobody(city: City) -> None:
    now, (first, late, last, next_one) = time.time(), sorted(city.places[EAST])[:4]
    handle = city.ok("east", "GET", f"/staff/{WHO}")["handle"]
    seen: list[tuple[float, float]] = []
    # the test client cancels the server's side of a socket that it leaves
    with suppress(CancelledError), city.client.websocket_connect(f"{BASE}/live") as feed:
        feed.send_json({"t": "hello", "token": city.tokens["east"], "format": "json", "areas": None})
        assert feed.receive_json()["t"] == "snapshot"
        fixes = told(feed, handle)
        city.report(WHO, first, timestamp=now - 60)
        seen.append(next(fixes))
        city.report(WHO, last, timestamp=now - 20)
        seen.append(next(fixes))
        city.report(WHO, late, timestamp=now - 40)
        city.until(lambda: len(trail(city)) == 3)  # it has been taken
        city.report(WHO, next_one, timestamp=now - 10)
        seen.append(next(fixes))
    assert seen == [(first[0], now - 60), (last[0], now - 20), (next_one[0], now - 10)]
    city.until(lambda: len(trail(city)) == 4)
    assert [lon for lon, _, _ in trail(city)] == [place[0] for place in (first, late, last, next_one)]


def trail(city: City) -> list[Any]:
    return city.ok("east", "GET", f"/staff/{WHO}/trail")["points"]
