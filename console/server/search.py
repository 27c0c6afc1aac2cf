"""The search box: names of layers and areas, and what server halves' finders add."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from console.model.records import Place
from console.sdk.server import Caller
from console.server.areas import in_areas
from console.server.search_index import kind_word, split_words
from console.server.tables import SearchEntry

log = logging.getLogger(__name__)

Finder = Callable[[Session, Caller, str, int], Iterable[Place]]

_KINDS = ("area", "road", "poi", "address")
_CANDIDATES = 100
_MAX_WORDS = 24


class Search:
    """All finders of one server."""

    def __init__(self) -> None:
        self._finders: list[Finder] = []

    def add(self, finder: Finder) -> None:
        """Contribute answers."""
        self._finders.append(finder)

    def find(self, session: Session, caller: Caller, query: str, limit: int) -> list[Place]:
        """Best answers first: exact names, then beginnings, then shorter names."""
        query = query.strip()[:100]
        if not split_words(query):
            return []
        places = [place for kind in _KINDS for place in _find_kind(session, caller, query, kind)]
        for finder in self._finders:
            try:
                places += finder(session, caller, query, limit)
            except Exception:
                log.exception("a finder of the search box failed")
        return sorted(places, key=lambda place: _order(place, query.lower()))[:limit]


def _order(place: Place, query: str) -> tuple[int, int, str]:
    title = place.title.lower()
    rank = 0 if title == query else 1 if title.startswith(query) else 2 if query in title else 3
    return rank, len(title), title


def _find_kind(session: Session, caller: Caller, query: str, kind: str) -> list[Place]:
    """Names that hold the words in a row; failing that, all the words anywhere."""
    words = split_words(query)[:_MAX_WORDS]
    sqlite = session.get_bind().dialect.name == "sqlite"
    for in_a_row in (True, False):
        match = _match_sqlite(words, kind, in_a_row) if sqlite else _match_postgres(words, kind, in_a_row)
        condition = text(_SQLITE if sqlite else _POSTGRES).bindparams(words=match)
        statement = select(SearchEntry).where(
            condition, or_(SearchEntry.area == "", in_areas(SearchEntry.area, caller.areas))
        )
        if rows := session.scalars(statement.limit(_CANDIDATES)).all():
            return [_place(row) for row in rows]
    return []


_SQLITE = "search_entry.id IN (SELECT rowid FROM search_index WHERE search_index MATCH :words)"
_POSTGRES = "to_tsvector('simple', search_entry.words) @@ to_tsquery('simple', :words)"


def _match_sqlite(words: list[str], kind: str, in_a_row: bool) -> str:
    """FTS5: the words are letters and digits only, so quoting them is safe."""
    if in_a_row:
        return f'"{kind_word(kind)}" AND "{" ".join(words)}" *'
    return " AND ".join([f'"{kind_word(kind)}"', *(f'"{word}"' for word in words)])


def _match_postgres(words: list[str], kind: str, in_a_row: bool) -> str:
    if in_a_row:
        return f"{kind_word(kind)} & ({' <-> '.join(words)}:*)"
    return " & ".join([kind_word(kind), *words])


def _place(row: SearchEntry) -> Place:
    reference = f"area/{row.area}" if row.kind == "area" else ""
    return Place(title=row.title, kind=row.kind, where=(row.lon, row.lat), detail=row.detail, ref=reference)
