"""Desktop half of the buildings."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.buildings.desktop.card import CardPanel
from plugins.buildings.desktop.city import City
from plugins.buildings.desktop.desk import Desk
from plugins.buildings.desktop.finding import Finder
from plugins.buildings.desktop.query_desk import QueryDesk
from plugins.buildings.desktop.query_panel import QueryPanel


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panels."""
    city = City(ctx)
    query = QueryDesk(ctx, city)  # below what is singled out
    desk = Desk(ctx, city)
    ctx.services.provide("buildings", Finder(ctx, city, desk))
    ctx.panels.bind("onemap.buildings.card", lambda: CardPanel(ctx, desk))
    ctx.panels.bind("onemap.buildings.query", lambda: QueryPanel(ctx, query, desk))
    parts: list[Any] = [city, desk, query]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active
