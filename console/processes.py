"""What differs between operating systems in the life of processes."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
"""Opened now: between fork and exec another thread may hold the loader's lock for ever."""


def end_with_parent(blow: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send *blow* to this process when its parent ends (Linux).

    The parent is the *thread* that started it: a thread that starts a process and
    ends takes the process with it.
    Elsewhere nothing happens: the parent must end its children itself.
    """
    if _libc is None:
        return
    parent = os.getppid()
    _libc.prctl(_PR_SET_PDEATHSIG, blow)
    if os.getppid() != parent:  # it ended before the request
        os.kill(os.getpid(), blow)


def start_child(
    command: Sequence[str],
    *,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """``Popen`` of a child that we end: the kernel does if we cannot any more (Linux).

    It has a session of its own, because Ctrl+C in the terminal is for us alone.
    """
    return subprocess.Popen(  # noqa: S603 - callers give fixed commands
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        pass_fds=pass_fds,
        start_new_session=True,
        preexec_fn=end_with_parent if _libc is not None else None,
    )


def exit_on_term() -> None:
    """Have SIGTERM raise SystemExit in the main thread, so that what was begun is undone."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


@contextmanager
def signals_held() -> Iterator[None]:
    """SIGINT and SIGTERM wait: an import of Qt that one of them breaks off aborts the process."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def allow_many_files() -> None:
    """Raise the limit of open files to what the system allows: each device and console is one."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
