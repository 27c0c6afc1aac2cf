"""Closures reach the other console over the real feed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.plugins.city import WEST, City
from tests.support.server import Client, Feed


def test_two_consoles_see_the_closures_of_one_another(
    city: City, served: str, record_property: Callable[[str, object], None]
) -> None:
    for who in ("whole", "west"):
        city.ok(who, "GET", "/me")
    one, other = (Client(served, {"access_token": city.tokens[who]}) for who in ("whole", "west"))
    with one.live(areas=None, resume=None) as ours, other.live(areas=None, resume=None) as theirs:
        for feed in (ours, theirs):
            feed.next("snapshot")
        seconds: list[float] = []
        for number in range(5):
            sender, watcher = (one, theirs) if number % 2 else (other, ours)
            body = {"shape": "point", "points": [city.places[WEST][number]], "reason": f"塌陷{number}"}
            began = time.monotonic()
            closure = sender.post("/dispatch/closures", json=body).json()
            assert seen(watcher, closure["id"])[0] == "put"
            seconds.append(time.monotonic() - began)
            watcher_closes = other if sender is one else one
            assert watcher_closes.delete(f"/dispatch/closures/{closure['id']}").status_code == 200
            assert seen(watcher, closure["id"])[0] == "drop"
    record_property("seconds_until_the_other_console_knows", [round(each, 3) for each in seconds])
    print("seconds until the other console knows a closure:", [round(each, 3) for each in seconds])


def seen(feed: Feed, closure_id: str) -> list[Any]:
    """The next change of the closure that the feed brings."""
    while True:
        for change in feed.next("delta")["records"]:
            if change[1:3] == ["closure", closure_id]:
                return change
