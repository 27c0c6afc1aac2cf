"""A screen of our own for the tests of the window: Xvfb with a window manager."""

from __future__ import annotations

import os
import shutil
import subprocess

from console.cli.display import start_virtual


class Screen:
    """Xvfb on a free display, with openbox when it is there (focus needs a manager)."""

    def __init__(self, size: str = "1920x1080") -> None:
        self._server = start_virtual(size)
        self.display = os.environ["DISPLAY"]
        self._manager = self._start_manager()

    def _start_manager(self) -> subprocess.Popen[bytes] | None:
        if not shutil.which("openbox"):
            return None
        quiet = subprocess.DEVNULL
        return subprocess.Popen(["openbox"], stdout=quiet, stderr=quiet)

    def close(self) -> None:
        """End both processes."""
        for process in (self._manager, self._server):
            if process is not None:
                process.terminate()
                process.wait(10)
