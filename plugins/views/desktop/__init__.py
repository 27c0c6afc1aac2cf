"""Desktop half of the map views."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication

from console.sdk import Context
from plugins.views.desktop.panes import Panes


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panels."""
    parts: list[Any] = [Panes(ctx)]
    ctx.commands.bind("onemap.views.copy_link", lambda: copy_link(ctx))
    ctx.undo(parts.clear)  # they live exactly as long as the plugin is active


def copy_link(ctx: Context) -> None:
    """The link to what the first map shows, for a message or a note."""
    link = ctx.map.views.link()
    QGuiApplication.clipboard().setText(link)
    ctx.notify(ctx.tr("Link copied: {link}", link=link), key="onemap.views.copy_link")
