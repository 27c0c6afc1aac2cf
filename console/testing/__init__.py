"""pytest plugin for authors of plugins: ``onemap plugin test DIR``, or ``pytest -p console.testing``.

Fixtures: ``plugin`` (the plugin under test, active in a real plugin host),
``console`` (what is around it: live records, map, notifications, keys of the
window), ``backend`` (answers its requests), ``clock`` (time that the test
turns). A test that leaves threads, timers or windows behind fails.
"""

from console.testing.backend import MemoryBackend, Request
from console.testing.clock import Clock
from console.testing.console import Console
from console.testing.map import MemoryMap
from console.testing.qgis import MemoryQgis

__all__ = ["Clock", "Console", "MemoryBackend", "MemoryMap", "MemoryQgis", "Request"]

pytest_plugins = ("console.testing.fixtures", "console.testing.leaks")
"""Read by pytest alone: ``onemap plugin check`` uses this package where there is no pytest."""
