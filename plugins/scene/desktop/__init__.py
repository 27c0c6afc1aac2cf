"""Desktop half of the 3D one map."""

from __future__ import annotations

from console.sdk import Context
from plugins.scene.desktop.model_list import ModelList
from plugins.scene.desktop.model_panel import ModelPanel
from plugins.scene.desktop.window import WindowPanel


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panels."""
    models = ModelList(ctx)
    ctx.panels.bind("onemap.scene.window", lambda: WindowPanel(ctx))
    ctx.panels.bind("onemap.scene.models", lambda: ModelPanel(ctx, models))
    ctx.commands.bind("onemap.scene.open_folder", models.ask_folder)
    ctx.commands.bind("onemap.scene.link", lambda: ctx.scene.link(not ctx.scene.linked))
    ctx.undo(models.end)
