"""The whole way against the real backend in its own process: feed, breaks, kill -9, outbox, layers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from console.client import feed, layer_cache, outbox
from console.client.layer_cache import LayerCache, Layers
from console.client.link import Link
from console.client.vault import MemoryVault
from console.sdk.errors import NotSignedIn
from console.store.live import LiveStore
from console.tasks.io_thread import IoThread
from console.tasks.worker_pool import WorkerPool
from tests.client.real_server import PASSWORD


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch) -> None:
    monkeypatch.setattr(feed, "LAST_PAUSE", 0.5)
    monkeypatch.setattr(feed, "PING_SECONDS", 0.2)
    monkeypatch.setattr(outbox, "LAST_RETRY", 0.5)


class Console:
    """A console without a window: the test is its GUI thread."""

    def __init__(self, url: str, folder: Path, vault: MemoryVault | None = None) -> None:
        self.io, self.pool, self.store = IoThread(), WorkerPool(2), LiveStore()
        self.link = Link(
            url,
            io=self.io,
            pool=self.pool,
            store=self.store,
            cache_dir=folder / "cache",
            data_dir=folder / "data",
            vault=vault,
        )

    def signed_in(self) -> Console:
        self.link.session.sign_in("op", PASSWORD)
        self.link.start(self.link.open("op"))
        self.until(lambda: self.link.backend.connected)
        return self

    def until(self, condition: Callable[[], object], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited too long: {self.link.inbox.connection}"
            self.link.pump()
            time.sleep(0.02)

    def give(self, *numbers: int) -> list:
        return [
            self.link.backend.submit(f"派单 {n}", "POST", "/ledger/lines", {"n": n}).future for n in numbers
        ]

    def lines(self) -> list[int]:
        """What the live feed told, in the backend's order."""
        events = sorted(self.store.collection("event").all(), key=lambda event: event.version)
        return [int(event.title) for event in events]

    def close(self) -> None:
        self.link.close()
        self.io.close()
        self.pool.close()


@pytest.fixture
def consoles() -> Iterator[Callable[..., Console]]:
    made: list[Console] = []

    def make(*args) -> Console:
        made.append(Console(*args))
        return made[-1]

    yield make
    for console in made:
        console.close()


def test_orders_over_a_kill_9_are_delivered_once_in_order(real_server, consoles, tmp_path) -> None:
    console = consoles(real_server.url, tmp_path).signed_in()
    waiting_seen: list[int] = []
    console.link.backend.on_waiting(lambda: waiting_seen.append(len(console.link.backend.waiting())))
    answers = console.give(*range(10))
    console.until(lambda: len(console.lines()) > 2)
    real_server.kill()
    answers += console.give(*range(10, 20))
    console.until(lambda: not console.link.backend.connected)
    assert console.store.known_at is not None  # marked as old
    assert console.link.inbox.connection.problem == "后台暂时无法连接"
    real_server.start()
    console.until(lambda: all(answer.done() for answer in answers))
    assert [answer.result()["n"] for answer in answers] == list(range(20))
    console.until(lambda: console.lines() == list(range(20)))
    console.until(lambda: console.store.known_at is None)
    assert max(waiting_seen) >= 10
    console.until(lambda: waiting_seen[-1] == 0)


def test_a_console_that_starts_cut_off_shows_the_last_known_state(real_server, consoles, tmp_path) -> None:
    vault = MemoryVault()
    first = consoles(real_server.url, tmp_path, vault).signed_in()
    assert first.link.layers is not None
    *_, layers = first.link.layers.sync()
    first.give(1, 2)
    first.until(lambda: first.lines() == [1, 2])
    kept = first.link.keep_snapshot()
    assert kept is not None
    kept.result(10)
    first.link.close()
    real_server.kill()
    second = consoles(real_server.url, tmp_path, vault)
    second.link.start(second.link.open("op"))
    second.until(lambda: second.lines() == [1, 2])
    assert second.link.backend.user == first.link.backend.user
    assert second.store.known_at == pytest.approx(time.time(), abs=60)
    assert second.link.layers is not None
    assert list(second.link.layers.sync()) == [layers]
    (answer,) = second.give(3)
    real_server.start()
    second.link.session.resume()
    second.until(answer.done)
    second.until(
        lambda: second.lines() == [3]
    )  # the test's ledger lives in memory: the snapshot replaced all
    assert second.store.known_at is None


def test_positions_and_the_servers_clock_arrive(shared_server, consoles, tmp_path) -> None:
    console = consoles(shared_server.url, tmp_path).signed_in()
    device = console.link.api.call("POST", "/ledger/devices", {"name": "d1"})
    place = {"id": "d1", "lat": 34.2, "lon": 117.25, "timestamp": time.time(), "speed": 2}
    ingest = f"{shared_server.url}/api/v1/ingest/osmand/d1/{device['secret']}"
    assert requests.get(ingest, params=place, timeout=10).status_code == 200
    console.until(lambda: console.store.positions.row(device["handle"]) is not None)
    columns = console.store.positions.columns()
    assert columns.lon[0] == pytest.approx(117.25)
    console.until(lambda: console.link.backend.connection.latency is not None)
    assert console.store.server_time == pytest.approx(time.time(), abs=2)


