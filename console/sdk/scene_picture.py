"""Pictures of the 3D view, as large as a wall of paper: ``ctx.scene.pictures``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from console.sdk.errors import OneMapError

if TYPE_CHECKING:
    from console.sdk.scene import ScenePose

LEAST, MOST = 160, 8192
"""Pixels of a side."""


class NoPicture(OneMapError):
    """No picture could be taken; the message says why, in the user's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePicture:
    """What was seen."""

    image: Any
    """QImage, RGBX8888 or RGB32, with all that is painted over the view. Save or encode it in
    ``ctx.tasks.run``: 8K take seconds."""
    pose: ScenePose
    lacking: int = 0
    """Tiles that did not come in time: coarser ones stand in their place."""


class ScenePictures(Protocol):
    """All methods are for the GUI thread."""

    @property
    def size(self) -> tuple[int, int]:
        """Device pixels of the view as it is on the screen, width first; (0, 0): no view is open."""
        ...

    def take(
        self, width: int, height: int, on_progress: Callable[[float], None] | None = None
    ) -> Awaitable[ScenePicture]:
        """The present view with so many pixels (``LEAST`` to ``MOST`` a side), all its tiles and all that is
        live. As much is seen from top to bottom as on the screen; at the sides more or less.

        *on_progress* gets 0..1. The view goes on meanwhile, a little slower. Raises NoPicture; a cancelled
        await ends the work.
        """
        ...
