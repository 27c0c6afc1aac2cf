"""Names of areas, which another plugin knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.sdk import Context, MissingService


def areas_of(ctx: Context, on_named: Callable[[], None]) -> Any | None:
    """The service ``areas``; *on_named* hears when names are known or change. None without it."""
    try:
        areas = ctx.services.get("areas")
    except MissingService:
        return None
    areas.on_change(on_named)
    return areas
