"""What a tile shows: models, where they stand in the tile, and the attributes of their features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.features import FeatureTable
from console.scene.gltf.model import Model
from console.scene.transforms import Matrix


@dataclass(frozen=True, slots=True)
class Part:
    """One model of a content."""

    model: Model
    transforms: Matrix
    """(k, 4, 4): the model's axes to the tile's; k > 1 for an instanced model. Double: it may be ECEF."""
    table: FeatureTable | None = None
    """The batch table of 1.0's formats; a glTF's own tables are in the model."""
    instances: NDArray[np.int64] | None = None
    """(k,): each instance's row of *table*."""


@dataclass(frozen=True, slots=True)
class Content:
    """All models of one content."""

    parts: tuple[Part, ...]
    refusals: tuple[str, ...] = ()
    """Of inner tiles, in English."""

    @property
    def triangles(self) -> int:
        """How many are drawn."""
        return sum(part.model.triangles * len(part.transforms) for part in self.parts)

    @property
    def unread(self) -> tuple[str, ...]:
        """What of it could not be shown, in English."""
        return (*self.refusals, *(line for part in self.parts for line in part.model.unread))
