"""Why an operation cannot be done."""

from __future__ import annotations

from enum import StrEnum

from plugins.grids.cover.cover import UNIT, Point


class Why(StrEnum):
    """The reasons."""

    NOT_ACROSS = "not_across"
    """The line does not lead from border to border."""
    CROSSES_ITSELF = "crosses_itself"
    TOO_FINE = "too_fine"
    """Line and border lie closer together than can be told apart."""
    NO_NEIGHBOUR = "no_neighbour"
    NO_VERTEX = "no_vertex"


class CannotDo(ValueError):
    """An operation that cannot be done; *where* in units."""

    def __init__(self, why: Why, where: Point) -> None:
        super().__init__(str(why))
        self.why = why
        self.where = where

    @property
    def degrees(self) -> tuple[float, float]:
        """Its place in WGS84 degrees."""
        return self.where[0] / UNIT, self.where[1] / UNIT
