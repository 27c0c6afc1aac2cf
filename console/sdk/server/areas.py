"""Areas that are changed while the city works: who belonged to one that is gone belongs to its heir."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from console.model.area_shape import AreaShape
from console.model.records import LonLat

Member = tuple[str, str, str]
"""Kind and id of a record, and the area that it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A record that belongs to another area from now on."""

    kind: str
    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange:
    """What a change of areas means for the records in them."""

    touched: frozenset[str]
    """Codes of areas whose ground is other than before, new ones and those that are gone included."""
    heirs: Mapping[str, str]
    """Code of an area that is gone: the area that took over."""
    area_at: Callable[[LonLat], str | None]
    """Code of the changed area that holds a place now; None when none does."""
    back: Mapping[Member, str] = field(default_factory=dict[Member, str])
    """Records that return to an area that is restored."""

    def of_member(self, kind: str, record_id: str, area: str) -> str:
        """The area of somebody, or something, that belonged to *area* wherever it is."""
        return self.back.get((kind, record_id, area)) or self.heirs.get(area, area)

    def of_place(self, where: LonLat, area: str) -> str:
        """The area of something that stands at *where*, and belonged to *area* so far."""
        return self.area_at(where) or self.heirs.get(area, area)


AreaFollower = Callable[[Session, AreaChange], Sequence[Move]]
"""Moves the records of one half whose area is in ``touched``; returns those that it moved."""


class AreasFacet(Protocol):
    """``server.areas``: the areas' ground, and changing it."""

    def shapes(self, session: Session, codes: Sequence[str], level: int) -> list[AreaShape]:
        """Areas of *level* (digits) in the areas *codes*, by code."""
        ...

    def effects(self, session: Session, change: Sequence[AreaShape], heirs: Mapping[str, str]) -> list[Move]:
        """Which records ``replace`` would move; nothing is changed."""
        ...

    def replace(
        self,
        session: Session,
        put: Sequence[AreaShape],
        heirs: Mapping[str, str],
        back: Mapping[Member, str] | None = None,
    ) -> list[Move]:
        """Give areas of one level other ground, add new ones, take away those that have *heirs*.

        Areas above that were the sum of theirs stay it; map layers, the search and all consoles
        follow, accounts and records too. Whether the areas fit together is the caller's to check.
        """
        ...

    def follow(self, follower: AreaFollower) -> None:
        """*follower* is called in the transaction that changes areas. Call in ``register``."""
        ...


Row = TypeVar("Row")


def move_rows(
    kind: str,
    rows: Iterable[Row],
    area_of: Callable[[Row], str],
    moved: Callable[[Row], Any],
) -> list[Move]:
    """Write into ``row.area`` what *area_of* says where it is another; *moved* is told of each such row."""
    moves: list[Move] = []
    for each in rows:
        row: Any = each
        before, after = row.area, area_of(each)
        if after != before:
            row.area = after
            moved(each)
            moves.append(Move(kind=kind, id=str(row.id), before=before, after=after))
    return moves
