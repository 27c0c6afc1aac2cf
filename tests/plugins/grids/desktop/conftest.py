"""The fixtures of the plugins' desktop halves, and a real map for the grid map."""

from tests.map.conftest import place, theme, view
from tests.plugins.desktop_console import activate, backend, clock, console, move, panel

__all__ = ["activate", "backend", "clock", "console", "move", "panel", "place", "theme", "view"]
