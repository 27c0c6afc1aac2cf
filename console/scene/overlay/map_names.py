"""Where the map's names stand: of each rule of its style the places of the features that bear one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from console.layer_files import open_package
from console.map.engine.messages import LayerRef
from console.map.render.candidates import names_of
from console.map.render.geometry import LayerGeometry
from console.map.render.style import LabelRule, Style
from console.map.viewport import to_world
from console.model.layers import DEGREE, FeatureShape

log = logging.getLogger(__name__)
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NamedPlaces:
    """What one rule writes on one layer: n texts."""

    rule: LabelRule
    rank: int
    """Of the rule; low goes first."""
    codes: NDArray[np.int32]
    """(n,) index in *strings*."""
    strings: list[str]
    degrees: Floats
    """(n, 2): a point, the middle of a line's vertices, of an area's box."""
    extent: Floats
    """(n,) square world units of an area's box, else infinite."""


def read_names(refs: Sequence[LayerRef], style: Style) -> Iterator[NamedPlaces]:
    """One after the other, as each takes a few milliseconds; layers that cannot be read have none."""
    for ref in refs:
        rules = [(rank, rule) for rank, rule in enumerate(style.label) if rule.kind == ref.kind]
        layer = _opened(Path(ref.path)) if rules and ref.visible else None
        if layer is not None:
            for rank, rule in rules:
                yield _of_rule(layer, rule, rank)


def _opened(path: Path) -> LayerGeometry | None:
    try:
        return LayerGeometry(open_package(path))
    except (OSError, ValueError):  # the map says what is wrong with it
        log.debug("no names from %s", path, exc_info=True)
        return None


def _of_rule(layer: LayerGeometry, rule: LabelRule, rank: int) -> NamedPlaces:
    package, names = layer.package, names_of(layer, rule)
    first, last = (layer.part_start[at] for at in (package.feature_start[:-1], package.feature_start[1:]))
    rows = np.flatnonzero((names.codes != 0) & (last > first))
    first, last = first[rows], last[rows]
    if package.shape is not FeatureShape.POLYGON:
        places = package.xy[(first + last) // 2]
        return NamedPlaces(
            rule, rank, names.codes[rows], names.strings, places / DEGREE, np.full(len(rows), np.inf)
        )
    ends = np.column_stack([first, last]).ravel()
    ends = ends[:-1] if len(ends) and ends[-1] == len(package.xy) else ends
    low, high = (f.reduceat(package.xy, ends, axis=0)[::2] / DEGREE for f in (np.minimum, np.maximum))
    (left, bottom), (right, top) = to_world(low[:, 0], low[:, 1]), to_world(high[:, 0], high[:, 1])
    extent = (right - left) * (bottom - top)
    return NamedPlaces(rule, rank, names.codes[rows], names.strings, (low + high) / 2, extent)
