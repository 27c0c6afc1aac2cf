"""Changed grids as they travel and are kept: all that is needed to make them of the grids as they are.

Annotations are types here, not texts: whoever decodes a draft need not find this module by name,
which a plugin that was loaded anew has given to another copy.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import shapely

from plugins.grids.cover.check import Fault, Finding, changed_codes
from plugins.grids.cover.cover import Cover, Grid, Point, inside, parts_of, whole

MOST_GRIDS = 2_000
MOST_VERTICES = 300_000
_RANGE = 1_800_000_000
"""Units of the greatest longitude."""

Polygons = list[list[list[tuple[int, int]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridBody:
    """A grid as it shall be."""

    code: str
    name: str
    name_en: str = ""
    polygons: Polygons
    """Each a shell followed by its holes, closed; units of 1e-7 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a plan does."""

    put: list[GridBody] = field(default_factory=list[GridBody])
    """Grids that are new or other than before."""
    gone: dict[str, str] = field(default_factory=dict[str, str])
    """Code of a grid that goes: the grid that takes over."""
    base: dict[str, str] = field(default_factory=dict[str, str])
    """Marks of the grids that are changed, as they were when the plan was drawn."""

    def codes(self) -> set[str]:
        """All grids that it touches."""
        return {grid.code for grid in self.put} | self.gone.keys() | set(self.gone.values())


class BadDraft(ValueError):
    """A draft that is none: too large, or shapes that are no areas."""


def draft_of(before: Cover, after: Cover) -> Draft:
    """What leads from one cover to the other."""
    changed = changed_codes(before, after)
    return Draft(
        put=[body_of(after[code]) for code in changed if code in after],
        gone={code: after.heirs.get(code, "") for code in changed if code not in after},
        base={code: mark(before[code]) for code in changed if code in before},
    )


def body_of(grid: Grid) -> GridBody:
    """A grid as it travels."""
    polygons = [
        [shapely.get_coordinates(ring).astype(int).tolist() for ring in (part.exterior, *part.interiors)]
        for part in parts_of(grid.shape)
    ]
    return GridBody(code=grid.code, name=grid.name, name_en=grid.name_en, polygons=polygons)


def grid_of(body: GridBody) -> Grid:
    """A grid that came in. Raises BadDraft."""
    if "\0" in body.name + body.name_en:
        raise BadDraft(f"grid {body.code}: a name that no database keeps")
    try:
        parts = [shapely.Polygon(shell, holes) for shell, *holes in body.polygons]
        shape = whole(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
    except (ValueError, IndexError, shapely.GEOSException) as error:
        raise BadDraft(f"grid {body.code}: {error}") from error
    return Grid(code=body.code, name=body.name.strip(), name_en=body.name_en.strip(), shape=shape)


def applied(before: Cover, draft: Draft) -> Cover:
    """The cover as it would be. Raises BadDraft."""
    must_be_small(draft)
    return before.changed([grid_of(body) for body in draft.put], gone=draft.gone)


def must_be_small(draft: Draft) -> None:
    """Raises BadDraft for more than a district's plan can be, and for places beyond the earth."""
    if len(draft.put) > MOST_GRIDS or len(draft.gone) > MOST_GRIDS or len(draft.base) > 2 * MOST_GRIDS:
        raise BadDraft("too many grids")
    points = [point for grid in draft.put for rings in grid.polygons for ring in rings for point in ring]
    if len(points) > MOST_VERTICES:
        raise BadDraft("too many vertices")
    if any(abs(x) > _RANGE or abs(y) > _RANGE // 2 for x, y in points):
        raise BadDraft("a place beyond the earth")


def stale(before: Cover, draft: Draft) -> list[Finding]:
    """Grids that somebody else has changed since the plan was drawn."""
    found: list[Finding] = []
    put = {grid.code for grid in draft.put}
    for code in sorted(draft.codes() | draft.base.keys()):
        known = before.grids.get(code)
        drawn_over = draft.base.get(code)
        if drawn_over is None and (known is None or code not in put):
            continue
        if known is None or mark(known) != drawn_over:
            found.append(Finding(fault=Fault.STALE, codes=(code,), where=_place(code, known, draft.put)))
    return found


def mark(grid: Grid) -> str:
    """A word that tells one state of a grid from another: name and ground."""
    data = shapely.to_wkb(shapely.normalize(grid.shape), byte_order=1)
    return hashlib.blake2b(f"{grid.name}\0{grid.name_en}\0".encode() + data, digest_size=10).hexdigest()


def _place(code: str, known: Grid | None, put: Iterable[GridBody]) -> Point:
    if known is not None:
        return inside(known.shape)
    return next((grid.polygons[0][0][0] for grid in put if grid.code == code), (0, 0))
