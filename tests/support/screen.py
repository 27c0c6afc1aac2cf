"""A screen of our own for the tests of the window: Xvfb with a window manager."""

from __future__ import annotations

import os
import shutil
import subprocess


class Screen:
    """Xvfb on a free display, with openbox when it is there (focus needs a manager)."""

    def __init__(self, size: str = "1920x1080") -> None:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.display = f":{number}"
        self._manager = self._start_manager()

    def _start_manager(self) -> subprocess.Popen[bytes] | None:
        if not shutil.which("openbox"):
            return None
        environment = {**os.environ, "DISPLAY": self.display}
        return subprocess.Popen(
            ["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def close(self) -> None:
        """End both processes."""
        for process in (self._manager, self._server):
            if process is not None:
                process.terminate()
                process.wait(10)
