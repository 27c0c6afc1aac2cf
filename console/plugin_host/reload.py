"""For plugins under development: a saved file switches the plugin off and on again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from console.sdk import Undo
from console.sdk.context import Tasks

log = logging.getLogger(__name__)
WATCHED = (".py", ".toml", ".svg", ".png", ".qss")
EVERY = 0.5
"""Seconds between two looks; a plugin has a few dozen files, so a look is no work."""


class Reloader:
    """Looks at the files of one plugin folder and calls *reload* when one changed."""

    def __init__(self, folder: Path, reload: Callable[[], object]) -> None:
        self._folder = folder
        self._reload = reload
        self._seen = self._look()

    def start(self, tasks: Tasks) -> Undo:
        """Look from now on."""
        return tasks.every(EVERY, self.check)

    def check(self) -> None:
        """Reload when a file changed since the last look."""
        now = self._look()
        if now != self._seen:
            self._seen = now
            log.info("%s changed, loading it anew", self._folder)
            self._reload()

    def _look(self) -> dict[str, tuple[int, int]]:
        seen: dict[str, tuple[int, int]] = {}
        for path in self._folder.rglob("*"):
            try:
                stat = path.stat()
            except FileNotFoundError:  # an editor's temporary file
                continue
            if path.suffix in WATCHED:
                seen[str(path)] = (stat.st_mtime_ns, stat.st_size)
        return seen
