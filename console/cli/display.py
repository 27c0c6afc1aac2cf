"""A screen to draw on: the user's, or a virtual one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from console.processes import start_child

NO_DISPLAY = """\
没有图形显示。可在桌面会话中启动，或加 --virtual 使用虚拟显示（Xvfb）。
There is no display. Start in a desktop session, or add --virtual for a virtual one (Xvfb)."""


class NoDisplay(Exception):
    """Windows cannot be opened here; the text says what to do."""


def has_display() -> bool:
    """Whether windows can be opened here."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def start_virtual(size: str = "1920x1080") -> subprocess.Popen[bytes]:
    """Start Xvfb on a free display and point this process at it. Raises NoDisplay."""
    if not shutil.which("Xvfb"):
        raise NoDisplay("Xvfb is missing: apt-get install xvfb")
    read, write = os.pipe()
    process = start_child(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    if not number:
        raise NoDisplay("Xvfb did not start")
    os.environ["DISPLAY"] = f":{number}"
    os.environ.pop("WAYLAND_DISPLAY", None)
    return process
