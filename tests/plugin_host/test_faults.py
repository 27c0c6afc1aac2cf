"""Plugins that raise, hang and crash: caught, named, suspended; the console goes on."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from console.plugin_host import PluginHost, PluginState
from console.plugin_host.host import START_UP
from console.plugin_host.owners import Owners
from console.plugin_host.watchdog import Stall, Watchdog
from tests.plugin_host.test_life import info

RAISING = """
def activate(ctx):
    ctx.commands.bind("acme.bad.go", go)
    ctx.panels.bind("acme.bad.list", go)
def go():
    raise ValueError("broken on purpose")
"""
PANEL = """
[[contributes.panels]]
id = "acme.bad.list"
title = "List"
"""


def test_a_raising_handler_is_told_and_the_third_in_a_minute_suspends(bench: Any) -> None:
    bench.write("bad", RAISING, PANEL)
    host = bench.host()
    for _ in range(2):
        host.commands.run("acme.bad.go")
    assert info(host, "acme.bad").state is PluginState.ACTIVE
    assert bench.notes[-1].text == 'An error in the plugin "Bad"'
    assert "broken on purpose" in bench.notes[-1].detail
    assert host.panels.make("acme.bad.list") is None
    suspended = info(host, "acme.bad")
    assert suspended.state is PluginState.FAILED
    assert "3 errors" in suspended.reason.en
    assert suspended.faults == 3


def test_faults_far_apart_do_not_suspend(bench: Any) -> None:
    bench.write("bad", RAISING, PANEL)
    host = bench.host()
    for _ in range(5):
        bench.clock.advance(40)
        host.commands.run("acme.bad.go")
    assert info(host, "acme.bad").state is PluginState.ACTIVE


def test_async_handlers_and_timers_are_attributed_too(bench: Any) -> None:
    bench.write(
        "bad",
        """
        def activate(ctx):
            async def go():
                await ctx.tasks.sleep(1)
                raise ValueError("later")
            ctx.commands.bind("acme.bad.go", go)
            ctx.tasks.later(2, go)
            ctx.tasks.start(go())
        """,
    )
    host = bench.host()
    host.commands.run("acme.bad.go")
    assert info(host, "acme.bad").faults == 0
    bench.clock.advance(1)
    assert info(host, "acme.bad").faults == 2
    bench.clock.advance(1)
    bench.clock.advance(1)
    assert info(host, "acme.bad").state is PluginState.FAILED


def test_what_is_over_is_forgotten(bench: Any) -> None:
    bench.write(
        "busy",
        """
        def activate(ctx):
            async def go():
                await ctx.tasks.sleep(1)
            ctx.commands.bind("acme.busy.go", go)
        """,
    )
    host = bench.host()
    host.activate("acme.busy")
    bound = host._life.plugins["acme.busy"].bound
    before = len(bound)
    for _ in range(5):
        host.commands.run("acme.busy.go")
        assert len(bound) == before + 1
        bench.clock.advance(1)
        assert len(bound) == before


def test_an_answer_of_the_backend_is_no_fault_of_the_plugin(bench: Any) -> None:
    bench.write(
        "net",
        """
        from console.sdk import BackendAway
        def activate(ctx):
            ctx.commands.bind("acme.net.go", go)
        def go():
            raise BackendAway("The backend cannot be reached.")
        """,
    )
    host = bench.host()
    for _ in range(4):
        host.commands.run("acme.net.go")
    assert info(host, "acme.net").state is PluginState.ACTIVE
    assert bench.notes[-1].text == "The backend cannot be reached."


def test_slots_and_threads_are_attributed_by_their_traceback(bench: Any) -> None:
    bench.write("bad", RAISING, PANEL)
    host = bench.host(guard_process=True)
    host.activate("acme.bad")
    go = sys.modules["acme_bad"].go
    try:
        go()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)  # as PySide6 does for a slot
    assert info(host, "acme.bad").faults == 1

    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
    assert info(host, "acme.bad").faults == 1
    host.beat()
    assert info(host, "acme.bad").faults == 2


def test_a_real_slot_of_qt_is_attributed(bench: Any, qtbot: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    bench.write("bad", RAISING, PANEL)
    host = bench.host(guard_process=True)
    host.activate("acme.bad")
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(sys.modules["acme_bad"].go)
    for _ in range(3):
        button.click()
    assert info(host, "acme.bad").state is PluginState.FAILED


def test_errors_of_others_reach_the_hook_that_was_there(bench: Any, monkeypatch: Any) -> None:
    seen: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: seen.append(error))
    bench.host(guard_process=True)
    error = ValueError("mine")
    sys.excepthook(ValueError, error, None)
    assert seen == [error]


def test_the_watchdog_names_the_plugin_that_holds_up_the_window(bench: Any) -> None:
    bench.write(
        "slow",
        """
        import time
        def activate(ctx):
            ctx.commands.bind("acme.slow.go", lambda: time.sleep(1.2))
            time.sleep(1.2)
        """,
    )
    host = bench.host(guard_process=True)
    host.beat()
    host.commands.run("acme.slow.go")
    host.beat()
    assert info(host, "acme.slow").stalls == 1
    assert bench.said == "", "while all starts nobody is told"
    bench.clock.now += START_UP + 1
    host.commands.run("acme.slow.go")
    host.beat()
    assert info(host, "acme.slow").stalls == 2
    assert "held up the window" in bench.said
    assert "acme_slow" not in bench.notes[-1].detail, "an operator reads no stack"


def test_the_watchdog_is_quiet_while_the_heart_beats() -> None:
    stalls: list[Stall] = []
    watchdog = Watchdog(Owners(), stalls.append, limit=0.6)
    watchdog.start()
    for _ in range(15):
        watchdog.beat()
        time.sleep(0.02)
    watchdog.beat()
    watchdog.close()
    assert stalls == []


CRASHING = """
def activate(ctx):
    import os, signal
    ctx.commands.bind("acme.crash.exit", lambda: os._exit(9))
    ctx.commands.bind("acme.crash.abort", os.abort)
    async def later():
        await ctx.tasks.sleep(1)
        os.kill(os.getpid(), signal.SIGKILL)
    ctx.commands.bind("acme.crash.go", later)
