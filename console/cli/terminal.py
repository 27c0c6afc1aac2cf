"""Progress on a terminal: one line that rewrites itself, or plain lines in a log."""

from __future__ import annotations

import shutil
import sys
import time
import unicodedata


class ProgressLine:
    """Shows ``done`` (0..1) and a text; silent for what is over within a second."""

    def __init__(self, title: str) -> None:
        self._title, self._start = title, time.monotonic()
        self._live = sys.stderr.isatty()
        self._shown = 0.0
        self._last_text = ""

    def __call__(self, done: float, text: str = "") -> None:
        """Draw at most ten times a second; in a log one line a new text."""
        now = time.monotonic()
        if now - self._start < 1.0:
            return
        if self._live and now - self._shown > 0.1:
            self._draw(done, text)
            self._shown = now
        elif not self._live and text != self._last_text:
            sys.stderr.write(f"{self._title}: {done:4.0%} {text}\n")
            self._last_text = text

    def _draw(self, done: float, text: str) -> None:
        width = shutil.get_terminal_size().columns
        filled = round(24 * min(max(done, 0.0), 1.0))
        line = f"{self._title} [{'#' * filled}{'.' * (24 - filled)}] {done:4.0%} {text}"
        sys.stderr.write("\r\x1b[2K" + clip(line, width - 1))
        sys.stderr.flush()

    def end(self, text: str) -> None:
        """Leave a closing line with the time taken."""
        took = time.monotonic() - self._start
        clear = "\r\x1b[2K" if self._live else ""
        sys.stderr.write(f"{clear}{self._title}: {text} ({took:.1f} s)\n")


def clip(text: str, columns: int) -> str:
    """*text* cut to *columns* of a terminal, where Chinese characters take two."""
    used = 0
    for at, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > columns:
            return text[:at]
    return text
