"""The one thing selected in all views."""

from __future__ import annotations

from collections.abc import Callable

from console.plugin_host.listeners import Listeners
from console.sdk.map import Undo

Selected = tuple[str, str]


class SelectionService:
    """The facet ``selection``: type and id of a record."""

    def __init__(self) -> None:
        self._current: Selected | None = None
        self._changed: Listeners[[Selected | None]] = Listeners()

    @property
    def current(self) -> Selected | None:
        """Type and id, or None."""
        return self._current

    def select(self, record_type: str, record_id: str) -> None:
        """Select one record in all views."""
        self._set((record_type, record_id))

    def clear(self) -> None:
        """Select nothing."""
        self._set(None)

    def on_change(self, handler: Callable[[Selected | None], None]) -> Undo:
        """*handler* gets each new selection."""
        return self._changed.add(handler)

    def _set(self, selected: Selected | None) -> None:
        if selected != self._current:
            self._current = selected
            self._changed.fire(selected)