def test_the_feed_outlives_its_token(tmp_path, consoles) -> None:
    from tests.client.conftest import RealServer

    server = RealServer(tmp_path / "server", access_seconds=2)
    server.start()
    try:
        console = consoles(server.url, tmp_path).signed_in()
        downs: list[bool] = []
        console.link.backend.on_connection(downs.append)
        start = time.monotonic()
        console.until(lambda: time.monotonic() > start + 4)
        console.give(1)
        console.until(lambda: console.lines() == [1])
        assert False not in downs
    finally:
        server.kill()


def test_a_sign_in_that_is_over_is_said_so(shared_server, consoles, tmp_path) -> None:
    console = consoles(shared_server.url, tmp_path)
    with pytest.raises(NotSignedIn):
        console.link.session.sign_in("op", "wrong password")
    console.link.start(console.link.open("op"))
    console.until(lambda: console.link.inbox.connection.signed_out)
    assert not console.link.backend.connected


def synced(cache: LayerCache) -> Layers:
    *_, layers = cache.sync()
    return layers


def test_a_map_that_is_long_on_its_way_is_shown_as_it_comes(shared_server, consoles, tmp_path, monkeypatch):
    monkeypatch.setattr(layer_cache, "SHOW_EVERY", 0.0)
    cache = consoles(shared_server.url, tmp_path).signed_in().link.layers
    assert cache is not None
    maps = list(cache.sync())
    assert [len(layers) for layers in maps] == [*range(1, len(maps)), len(maps) - 1]
    sizes = [{info.id: info.bytes for info, _ in layers} for layers in maps]
    assert max(sizes[0].values()) <= min(sizes[-1].values())
    assert next(cache.sync()) == maps[-1]  # all of it at once the next time


def test_layers_are_whole_resumed_and_pruned(shared_server, consoles, tmp_path) -> None:
    console = consoles(shared_server.url, tmp_path).signed_in()
    cache = console.link.layers
    assert cache is not None
    layers = {info.id: path for info, path in synced(cache)}
    whole = layers["roads"].read_bytes()
    stamp = layers["roads"].stat().st_mtime_ns
    assert synced(cache) == cache.known()
    assert layers["roads"].stat().st_mtime_ns == stamp  # nothing was fetched again
    # Broken off in the middle: goes on from there.
    layers["roads"].unlink()
    part = layers["roads"].with_suffix(".part")
    part.write_bytes(whole[:1_000_000])
    (part.parent / "old.layer").write_bytes(b"old")
    synced(cache)
    assert layers["roads"].read_bytes() == whole
    # Rubbish of the right length is found by the check, thrown away and fetched anew.
    layers["roads"].unlink()
    part.write_bytes(b"x" * len(whole))
    assert "roads" not in {info.id for info, _ in synced(cache)}
    assert {path for _, path in synced(cache)} == set(layers.values()) == set(part.parent.iterdir())
    assert layers["roads"].read_bytes() == whole


def test_a_session_that_ends_leaves_what_is_shown_and_goes_on_after_sign_in(
    shared_server, consoles, tmp_path
):
    console = consoles(shared_server.url, tmp_path).signed_in()
    user, link = console.link.session.user, console.link
    token = link.session.token()
    requests.delete(
        f"{shared_server.url}/api/v1/session", headers={"Authorization": f"Bearer {token}"}, timeout=20
    ).raise_for_status()
    console.until(lambda: link.inbox.connection.signed_out)
    console.until(lambda: console.store.known_at is not None)
    assert (link.session.expired, link.backend.user) == (True, user)
    (answer,) = console.give(501)
    console.until(lambda: len(link.backend.waiting()) == 1)
    with pytest.raises(NotSignedIn):  # another's token is never taken for it
        link.session.sign_in("op", PASSWORD)
        link.session.token("somebody else")
    link.retry_now()
    console.until(answer.done)
    console.until(lambda: link.backend.connected and console.store.known_at is None)
    console.until(lambda: 501 in console.lines())


def test_a_slow_line_is_measured_while_the_answer_is_out(shared_server, consoles, tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "LATE_SECONDS", 0.1)
    monkeypatch.setattr(feed.LiveFeed, "_pong", lambda _self, _frame: None)  # the answer does not come
    console = consoles(shared_server.url, tmp_path).signed_in()
    console.until(lambda: (console.link.backend.connection.latency or 0) > 0.5, 5)
    assert console.link.backend.connected
