"""Handlers on the GUI thread: resume there, cancel, errors, time, progress."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

pytest.importorskip("PySide6", reason="install PySide6")

from console.tasks.driver import GuiDriver
from console.tasks.gui_tasks import GuiTasks
from console.tasks.io_thread import IoThread
from console.tasks.pending import Pending, settled
from console.tasks.progress import ProgressRegistry
from console.tasks.worker_pool import WorkerPool


class Bench:
    """The services under test and the errors that reached their owner."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.driver, self.pool, self.progress = GuiDriver(), WorkerPool(2), ProgressRegistry()
        self.tasks = GuiTasks(self.driver, self.pool, self.progress, self.errors.append)


@pytest.fixture
def bench(qapp) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.driver.close()
    made.pool.close()


def test_a_handler_goes_on_in_the_gui_thread(bench: Bench, qtbot) -> None:
    seen: list[object] = []

    async def handler() -> None:
        worker = await bench.tasks.run(threading.current_thread)
        seen.extend([worker, threading.current_thread()])

    bench.tasks.start(handler())
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[0] is not threading.main_thread()
    assert seen[1] is threading.main_thread()


def test_a_settled_call_does_not_wait(bench: Bench) -> None:
    seen: list[int] = []

    async def handler() -> None:
        seen.append(await settled(7))

    bench.tasks.start(handler())
    assert seen == [7]


def test_cancel_throws_at_the_await_and_a_late_result_is_ignored(bench: Bench, qtbot) -> None:
    future: Future[int] = Future()
    future.set_running_or_notify_cancel()
    seen: list[str] = []

    async def handler() -> None:
        try:
            await Pending(future)
            seen.append("went on")
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    cancel = bench.tasks.start(handler())
    future.set_result(1)  # the resume is queued now …
    cancel()  # … and must not reach the handler
    cancel()
    qtbot.wait(20)
    assert seen == ["cancelled"]
    assert not bench.errors


def test_a_handler_may_clean_up_while_cancelled(bench: Bench, qtbot) -> None:
    seen: list[str] = []

    async def handler() -> None:
        try:
            await bench.tasks.sleep(60)
        finally:
            await bench.tasks.run(seen.append, "cleaned")
            seen.append("over")

    bench.tasks.start(handler())()
    qtbot.waitUntil(lambda: seen == ["cleaned", "over"])


def test_a_handler_that_cancels_itself_stops_at_its_next_await(bench: Bench, qtbot) -> None:
    seen: list[str] = []

    async def handler() -> None:
        await bench.tasks.sleep(0)
        cancel[0]()
        seen.append("still running")
        await bench.tasks.sleep(0)
        seen.append("went on")

    cancel = [bench.tasks.start(handler())]
    qtbot.waitUntil(lambda: bool(seen))
    qtbot.wait(20)
    assert seen == ["still running"]


def test_errors_go_to_the_owner(bench: Bench, qtbot) -> None:
    async def fails() -> None:
        await bench.tasks.run(lambda: 1 / 0)

    async def awaits_something_else() -> None:
        await asyncio.sleep(0)

    def plain() -> None:
        raise ValueError("plain")

    bench.tasks.start(fails())
    bench.tasks.start(awaits_something_else())
    bench.tasks.call(plain)
    qtbot.waitUntil(lambda: len(bench.errors) == 3)
    assert {type(error) for error in bench.errors} == {ZeroDivisionError, TypeError, ValueError}


def test_every_leaves_out_turns_of_a_slow_handler(bench: Bench, qtbot) -> None:
    running, most, turns = 0, 0, 0

    async def slow() -> None:
        nonlocal running, most, turns
        running += 1
        most = max(most, running)
        await bench.tasks.sleep(0.02)
        running -= 1
        turns += 1

    stop = bench.tasks.every(0.001, slow)
    qtbot.waitUntil(lambda: turns >= 3)
    stop()
    qtbot.waitUntil(lambda: running == 0)
    after = turns
    qtbot.wait(40)
    assert (most, turns) == (1, after)


def test_later_can_be_taken_back(bench: Bench, qtbot) -> None:
    seen: list[str] = []
    bench.tasks.later(0.01, lambda: seen.append("first"))
    undo = bench.tasks.later(0.01, lambda: seen.append("second"))
    undo()
    undo()
    qtbot.waitUntil(lambda: seen == ["first"])
    qtbot.wait(20)
    assert seen == ["first"]


def test_progress_is_shown_and_cancelled_by_the_user(bench: Bench, qtbot) -> None:
    shown: list[list[float]] = []
    bench.progress.on_change(lambda: shown.append([task.done for task in bench.progress.running()]))
    half, go_on = threading.Event(), threading.Event()

    def work() -> str:
        with bench.tasks.progress("Importing") as progress:
            progress.report(0.5, "roads")
            half.set()
            go_on.wait(5)
            try:
                progress.report(0.6)
            except asyncio.CancelledError:
                return "stopped"
        return "done"

    future = bench.pool.submit(work)
    assert half.wait(5)
    (task,) = bench.progress.running()
    assert (task.title, task.done, task.text) == ("Importing", 0.5, "roads")
    bench.progress.cancel(task.id)
    go_on.set()
    assert future.result(5) == "stopped"
    qtbot.waitUntil(lambda: bool(shown) and shown[-1] == [])


def test_the_io_thread_cancels_what_is_left(bench: Bench) -> None:
    io, seen = IoThread("test-io"), []

    async def forever() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def add(a: int, b: int) -> int:
        return a + b

    io.submit(forever())
    assert io.submit(add(1, 2)).result(5) == 3
    io.close()
    assert seen == ["cancelled"]
