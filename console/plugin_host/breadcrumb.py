"""What plugin code runs now, written where it outlives a crash of the process.

Each process has two files: ``<pid>.crumb``, a small memory map with the id of
the plugin whose handler runs (it outlives abort, exit and kill), and
``<pid>.trace``, where faulthandler prints the Python stack of a crash (it also
sees slots that Qt calls by itself). A clean end removes both, so what is left
of a process that is gone tells who was at work when it died.
"""

from __future__ import annotations

import contextlib
import faulthandler
import mmap
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from console.plugin_host.owners import Owners

try:
    import fcntl
except ImportError:  # Windows: a file that is in use cannot be removed, which says the same
    fcntl = None

SIZE = 256
_CURRENT = re.compile(r"^Current thread .*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A plugin that was at work when a console died; *trace* may be empty."""

    plugin_id: str
    trace: str


class Breadcrumb:
    """Marks plugin code while it runs; in memory only until it is opened."""

    def __init__(self) -> None:
        self._stack: list[str] = []
        self._paths: list[Path] = []
        self._cell: mmap.mmap | None = None

    def open(self, folder: Path) -> None:
        """Write marks to this process's files in *folder* from now on."""
        folder.mkdir(parents=True, exist_ok=True)
        crumb, trace = folder / f"{os.getpid()}.crumb", folder / f"{os.getpid()}.trace"
        self._file = crumb.open("w+b")
        self._file.truncate(SIZE)
        if fcntl is not None:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._cell = mmap.mmap(self._file.fileno(), SIZE)
        self._trace = trace.open("w")
        faulthandler.enable(self._trace)
        self._paths = [crumb, trace]

    @property
    def current(self) -> str:
        """The plugin whose code runs now; empty when none."""
        return self._stack[-1] if self._stack else ""

    @contextlib.contextmanager
    def mark(self, plugin_id: str) -> Iterator[None]:
        """Code inside belongs to *plugin_id*; may be nested."""
        self._stack.append(plugin_id)
        self._write(plugin_id)
        try:
            yield
        finally:
            self._stack.pop()
            self._write(self.current)

    def _write(self, plugin_id: str) -> None:
        if self._cell is not None:
            self._cell[:SIZE] = plugin_id.encode()[:SIZE].ljust(SIZE, b"\0")

    def close(self) -> None:
        """A clean end: leave nothing behind."""
        if self._cell is None:
            return
        faulthandler.disable()
        self._cell.close()
        self._cell = None
        self._file.close()
        self._trace.close()
        for path in self._paths:
            path.unlink(missing_ok=True)


def suspects(folder: Path, owners: Owners) -> list[Suspect]:
    """Plugins that were at work when consoles died; their files are removed."""
    found: list[Suspect] = []
    for crumb in sorted(folder.glob("*.crumb")):
        plugin_id = _take(crumb)
        if plugin_id is None:
            continue
        printed = crumb.with_suffix(".trace")
        text = printed.read_text(errors="replace") if printed.exists() else ""
        printed.unlink(missing_ok=True)
        current = _CURRENT.search(text)
        trace = current[0] if current else ""
        if plugin_id := owners.of_trace(trace) or plugin_id:
            found.append(Suspect(plugin_id, trace))
    return found


def _take(crumb: Path) -> str | None:
    """Read and remove the crumb of a process that is gone; None while it lives."""
    try:
        with crumb.open("r+b") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            content = file.read(SIZE)
        crumb.unlink()
    except OSError:
        return None
    return content.rstrip(b"\0").decode(errors="replace")
