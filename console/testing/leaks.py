"""A test that leaves threads, timers or windows behind has found a fault of the plugin."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

PATIENCE = 2.0
"""Seconds that a thread may need to end after it was told to."""


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test when something that it started is still there after it."""
    threads, objects = set(threading.enumerate()), _qt_objects()
    yield
    left = [*_threads_left(threads), *_objects_left(objects)]
    if left:
        pytest.fail(f"{request.node.name} leaves behind: {', '.join(left)}", pytrace=False)


def _threads_left(before: set[threading.Thread]) -> list[str]:
    end = time.monotonic() + PATIENCE
    for thread in set(threading.enumerate()) - before:
        thread.join(max(0.0, end - time.monotonic()))
    return [f"thread {thread.name}" for thread in threading.enumerate() if thread not in before]


def _objects_left(before: set[str]) -> list[str]:
    return sorted(_qt_objects() - before)


def _qt_objects() -> set[str]:
    """Visible windows and running timers, named with their address; none without Qt."""
    widgets: Any = sys.modules.get("PySide6.QtWidgets")
    app = widgets.QApplication.instance() if widgets else None
    if app is None:
        return set()
    app.sendPostedEvents(None, 52)  # QEvent.DeferredDelete: what was told to go has gone
    from PySide6.QtCore import QTimer

    windows = {f"window {w.windowTitle()!r} ({id(w):x})" for w in app.topLevelWidgets() if w.isVisible()}
    timers = {f"timer of {t.interval()} ms ({id(t):x})" for t in app.findChildren(QTimer) if t.isActive()}
    return windows | timers
