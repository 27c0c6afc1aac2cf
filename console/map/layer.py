"""What point and shape layers have in common."""

from __future__ import annotations

from typing import Protocol

from console.map.viewport import Viewport


class LayerOwner(Protocol):
    """The view, as its layers know it."""

    @property
    def viewport(self) -> Viewport: ...

    def touch(self, layer: LiveLayer) -> None:
        """*layer* looks different now."""
        ...

    def forget(self, layer: LiveLayer) -> None:
        """*layer* is gone."""
        ...


class LiveLayer:
    """Identity, visibility, opacity and range of zooms."""

    min_zoom = 0.0
    max_zoom = 24.0

    def __init__(self, layer_id: str, owner: LayerOwner) -> None:
        self.layer_id = layer_id
        self.owner = owner
        self.wanted = True
        """By whoever made it."""
        self.shown_in_tree = True
        """By the user, in the layer tree."""
        self.opacity = 1.0

    @property
    def visible(self) -> bool:
        return self.wanted and self.shown_in_tree

    def set_visible(self, visible: bool) -> None:
        """Show or hide it; hidden in the layer tree it stays hidden."""
        if visible != self.wanted:
            self.wanted = visible
            self.owner.touch(self)

    def remove(self) -> None:
        """Take the layer off the map; a second time is harmless."""
        self.owner.forget(self)

    def shown_at(self, zoom: float) -> bool:
        return self.visible and self.min_zoom <= zoom <= self.max_zoom
