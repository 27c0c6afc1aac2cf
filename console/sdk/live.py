"""What the console knows now. Read on the GUI thread; only the feed writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy.typing as npt

from console.model.positions import Positions
from console.sdk.map import Undo

R = TypeVar("R", covariant=True)


@dataclass(frozen=True, slots=True)
class Change:
    """What one batch of the feed did to a collection."""

    put: frozenset[str]
    gone: frozenset[str]
    reset: bool = False
    """Everything may have changed (a new snapshot)."""


class Collection(Protocol[R]):
    """Live records of one type by id."""

    def get(self, record_id: str) -> R | None: ...
    def all(self) -> Iterable[R]: ...
    def __len__(self) -> int: ...
    def on_change(self, handler: Callable[[Change], None]) -> Undo:
        """*handler* is called once a batch, 5 to 20 times a second at most."""
        ...


class LivePositions(Protocol):
    """Last positions of all moving things in the user's areas, as columns."""

    def columns(self) -> Positions:
        """Present columns, one row a handle; do not write into them."""
        ...

    def row(self, handle: int) -> int | None:
        """Row of *handle* in ``columns()``."""
        ...

    def rows(self, handles: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Rows of many handles (int64, -1 where unknown)."""
        ...

    def trail(self, handle: int, seconds: float) -> npt.NDArray[Any]:
        """(n, 3) lon, lat, time that this console has seen in the last *seconds*."""
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """Called after each batch."""
        ...


class Live(Protocol):
    """``ctx.live``; each type needs the permission ``<type>.read``."""

    def collection(self, record_type: str) -> Collection[Any]:
        """Collection of ``staff``, ``event``, ``order``, ``closure``, ``camera``, ``station`` …"""
        ...

    @property
    def positions(self) -> LivePositions: ...

    @property
    def server_time(self) -> float:
        """The backend's clock, seconds since 1970."""
        ...
