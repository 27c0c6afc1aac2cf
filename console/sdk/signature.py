"""Who prints or saves: the name of the session, and the unit that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from console.sdk.context import Context
from console.sdk.errors import BackendAway, BackendError


async def signature(ctx: Context) -> str:
    """“王小明 · 鼓楼区”; the name alone while the backend is away, nothing while nobody is signed in."""
    user = ctx.backend.user
    if user is None:
        return ""
    name = user.name or user.username
    try:
        rows: Sequence[Any] = await ctx.backend.get("/areas")
    except (BackendError, BackendAway):
        return name
    names = {_of(row, "code"): _of(row, "name") for row in rows}
    english = {_of(row, "code"): _of(row, "name_en") for row in rows}
    units = [
        (english.get(code) if ctx.language == "en" else "") or names.get(code, "") for code in user.areas[:3]
    ]
    return " · ".join(part for part in (name, "、".join(unit for unit in units if unit)) if part)


def _of(row: Any, name: str) -> str:
    """A field of a record, or of its JSON."""
    known = isinstance(row, dict)
    value: Any = cast("dict[str, Any]", row).get(name, "") if known else getattr(row, name, "")
    return str(value or "")
