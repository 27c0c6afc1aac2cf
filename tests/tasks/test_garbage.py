"""Cyclic garbage is collected by the timer of the GUI thread alone."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread

from console.tasks.garbage import GarbageKeeper


class Knot(QObject):
    """Refers to itself, as widgets with handlers do."""

    def __init__(self, died_on: list[bool]) -> None:
        super().__init__()
        self.me = self
        gui = QThread.currentThread()
        weakref.finalize(self, lambda: died_on.append(QThread.currentThread() is gui))


@pytest.fixture
def keeper(qapp: Any) -> Iterator[GarbageKeeper]:
    gc.enable()  # as a program starts; the tests themselves run without
    keeper = GarbageKeeper()
    yield keeper
    keeper.close()
    given_back = gc.isenabled()
    gc.disable()
    assert given_back


def test_other_threads_collect_nothing(keeper: GarbageKeeper, qtbot: Any) -> None:
    died_on: list[bool] = []
    for _ in range(20):
        Knot(died_on)
    worker = threading.Thread(target=lambda: [[[]] for _ in range(50_000)])
    worker.start()
    worker.join()
    assert died_on == []
    litter = [[] for _ in range(2_000)]  # more than the threshold of the youngest generation
    qtbot.waitUntil(lambda: len(died_on) == 20, timeout=5_000)
    assert all(died_on)
    assert len(litter) == 2_000
