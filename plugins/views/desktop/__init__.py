"""Desktop half of the map views."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.views.desktop.panes import Panes


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panels."""
    parts: list[Any] = [Panes(ctx)]
    ctx.undo(parts.clear)  # they live exactly as long as the plugin is active
