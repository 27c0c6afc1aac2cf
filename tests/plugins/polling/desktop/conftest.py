"""The fixtures of the plugins' desktop halves."""

from tests.plugins.desktop_console import activate, backend, clock, console, move, panel

__all__ = ["activate", "backend", "clock", "console", "move", "panel"]
