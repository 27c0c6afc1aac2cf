"""Status items: short texts of plugins in the status bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.model.manifest import StatusItem
from console.model.text import Text
from console.plugin_host.listeners import Listeners, once, together
from console.sdk import Undo


@dataclass(slots=True, kw_only=True)
class StatusEntry:
    """One item; an empty text hides it."""

    id: str
    plugin_id: str
    title: Text
    side: str
    command: str = ""
    text: str = ""
    tooltip: str = ""


class StatusRegistry:
    """All status items by id."""

    def __init__(self) -> None:
        self._entries: dict[str, StatusEntry] = {}
        self._changed: Listeners[[str]] = Listeners()

    def declare(self, plugin_id: str, items: tuple[StatusItem, ...]) -> Undo:
        """Add what a manifest declares."""
        return together([self._put(plugin_id, item) for item in items])

    def _put(self, plugin_id: str, item: StatusItem) -> Undo:
        self._entries[item.id] = StatusEntry(
            id=item.id, plugin_id=plugin_id, title=item.title, side=item.side, command=item.command
        )
        self._changed.fire(item.id)
        return once(lambda: self._drop(item.id))

    def _drop(self, item_id: str) -> None:
        self._entries.pop(item_id, None)
        self._changed.fire(item_id)

    def set(self, item_id: str, text: str, tooltip: str = "") -> None:
        """Show *text*. Raises KeyError when no manifest declares the item."""
        entry = self._entries[item_id]
        if (entry.text, entry.tooltip) != (text, tooltip):
            entry.text, entry.tooltip = text, tooltip
            self._changed.fire(item_id)

    def entries(self) -> list[StatusEntry]:
        """All items in order of declaration."""
        return list(self._entries.values())

    def on_change(self, handler: Callable[[str], None]) -> Undo:
        """*handler(item_id)* is called when an item came, went or changed."""
        return self._changed.add(handler)
