"""Who steers a camera, and who waits for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Steerer:
    """Somebody who wants to steer."""

    claim: str
    """Their console's own; it lasts as long as they hold or wait."""
    name: str
    """As colleagues know them."""
    rank: int
    """The higher one goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """A camera that somebody steers; there is none of a camera that nobody does."""

    id: str
    """The camera's."""
    area: str
    holder: Steerer
    since: float
    """s since 1970."""
    waiting: tuple[Steerer, ...] = ()
    """Whose turn comes next first."""
    version: int = 0
