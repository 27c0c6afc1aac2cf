"""Usual work under a heavy feed holds up the GUI thread no longer than a frame."""

from __future__ import annotations

import statistics
import time

from PySide6.QtCore import QCoreApplication, QTimer

from console.sdk.ui import Column, RecordTable
from console.shell.connection import Link

FRAME = 0.016


def test_a_heavy_feed_leaves_the_window_answering(qtbot, window, services):
    """5,000 rows change twice a second while latency, tasks and notifications come in.

    What is measured is the CPU time of each single handler on the GUI thread, so that
    other work on the machine does not count; the median must fit a frame.
    """
    table = RecordTable(
        [Column("id", lambda r: r[0], 90), Column("v", lambda r: str(r[1]))], key=lambda r: r[0]
    )
    qtbot.addWidget(table)
    table.resize(400, 400)
    table.show()
    spent: dict[str, list[float]] = {"rows": [], "latency": [], "notify": [], "paint": []}

    def timed(name, work):
        began = time.thread_time()
        work()
        spent[name].append(time.thread_time() - began)

    for turn in range(20):
        rows = [(f"s{n}", n if n % 7 else n + turn) for n in range(5000)]
        timed("rows", lambda rows=rows: table.set_rows(rows))
        timed("latency", lambda turn=turn: services.connection.set(link=Link.ONLINE, latency=turn / 1000))
        timed("notify", lambda turn=turn: services.notify(f"第 {turn} 条", key=f"k{turn % 3}"))
        timed("paint", QCoreApplication.processEvents)
    middle = {name: statistics.median(times) for name, times in spent.items()}
    assert {name: round(t, 4) for name, t in middle.items() if t > FRAME} == {}


def test_the_watchdog_of_the_host_sees_no_stall_while_pages_are_opened(qtbot, window, services):
    gaps: list[float] = []
    last = time.thread_time()

    def beat() -> None:
        nonlocal last
        now = time.thread_time()
        gaps.append(now - last)
        last = now

    timer = QTimer(interval=5)
    timer.timeout.connect(beat)
    timer.start()
    for name in ("settings", "shortcuts", "workspaces", "plugins"):
        window.sheets.show_sheet(name)
        qtbot.wait(60)
        window.sheets.close_sheet()
    timer.stop()
    assert statistics.median(gaps) < FRAME
    assert max(gaps) < 1.0  # a sheet made for the first time, on a machine that runs other work
