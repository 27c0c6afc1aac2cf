"""Moving models to where they belong: by hand, and by places known in both worlds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from console.sdk import Context
from console.sdk.scene import Rows, SceneFit, SceneModel, ScenePlace
from plugins.scene.desktop.model_list import ModelList

Pair = tuple[ScenePlace, ScenePlace]


@dataclass(frozen=True, slots=True)
class ByHand:
    """Metres, and degrees clockwise."""

    east: float = 0.0
    north: float = 0.0
    up: float = 0.0
    heading: float = 0.0


@dataclass(slots=True)
class Alignment:
    """Of one model, since the panel was opened for it."""

    base: Rows | None
    """Where it stood before it was moved by hand."""
    about: ScenePlace
    """Its middle then."""
    by_hand: ByHand = field(default_factory=ByHand)
    pairs: list[Pair] = field(default_factory=list)
    fit: SceneFit | None = None


class AlignDesk:
    """What the panel does."""

    def __init__(self, ctx: Context, models: ModelList) -> None:
        self._ctx, self._models = ctx, models
        self._known: dict[str, Alignment] = {}

    @property
    def models(self) -> list[SceneModel]:
        """Those that have a place on the Earth."""
        return [model for model in self._models.models if model.center is not None]

    def of(self, model: SceneModel) -> Alignment:
        """What was done to *model* so far."""
        assert model.center is not None
        return self._known.setdefault(model.layer_id, Alignment(model.matrix, model.center))

    def move(self, model: SceneModel, by_hand: ByHand) -> None:
        """Stand so far from where it stood."""
        known = self.of(model)
        known.by_hand = by_hand
        moved = self._ctx.scene.moved(known.about, by_hand.east, by_hand.north, by_hand.up, by_hand.heading)
        self._models.place(model, after(moved, known.base))

    def add(self, model: SceneModel, pair: Pair) -> None:
        """A place as the model shows it, and where it belongs."""
        self.of(model).pairs.append(pair)

    def drop(self, model: SceneModel, at: int) -> None:
        """Forget a pair."""
        del self.of(model).pairs[at]

    def fit(self, model: SceneModel, *, tilt: bool) -> SceneFit:
        """Move it as its pairs say. Raises ValueError for too few, or for three in one line."""
        known = self.of(model)
        found = known.fit = self._ctx.scene.fit(known.pairs, tilt=tilt)
        self._models.place(model, after(found.matrix, model.matrix))
        moved = Alignment(model.matrix, model.center or known.about, fit=found)
        self._known[model.layer_id] = moved
        return found

    def reset(self, model: SceneModel) -> None:
        """Stand as the model says itself."""
        self._known.pop(model.layer_id, None)
        self._models.place(model, np.identity(4).tolist())


def after(later: Rows, first: Rows | None) -> Rows:
    """*first*, then *later*."""
    before = np.identity(4) if first is None else np.array(first, np.float64)
    return (np.array(later, np.float64) @ before).tolist()
