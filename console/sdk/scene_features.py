"""The parts of a model that have attributes of their own, as its buildings: ``ctx.scene.features``.

A model is streamed: what is counted and listed is what has come so far, never the whole of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from console.sdk.layer_data import Field
from console.sdk.map import Undo
from console.sdk.scene_place import ScenePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFeature:
    """One part of a model."""

    layer_id: str
    """Of the model."""
    key: str
    """By which it is known in all tiles and levels of the model; opaque."""
    properties: Mapping[str, Any]
    """Numbers, texts, truths, and lists of these; long texts are cut."""
    ring: Sequence[tuple[float, float]] = ()
    """Around it, seen from above: WGS84 degrees, convex. Empty for a model without a place."""
    bottom: float = 0.0
    top: float = 0.0
    """Metres above the ellipsoid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRule:
    """How features look for which a line holds."""

    line: str = ""
    """As ``console.sdk.feature_filter`` reads it; empty: it holds for all."""
    color: str = ""
    """``#rrggbb``, laid over the model's own; empty: as they are."""
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureTally:
    """Of the tiles of one model that have come so far."""

    features: int = 0
    """Different ones."""
    fields: Sequence[Field] = ()
    counts: Sequence[int] = ()
    """Features that each rule is the first to hold for."""
    faults: Sequence[str] = ()
    """Of each rule the part that cannot be understood; empty for a sound one."""


class SceneFeatures(Protocol):
    """All methods are for the GUI thread. It outlives windows of the scene."""

    def pick(self, place: ScenePlace) -> Awaitable[SceneFeature | None]:
        """The feature that is seen at a place that was clicked; None: the model has none there."""
        ...

    def within(self, ring: Sequence[tuple[float, float]]) -> Awaitable[SceneFeature | None]:
        """The greatest feature that stands within a ring, by the middle of its corners seen from above, of
        what has come so far; WGS84 degrees. None: none does, or the scene is not open."""
        ...

    @property
    def chosen(self) -> SceneFeature | None:
        """The one that is highlighted."""
        ...

    def highlight(self, feature: SceneFeature | None, color: str = "#ffd24a") -> None:
        """Highlight it as a whole, in tiles that come later, too; None: none is."""
        ...

    def color(self, layer_id: str, rules: Sequence[FeatureRule]) -> None:
        """Features of a model look as the first rule says that holds for them, in tiles that come later,
        too. No rules: as they are."""
        ...

    def tally(self, layer_id: str) -> FeatureTally:
        """What is known of a model; it grows while tiles come."""
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when a tally has changed."""
        ...
