"""Desktop half of the QGIS plugin: a desk that acts, and two panels that show."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.qgis.desktop.desk import QgisDesk


def bind(ctx: Context) -> None:
    """Build the desk, bind commands and panels."""
    desk = QgisDesk(ctx)
    parts: list[Any] = [desk]
    ctx.undo(parts.clear)  # the desk lives exactly as long as the plugin is active
    ctx.panels.bind("onemap.qgis.project", lambda: _project(desk))
    ctx.panels.bind("onemap.qgis.toolbox", lambda: _toolbox(desk))
    ctx.commands.bind("onemap.qgis.open", lambda: ctx.panels.show("onemap.qgis.project"))
    ctx.commands.bind("onemap.qgis.tools", lambda: ctx.panels.show("onemap.qgis.toolbox"))
    ctx.commands.bind("onemap.qgis.identify", desk.identify)
    ctx.commands.bind("onemap.qgis.restart", ctx.qgis.restart)
    desk.begin()


def _project(desk: QgisDesk) -> Any:
    from plugins.qgis.desktop.project_panel import ProjectPanel

    return ProjectPanel(desk)


def _toolbox(desk: QgisDesk) -> Any:
    from plugins.qgis.desktop.toolbox_panel import ToolboxPanel

    return ToolboxPanel(desk)
