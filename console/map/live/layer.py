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
        self._removed = False

    @property
    def visible(self) -> bool:
        return self.wanted and self.shown_in_tree and not self._removed

    def touch(self) -> None:
        """The layer looks different now; nobody hears of it once it is off the map."""
        if not self._removed:
            self.owner.touch(self)

    def set_visible(self, visible: bool) -> None:
        """Show or hide it; hidden in the layer tree it stays hidden."""
        if visible != self.wanted:
            self.wanted = visible
            self.touch()

    def remove(self) -> None:
        """Take the layer off the map; whatever is called afterwards is harmless."""
        if not self._removed:
            self._removed = True
            self.owner.forget(self)

    def shown_at(self, zoom: float) -> bool:
        return self.visible and self.min_zoom <= zoom <= self.max_zoom
