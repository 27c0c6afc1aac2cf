"""The features of one tile that is drawn: which is met by a ray, which a rule holds for, their colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from console.scene.feature_columns import Columns
from console.scene.features import FeatureTable
from console.scene.gltf import Mode
from console.scene.stream.drawable import Batch, Drawable
from console.scene.transforms import Matrix
from console.sdk.feature_filter import FilterError, filtered

OVER = 0.6
"""How much of a colour is seen over the model's own."""
CHOSEN = 0.55
HIDDEN = -1.0
NO_RULE = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """See ``console.sdk.scene_features.FeatureRule``; colours 0 to 1."""

    line: str
    color: tuple[float, float, float] | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The feature that is highlighted."""

    key: str
    color: tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """A feature that a ray meets."""

    at: float
    """Lengths of the ray."""
    columns: Columns
    row: int

    @property
    def key(self) -> str:
        return self.columns.keys[self.row]


class TileFeatures:
    """Made once for a tile."""

    def __init__(self, drawable: Drawable, place: str) -> None:
        self.drawable = drawable
        self._known: dict[int, Columns] = {}
        self._of = [self._columns(batch, f"{place}/{at}") for at, batch in enumerate(drawable.batches)]

    @property
    def tables(self) -> Sequence[Columns]:
        """Its tables, each once; none: it has no features."""
        return list(self._known.values())

    def _columns(self, batch: Batch, place: str) -> Columns | None:
        if batch.features is None or not len(batch.features):
            return None
        table = batch.table or FeatureTable(int(batch.features.max()) + 1)
        if id(table) not in self._known:
            self._known[id(table)] = Columns(table, place)
        return self._known[id(table)]

    def _parts(self) -> Iterator[tuple[Batch, NDArray[np.integer], Columns]]:
        for batch, columns in zip(self.drawable.batches, self._of, strict=True):
            if columns is not None and batch.features is not None:
                yield batch, batch.features, columns

    def tints(
        self, rules: dict[int, NDArray[np.intp]], looks: Sequence[Rule], chosen: Chosen | None
    ) -> list[NDArray[np.float32] | None]:
        """(n, 4) of each batch, for ``render.tint``. *rules*: of each table, by its id, ``ruled``."""
        found: list[NDArray[np.float32] | None] = []
        for batch, columns in zip(self.drawable.batches, self._of, strict=True):
            colors = None if columns is None else _colors(columns, rules.get(id(columns)), looks, chosen)
            if colors is None or batch.features is None or not colors[:, 3].any():
                found.append(None)
                continue
            rows = np.where((batch.features < 0) | (batch.features >= len(colors) - 1), -1, batch.features)
            found.append(colors[rows])  # the last of them is clear
        return found

    def met(self, placed: Matrix, eye: NDArray[np.float64], way: NDArray[np.float64]) -> Iterator[Hit]:
        """What a ray from *eye* meets nearest to *eye* + *way*, one of each batch; Earth-centred metres.
        *placed*: (4, 4), from the model's world to them."""
        for batch, features, columns in self._parts():
            back = np.linalg.inv(placed @ batch.matrix)
            met = _met(batch, back[:3, :3] @ eye + back[:3, 3], back[:3, :3] @ way)
            if met is not None:
                row = int(features[met[1]])
                if 0 <= row < len(columns):
                    yield Hit(met[0], columns, row)

    def middles(
        self, placed: Matrix
    ) -> Iterator[tuple[Columns, NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
        """Of each batch its table, (n,) rows of features in it, how many vertices each has, and (n, 3) their
        mean, Earth-centred metres."""
        for (batch, _, columns), (rows, sizes, means) in zip(self._parts(), self._means, strict=True):
            matrix = placed @ batch.matrix
            yield columns, rows, sizes, means @ matrix[:3, :3].T + matrix[:3, 3]

    @cached_property
    def _means(self) -> list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
        """See ``middles``; in the axes of the batch."""
        found = []
        for batch, features, columns in self._parts():
            own = (features >= 0) & (features < len(columns))
            of, positions = features[own].astype(np.intp), batch.positions[own].astype(np.float64)
            sizes = np.bincount(of, minlength=1)
            sums = [np.bincount(of, along, len(sizes)) for along in positions.T]
            rows = np.flatnonzero(sizes)
            found.append((rows, sizes[rows], np.stack(sums, axis=1)[rows] / sizes[rows, None]))
        return found

    def points(self, key: str, placed: Matrix) -> NDArray[np.float64]:
        """(n, 3) Earth-centred metres: the vertices of a feature."""
        found = [np.empty((0, 3))]
        for batch, features, columns in self._parts():
            rows = [row for row, known in enumerate(columns.keys) if known == key]
            matrix = placed @ batch.matrix
            own = batch.positions[np.isin(features, rows)].astype(np.float64)
            found.append(own @ matrix[:3, :3].T + matrix[:3, 3])
        return np.concatenate(found)


def ruled(columns: Columns, rules: Sequence[Rule]) -> tuple[NDArray[np.intp], list[FilterError | None]]:
    """Of each row the first rule that holds for it, or NO_RULE; of each rule what is wrong with it."""
    found, faults = np.full(len(columns), NO_RULE, np.intp), list[FilterError | None]()
    for at, rule in enumerate(rules):
        try:
            rows = filtered(columns, rule.line)
        except FilterError as error:
            faults.append(error)
            continue
        faults.append(None)
        found[rows[found[rows] == NO_RULE]] = at
    return found, faults


def _colors(
    columns: Columns, rules: NDArray[np.intp] | None, looks: Sequence[Rule], chosen: Chosen | None
) -> NDArray[np.float32] | None:
    """(rows + 1, 4), the last clear."""
    colors = np.zeros((len(columns) + 1, 4), np.float32)
    for at, look in enumerate(looks if rules is not None else ()):
        rows = np.flatnonzero(rules == at)
        if look.hidden:
            colors[rows, 3] = HIDDEN
        elif look.color is not None:
            colors[rows] = *look.color, OVER
    if chosen is not None:
        rows = [row for row, key in enumerate(columns.keys) if key == chosen.key]
        colors[rows] = *chosen.color, CHOSEN
    return colors


def _met(batch: Batch, eye: NDArray[np.float64], way: NDArray[np.float64]) -> tuple[float, int] | None:
    """Where along a ray of the batch's axes it meets a triangle, and one of its vertices: nearest to 1, since
    what is in front of the place that was seen may be cut away."""
    if batch.mode != Mode.TRIANGLES or not _crosses(batch.positions, eye, way):
        return None
    near = _near(batch, eye, way)
    corners = batch.positions[batch.indices.reshape(-1, 3)[near]].astype(np.float64)
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    across = np.cross(way, other)
    size = np.einsum("ij,ij->i", one, across)
    with np.errstate(divide="ignore", invalid="ignore"):
        from_corner = eye - corners[:, 0]
        u = np.einsum("ij,ij->i", from_corner, across) / size
        turned = np.cross(from_corner, one)
        v = turned @ way / size
        at = np.einsum("ij,ij->i", other, turned) / size
        inside = (u >= -1e-6) & (v >= -1e-6) & (u + v <= 1 + 1e-6) & (at > 0)
    if not inside.any():
        return None
    best = int(np.where(inside, abs(at - 1.0), np.inf).argmin())
    return float(at[best]), int(batch.indices[3 * near[best]])


def _near(batch: Batch, eye: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.intp]:
    """The triangles that lie about a ray, seen along it: most are out of the question at once."""
    aside = np.linalg.svd(way[None])[2][1:]  # two directions at a right angle to the ray
    corners = batch.indices.reshape(-1, 3)
    near = np.ones(len(corners), bool)
    for axis in aside:
        beside = batch.positions @ axis.astype(np.float32) - np.float32(axis @ eye)
        slack = np.float32(1e-4 * (1.0 + np.abs(beside).max()))
        low, high = beside >= -slack, beside <= slack
        near &= low[corners].any(axis=1) & high[corners].any(axis=1)
    return np.flatnonzero(near)


def _crosses(positions: NDArray[np.float32], eye: NDArray[np.float64], way: NDArray[np.float64]) -> bool:
    """Whether a ray meets the box around *positions*."""
    low, high = positions.min(axis=0).astype(np.float64), positions.max(axis=0).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        near, far = (low - 1e-3 - eye) / way, (high + 1e-3 - eye) / way
    first, last = np.fmin(near, far), np.fmax(near, far)
    return bool(np.nanmax(first) <= np.nanmin(last) and np.nanmin(last) > 0)
