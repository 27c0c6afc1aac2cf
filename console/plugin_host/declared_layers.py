"""The map as one plugin adds layers to it: titles and groups come from its manifest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from console.model.manifest import Layer
from console.model.text import Text
from console.sdk import MapFacet, PointLayer, PointStyle, SectorLayer, ShapeLayer


class DeclaredLayers:
    """Stands before the real map; all but adding layers goes through."""

    def __init__(self, target: MapFacet, layers: Iterable[Layer]) -> None:
        self._target = target
        self._declared = {layer.id: layer for layer in layers}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def add_points(
        self,
        layer_id: str,
        style: PointStyle,
        *,
        title: Text | None = None,
        group: str = "live",
        listed: bool = True,
    ) -> PointLayer:
        """As MapFacet.add_points."""
        title, group = self._named(layer_id, title, group)
        return self._target.add_points(layer_id, style, title=title, group=group, listed=listed)

    def add_shapes(
        self, layer_id: str, *, title: Text | None = None, group: str = "live", listed: bool = True
    ) -> ShapeLayer:
        """As MapFacet.add_shapes."""
        title, group = self._named(layer_id, title, group)
        return self._target.add_shapes(layer_id, title=title, group=group, listed=listed)

    def add_sectors(
        self,
        layer_id: str,
        colors: Sequence[str],
        *,
        min_zoom: float = 0.0,
        title: Text | None = None,
        group: str = "live",
        listed: bool = True,
    ) -> SectorLayer:
        """As MapFacet.add_sectors."""
        title, group = self._named(layer_id, title, group)
        add = self._target.add_sectors
        return add(layer_id, colors, min_zoom=min_zoom, title=title, group=group, listed=listed)

    def _named(self, layer_id: str, title: Text | None, group: str) -> tuple[Text | None, str]:
        declared = self._declared.get(layer_id)
        return (title, group) if declared is None else (title or declared.title, declared.group)
