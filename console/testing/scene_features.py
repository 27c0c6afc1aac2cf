"""Features that are told by the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shapely

from console.plugin_host.listeners import Listeners
from console.sdk import Undo
from console.sdk.scene_features import FeatureRule, FeatureTally, SceneFeature
from console.sdk.scene_place import ScenePlace


class MemoryFeatures:
    """Implements ``SceneFeatures``: what was coloured is kept, what is there is what the test says."""

    def __init__(self) -> None:
        self.there: SceneFeature | None = None
        """Seen at whatever place is clicked."""
        self.standing: Sequence[SceneFeature] = ()
        """Those that may stand within a ring, by the middle of their own."""
        self.chosen: SceneFeature | None = None
        self.rules: dict[str, Sequence[FeatureRule]] = {}
        """By model."""
        self._tallies: dict[str, FeatureTally] = {}
        self._changed: Listeners[[]] = Listeners()

    async def pick(self, place: ScenePlace) -> SceneFeature | None:
        return self.there

    async def within(self, ring: Sequence[tuple[float, float]]) -> SceneFeature | None:
        area = shapely.Polygon(ring)
        return next(
            (each for each in self.standing if shapely.Polygon(each.ring).centroid.within(area)), None
        )

    def highlight(self, feature: SceneFeature | None, color: str = "#ffd24a") -> None:
        self.chosen = feature

    def color(self, layer_id: str, rules: Sequence[FeatureRule]) -> None:
        self.rules[layer_id] = rules

    def tally(self, layer_id: str) -> FeatureTally:
        return self._tallies.get(layer_id, FeatureTally())

    def tell(self, layer_id: str, tally: FeatureTally) -> None:
        """Tiles of a model have come."""
        self._tallies[layer_id] = tally
        self._changed.fire()

    def on_change(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)
