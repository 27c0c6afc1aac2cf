"""Buildings by their attributes: conditions, what they match, and classes to colour the matches by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from console.sdk.classify import NO_CLASS, Method, breaks, class_of
from plugins.buildings.desktop.city import Indexes
from plugins.buildings.desktop.inside import around
from plugins.buildings.desktop.storeys import storeys

MOST_PAINTED = 3_000
MOST_LISTED = 10_000
CLASSES = 5
WALLS = 0.8
"""Metres beyond an outline that are coloured: in 3D walls stand on its very edge."""
NEAR = 80.0
"""Metres within which an address is told."""
TEXT_SIGNS = ("contains", "begins", "=", "!=")
NUMBER_SIGNS = (">", ">=", "<", "<=", "=", "!=")


@dataclass(frozen=True, slots=True)
class Condition:
    """An attribute compared with a value, as the user wrote it."""

    attribute: str
    sign: str
    value: str
    is_text: bool

    def line(self) -> str:
        """As ``console.sdk.feature_filter`` reads it. Raises ValueError for a number that is none."""
        column = f"`{self.attribute}`"
        if not self.is_text:
            return f"{column} {self.sign} {float(self.value.strip())!r}"
        quote = "'" if '"' in self.value else '"'
        return f"{column} {self.sign} {quote}{self.value.replace(quote, '')}{quote}"


def line_of(conditions: Sequence[Condition]) -> str:
    """One filter of which all must hold. Raises ValueError as ``Condition.line`` does."""
    return " and ".join(condition.line() for condition in conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A building that a query found."""

    key: int
    name: str
    kind: str
    height: float | None
    floors: int | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a query found, the greatest first."""

    count: int
    matches: tuple[Match, ...]
    """The first ``MOST_LISTED``."""
    outlines: tuple[shapely.Geometry, ...]
    """Of the first ``MOST_PAINTED``, with their walls."""
    classes: tuple[int, ...]
    """Of each of all that were found; all 0 when there is but one colour, NO_CLASS without a number."""
    limits: tuple[float, ...]
    """Between classes, rising."""

    def counts(self) -> list[int]:
        """Buildings a class."""
        found = np.array(self.classes, np.intp)
        return np.bincount(found[found != NO_CLASS], minlength=len(self.limits) + 1).tolist()


NONE = Found(count=0, matches=(), outlines=(), classes=(), limits=())


def find(indexes: Indexes, line: str, order_by: str, color_by: str) -> Found:
    """What *line* holds for; for worker threads. Raises FilterError."""
    footprints = indexes.footprints
    keys = footprints.matching(line, order_by)
    limits, classes = (), np.zeros(len(keys), np.intp)
    if color_by:
        values = np.array([footprints.number(key, color_by) or np.nan for key in keys.tolist()])
        limits = breaks(values, Method.JENKS, CLASSES)
        classes = class_of(values, limits)
    listed = keys[:MOST_LISTED].tolist()
    boxes = footprints.boxes[listed]
    near = indexes.addresses.nearest((boxes[:, :2] + boxes[:, 2:]) / 2, NEAR)
    return Found(
        count=len(keys),
        matches=tuple(_match(indexes, key, address) for key, (address, _) in zip(listed, near, strict=True)),
        outlines=tuple(around(footprints.polygon(key), WALLS) for key in listed[:MOST_PAINTED]),
        classes=tuple(classes.tolist()),
        limits=limits,
    )


def _match(indexes: Indexes, key: int, address: str) -> Match:
    footprints = indexes.footprints
    height = footprints.number(key, "height")
    floors = storeys(footprints.number(key, "levels"), height)
    return Match(
        key=key,
        name=footprints.text(key, "name"),
        kind=footprints.text(key, "class"),
        height=height,
        floors=floors.count if floors else None,
        address=address,
    )
