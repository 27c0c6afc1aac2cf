"""The view of a map, for what a scene shows of it."""

from __future__ import annotations

from tests.map.conftest import theme, view

__all__ = ["theme", "view"]