"""
MORE = """
[[contributes.commands]]
id = "acme.crash.exit"
title = "Exit"
[[contributes.commands]]
id = "acme.crash.abort"
title = "Abort"
"""
RUN = """
import sys
from pathlib import Path
from tests.plugin_host.conftest import Bench
bench = Bench.__new__(Bench)
root = Path({root!r})
real = Path.mkdir
Path.mkdir = lambda self, *a, **k: real(self, parents=True, exist_ok=True)
bench.__init__(root)
host = bench.host(guard_process=True)
{then}
"""


def run_process(bench: Any, then: str) -> subprocess.CompletedProcess[str]:
    code = RUN.format(root=str(bench.root), then=textwrap.dedent(then))
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "then",
    [
        'host.commands.run("acme.crash.exit")',
        'host.commands.run("acme.crash.abort")',
        'host.commands.run("acme.crash.go"); bench.clock.advance(1)',
    ],
)
def test_a_crash_leaves_a_breadcrumb_and_the_next_start_keeps_the_plugin_off(bench: Any, then: str) -> None:
    bench.write("crash", CRASHING, MORE)
    assert run_process(bench, then).returncode != 0
    host = bench.host()
    off = info(host, "acme.crash")
    assert off.state is PluginState.DISABLED
    assert "crashed" in off.reason.en
    assert host.retry("acme.crash")
    assert info(bench.host(), "acme.crash").state is PluginState.VALIDATED


def test_the_fault_handler_sees_code_that_qt_calls(bench: Any) -> None:
    bench.write(
        "crash", "import faulthandler\ndef activate(ctx): pass\ndef slot(): faulthandler._sigabrt()\n"
    )
    then = 'host.activate("acme.crash"); sys.modules["acme_crash"].slot()'
    assert run_process(bench, then).returncode != 0
    assert info(bench.host(), "acme.crash").state is PluginState.DISABLED


def test_a_kill_while_no_plugin_works_blames_nobody(bench: Any) -> None:
    bench.write("calm", "def activate(ctx): pass")
    then = 'import os, signal; host.activate("acme.calm"); os.kill(os.getpid(), signal.SIGKILL)'
    assert run_process(bench, then).returncode != 0
    assert info(bench.host(), "acme.calm").state is PluginState.VALIDATED


def test_a_clean_end_and_a_second_console_leave_no_suspect(bench: Any) -> None:
    bench.write("calm", "def activate(ctx): pass")
    assert run_process(bench, "host.close()").returncode == 0
    first: PluginHost = bench.host(guard_process=True)
    first._crumb._write("acme.calm")
    second = run_process(bench, "print([p.state.value for p in host.plugins()]); host.close()")
    assert second.stdout.strip() == "['validated']", second.stderr
