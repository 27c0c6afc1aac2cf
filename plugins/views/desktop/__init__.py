"""Desktop half of the map views."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication

from console.sdk import Context
from plugins.views.desktop.panes import Panes
from plugins.views.desktop.swipe import SwipeDesk
from plugins.views.desktop.timeline.desk import TimeDesk
from plugins.views.desktop.timeline.panel import TimePanel


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panels."""
    times = TimeDesk(ctx)
    parts: list[Any] = [Panes(ctx), SwipeDesk(ctx), times]
    ctx.panels.bind("onemap.views.time", lambda: TimePanel(ctx, times))
    ctx.commands.bind("onemap.views.copy_link", lambda: copy_link(ctx))
    bind_overview(ctx)
    ctx.undo(parts.clear)  # they live exactly as long as the plugin is active


def copy_link(ctx: Context) -> None:
    """The link to what the first map shows, for a message or a note."""
    link = ctx.map.views.link()
    QGuiApplication.clipboard().setText(link)
    ctx.notify(ctx.tr("Link copied: {link}", link=link), key="onemap.views.copy_link")


def bind_overview(ctx: Context) -> None:
    """The overview follows its setting, which the command turns."""
    views = ctx.map.views
    ctx.commands.bind(
        "onemap.views.toggle_overview", lambda: ctx.settings.set("overview", not ctx.settings.get("overview"))
    )
    ctx.settings.on_change("overview", views.show_overview)
    views.show_overview(ctx.settings.get("overview"))
    ctx.undo(lambda: views.show_overview(False))
