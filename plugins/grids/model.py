"""What the grids plugin offers others as the service ``areas``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from console.sdk import Area, Undo


class Areas(Protocol):
    """Names of the user's areas, and a widget to choose one."""

    def name(self, code: str) -> str:
        """Name of an area in the user's language; its code while names are not known."""
        ...

    def all(self) -> Sequence[Area]:
        """All areas that the user may see, by code."""
        ...

    def picker(self, on_change: Callable[[str], Any]) -> Any:
        """A QComboBox that filters while typing; *on_change* gets a code, or an empty text for all."""
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when names became known or changed."""
        ...
