"""Areas changed one by one while the city works: rows, those above, layers, search, accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.model.area_shape import AreaShape
from console.model.layers import DEGREE
from console.model.records import LonLat
from console.sdk.server.areas import AreaChange, AreaFollower, Member, Move
from console.server.area_layers import renew_layers
from console.server.areas import in_areas
from console.server.changes import log_notice
from console.server.layers import AREAS_CHANGED, area_row
from console.server.search_index import reindex_areas
from console.server.tables import Account, AreaRow

_LEVELS = (12, 9, 6)
"""Digits of the areas above a grid."""


@dataclass(slots=True)
class AreaEdits:
    """Implements ``sdk.server.areas.AreasFacet`` for all server halves of one server."""

    followers: list[AreaFollower] = field(default_factory=list[AreaFollower])

    def shapes(self, session: Session, codes: Sequence[str], level: int) -> list[AreaShape]:
        """Areas of *level* (digits) in the areas *codes*, by code."""
        query = select(AreaRow).where(in_areas(AreaRow.code, codes), AreaRow.level == level)
        return [_shape(row) for row in session.scalars(query.order_by(AreaRow.code))]

    def effects(self, session: Session, change: Sequence[AreaShape], heirs: Mapping[str, str]) -> list[Move]:
        """Which records ``replace`` would move: it is done, and taken back."""
        trial = session.begin_nested()
        try:
            return self._move(session, change, heirs, {})
        finally:
            trial.rollback()

    def replace(
        self,
        session: Session,
        put: Sequence[AreaShape],
        heirs: Mapping[str, str],
        back: Mapping[Member, str] | None = None,
    ) -> list[Move]:
        """Change areas of one level, and all that follows from it."""
        codes = [shape.code for shape in put]
        former = self._rows(session, [*codes, *heirs])
        above = _sums_above(session, [*codes, *heirs])
        session.execute(delete(AreaRow).where(AreaRow.code.in_([*codes, *heirs])))
        session.add_all(area_row(shape) for shape in put)
        session.flush()
        changed = [*put, *_renewed(session, above, {row.code: row for row in former}, put)]
        for shape in changed[len(put) :]:
            session.merge(area_row(shape))
        session.flush()
        reindex_areas(session, changed, list(heirs))
        renew_layers(session, changed, heirs)
        log_notice(session, AREAS_CHANGED)
        return self._move(session, put, heirs, back or {})

    def follow(self, follower: AreaFollower) -> None:
        """*follower* is called in the transaction that changes areas."""
        self.followers.append(follower)

    def _rows(self, session: Session, codes: Sequence[str]) -> list[AreaShape]:
        return [_shape(row) for row in session.scalars(select(AreaRow).where(AreaRow.code.in_(codes)))]

    def _move(
        self,
        session: Session,
        put: Sequence[AreaShape],
        heirs: Mapping[str, str],
        back: Mapping[Member, str],
    ) -> list[Move]:
        """Let accounts and the records of server halves follow."""
        tree = shapely.STRtree([shape.geometry for shape in put])

        def area_at(where: LonLat) -> str | None:
            hits = tree.query(shapely.Point(where), predicate="intersects").tolist()
            return min((put[hit].code for hit in hits), default=None)

        touched = frozenset([*(shape.code for shape in put), *heirs])
        change = AreaChange(touched=touched, heirs=heirs, area_at=area_at, back=back)
        moves = _move_accounts(session, heirs, change.back)
        for follower in self.followers:
            moves += follower(session, change)
        session.flush()
        return moves


def _shape(row: AreaRow) -> AreaShape:
    return AreaShape(code=row.code, name=row.name, name_en=row.name_en, geometry=row.geometry)


def _sums_above(session: Session, codes: Sequence[str]) -> list[AreaRow]:
    """Areas above *codes* that are the sum of the areas of their level in them."""
    level = len(codes[0])
    wanted = {code[:digits] for digits in _LEVELS if digits < level for code in codes}
    found: list[AreaRow] = []
    for row in session.scalars(select(AreaRow).where(AreaRow.code.in_(wanted))):
        if shapely.equals(_sum_of(session, row.code, level), _units(row.geometry)):
            found.append(row)
    return found


def _renewed(
    session: Session, above: Sequence[AreaRow], former: Mapping[str, AreaShape], put: Sequence[AreaShape]
) -> list[AreaShape]:
    """Those of *above* whose outline is another now."""
    changed: list[AreaShape] = []
    level = len(put[0].code)
    for row in above:
        one = _united(shape for code, shape in former.items() if code.startswith(row.code))
        other = _united(shape for shape in put if shape.code.startswith(row.code))
        if not shapely.equals_exact(one, other, normalize=True):
            ground = shapely.transform(_sum_of(session, row.code, level), lambda xy: xy / DEGREE)
            changed.append(AreaShape(code=row.code, name=row.name, name_en=row.name_en, geometry=ground))
    return changed


def _sum_of(session: Session, code: str, level: int) -> Any:
    """In whole units of 1e-7 degrees, in which shared vertices are the same."""
    query = select(AreaRow.geometry).where(in_areas(AreaRow.code, [code]), AreaRow.level == level)
    return shapely.coverage_union_all([_units(geometry) for geometry in session.scalars(query)])


def _united(shapes: Any) -> Any:
    return shapely.coverage_union_all([_units(shape.geometry) for shape in shapes])


def _units(geometry: Any) -> Any:
    return shapely.transform(geometry, lambda xy: np.rint(xy * DEGREE))


def _move_accounts(session: Session, heirs: Mapping[str, str], back: Mapping[Member, str]) -> list[Move]:
    """Accounts of an area that is gone get its heir, and those of an area that is restored get it back."""
    moves: list[Move] = []
    if not heirs and not back:
        return moves
    for account in session.scalars(select(Account)):
        before = ",".join(account.areas)
        former = back.get(("account", account.id, before), before).split(",")
        areas = list(dict.fromkeys(heirs.get(area, area) for area in former if area))
        if areas != account.areas:
            account.areas = areas
            moves.append(Move(kind="account", id=account.id, before=before, after=",".join(areas)))
    return moves
