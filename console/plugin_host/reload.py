"""For ``onemap plugin dev``: a saved file switches the plugin off and on again."""

from __future__ import annotations

import logging
from pathlib import Path

from console.plugin_host.facets import Facets
from console.plugin_host.host import PluginHost
from console.sdk import Undo

log = logging.getLogger(__name__)
WATCHED = (".py", ".toml", ".svg", ".png", ".qss")
EVERY = 0.5
"""Seconds between two looks; a plugin has a few dozen files, so a look is no work."""


class Reloader:
    """Looks at the files of one plugin folder. Panels that are open are made anew by the window."""

    def __init__(self, host: PluginHost, facets: Facets, folder: Path) -> None:
        self._host = host
        self._tasks = facets.tasks
        self._folder = folder.resolve()
        self._seen = self._look()

    def start(self) -> Undo:
        """Look from now on."""
        return self._tasks.every(EVERY, self.check)

    def check(self) -> bool:
        """Reload when a file changed; whether one did."""
        now = self._look()
        if now == self._seen:
            return False
        self._seen = now
        for plugin in self._host.plugins():
            if plugin.folder.resolve() == self._folder:
                log.info("%s changed, loading it anew", plugin.id)
                self._host.reload(plugin.id)
        return True

    def _look(self) -> dict[str, tuple[int, int]]:
        seen: dict[str, tuple[int, int]] = {}
        for path in self._folder.rglob("*"):
            if path.suffix in WATCHED:
                stat = path.stat()
                seen[str(path)] = (stat.st_mtime_ns, stat.st_size)
        return seen
