"""The filter of the last time: who watches the schools' cameras finds them again."""

from __future__ import annotations

from typing import Any

from console.sdk.json_file import JsonFile
from plugins.cameras.desktop.catalogue import STATES, Filter
from plugins.cameras.desktop.desk import Desk

WORDS = ("area", "owner", "kind", "state")
CHOICES = ("high", "live")


class FilterMemory:
    """Area, owner, kind and state; what was typed and the view are of the moment."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._file = JsonFile(desk.ctx, "filter.json")
        self._kept: dict[str, Any] = kept(Filter())
        self._loaded = False
        desk.filtered.connect(self._on_filter)
        self._file.load(self._on_loaded)

    def _on_loaded(self, rows: list[Any]) -> None:
        """It is said, since what is not on the map is easily thought not to be there."""
        self._loaded = True
        found = conditions(rows[0]) if rows and isinstance(rows[0], dict) else {}
        if found and not any(kept(self._desk.filter).values()):
            self._kept = kept(Filter(**found))
            self._desk.set_filter(**found)
            ctx = self._desk.ctx
            ctx.notify(ctx.tr("Cameras are filtered as they were last time"), key="onemap.cameras.filter")

    def _on_filter(self) -> None:
        now = kept(self._desk.filter)
        if self._loaded and now != self._kept:
            self._kept = now
            self._file.save([now])


def kept(current: Filter) -> dict[str, Any]:
    """What is remembered of it."""
    return {name: getattr(current, name) for name in (*WORDS, *CHOICES)}


def conditions(row: dict[Any, Any]) -> dict[str, Any]:
    """What a file says; whatever is wrong with it is left out."""
    words = {name: row[name] for name in WORDS if isinstance(row.get(name), str) and row[name]}
    if words.get("state", STATES[0]) not in STATES:
        del words["state"]
    return words | {name: row[name] for name in CHOICES if isinstance(row.get(name), bool)}
