"""Desktop half of the layer styles."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.panel import StylesPanel


def bind(ctx: Context) -> None:
    """One desk, whatever becomes of the panel: what was changed can be undone after it was closed."""
    parts: list[Any] = [StyleDesk(ctx)]
    desk = parts[0]
    ctx.undo(parts.clear)  # it lives exactly as long as the plugin is active
    ctx.panels.bind("onemap.styles.styles", lambda: StylesPanel(ctx, desk))
