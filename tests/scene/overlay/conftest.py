"""The view of a map, for what a scene shows of it."""

from __future__ import annotations

from tests.map.conftest import place, theme, view

__all__ = ["place", "theme", "view"]
