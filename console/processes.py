"""What differs between operating systems in the life of processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(blow: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send *blow* to this process when its parent ends (Linux).

    Elsewhere nothing happens: the parent must end its children itself.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, blow)
    if os.getppid() != parent:  # it ended before the request
        os.kill(os.getpid(), blow)


def allow_many_files() -> None:
    """Raise the limit of open files to what the system allows: each device and console is one."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
