"""Which layers of the map the hand snaps to."""

from __future__ import annotations

from console.map.editing.snap_index import Source
from console.map.engine.data_refs import FeatureRef
from console.map.layers.layer_tree import LayerTree, Slot
from console.map.live.shapes import ShapesLayer
from console.model.layers import LayerKind

CROWDED = frozenset({LayerKind.BUILDING, LayerKind.ADDRESS, LayerKind.POI})
CROWDED_FROM = 15.0
"""Zoom level from which these are large enough to aim at."""


def sources_of(tree: LayerTree, zoom: float) -> list[Source]:
    """What is visible, topmost first."""
    found = [_source(slot, zoom) for slot in tree.ordered() if slot.visible]
    return [source for source in found if source is not None]


def _source(slot: Slot, zoom: float) -> Source | None:
    if isinstance(slot.layer, ShapesLayer):
        return Source(lines=slot.layer.outlines) if slot.layer.shown_at(zoom) else None
    if slot.base is not None and (slot.kind not in CROWDED or zoom >= CROWDED_FROM):
        return Source(packages=(slot.base.path,), version=slot.base.version)
    if isinstance(slot.data, FeatureRef):
        return Source(packages=slot.data.packages, version=slot.data.version)
    return None
