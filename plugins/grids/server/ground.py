"""The grids as they are in force, and what is wrong with a draft that would change them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from console.sdk import AreaLevel
from console.sdk.server import ApiError, AreaShape, Caller, ServerContext, Session
from plugins.grids.cover.check import Finding, changed_codes, check, moved_codes
from plugins.grids.cover.cover import Cover, cover_of, in_degrees
from plugins.grids.cover.draft import BadDraft, Draft, applied, stale
from plugins.grids.server.tables import RetiredRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """The grids before and after a draft, and what speaks against it."""

    before: Cover
    after: Cover
    findings: list[Finding]

    def changed(self) -> list[str]:
        """Codes of grids that are new, gone or other."""
        return changed_codes(self.before, self.after)

    def moved(self) -> int:
        """How many of them are more than neighbours whose border got a vertex."""
        return len(moved_codes(self.before, self.after))

    def put(self) -> list[AreaShape]:
        """Grids that are new or other, as areas."""
        grids = (self.after[code] for code in self.changed() if code in self.after)
        return [
            AreaShape(code=g.code, name=g.name, name_en=g.name_en, geometry=in_degrees(g.shape))
            for g in grids
        ]

    def heirs(self) -> dict[str, str]:
        """Code of a grid that goes: its heir."""
        return {code: self.after.heirs[code] for code in self.changed() if code not in self.after}


class Ground:
    """Reads the grids of the districts that a draft touches."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def outcome(self, session: Session, draft: Draft, again: Sequence[str] = ()) -> Outcome:
        """What comes of *draft*; codes in *again* may come back. Raises ApiError 422."""
        codes = draft.codes() - {""}
        if not all(code.isascii() and code.isdigit() for code in codes):
            raise bad_draft("a code is made of digits")
        districts = sorted({code[: AreaLevel.DISTRICT] for code in codes})
        shapes = self._server.areas.shapes(session, districts, AreaLevel.GRID)
        before = cover_of((s.code, s.name, s.name_en, s.geometry) for s in shapes)
        try:
            after = applied(before, draft)
        except BadDraft as error:
            raise bad_draft(str(error)) from error
        late = stale(before, draft)
        retired = self.retired(session, districts) - set(again)
        return Outcome(before, after, late or check(before, after, retired))

    def retired(self, session: Session, areas: Sequence[str]) -> set[str]:
        """Codes of *areas* that were given once and are no more."""
        query = select(RetiredRow.code).where(self._server.in_areas(RetiredRow.code, areas))
        return set(session.scalars(query))


def must_be_theirs(caller: Caller, codes: Iterable[str]) -> None:
    """Raises ApiError 422 unless all grids lie in the caller's areas."""
    others = sorted(code for code in codes if not caller.may_see(code))
    if others:
        raise ApiError(
            422,
            "outside_areas",
            f"Grid {others[0]} is not yours",
            f"网格 {others[0]} 不在您的辖区内",
            fields={"codes": others[:20]},
        )


def bad_draft(why: str) -> ApiError:
    """The refusal of what is no draft."""
    return ApiError(422, "bad_draft", f"The plan cannot be read: {why}", "方案内容有误，无法读取")
