"""Live layers as another view shows them: what they hold is shared, how it is seen is not.

Plugins know one layer. Each further view has an *echo* of it, with visibility, opacity, pictures and
counts of its own (they depend on the zoom), and without a copy of the points or shapes.
"""

from __future__ import annotations

from console.map.live.layer import LayerOwner, LiveLayer
from console.map.live.picture_layer import PictureLayer
from console.map.live.points import PointsLayer
from console.map.live.sectors import SectorsLayer
from console.map.live.shapes import ShapesLayer


class PointsEcho(PointsLayer):
    """The points of another layer."""

    def __init__(self, source: PointsLayer, owner: LayerOwner) -> None:
        super().__init__(source.layer_id, source.style, owner, source._clock)
        self._source = source
        self._glide, self._tooltips = source._glide, source._tooltips
        self._clicked, self._doubled = source._clicked, source._doubled
        self.take()

    def take(self) -> None:
        """The source looks different now."""
        source = self._source
        if self._columns is not source._columns:
            self._epoch += not self._columns.looks_like(source._columns)
            self._columns = source._columns
        self._texts, self._selected, self.wanted = source._texts, source._selected, source.wanted


class ShapesEcho(ShapesLayer):
    """The shapes of another layer."""

    def __init__(self, source: ShapesLayer, owner: LayerOwner) -> None:
        super().__init__(source.layer_id, owner)
        self._source = source
        self._shapes, self._clicked = source._shapes, source._clicked
        self.take()

    def take(self) -> None:
        """The source looks different now."""
        source = self._source
        self._version, self._tokens, self.wanted = source._version, source._tokens, source.wanted


class SectorsEcho(SectorsLayer):
    """The sectors of another layer."""

    def __init__(self, source: SectorsLayer, owner: LayerOwner) -> None:
        super().__init__(source.layer_id, owner, source.fills, source.min_zoom)
        self._source = source
        self.take()

    def take(self) -> None:
        """The source looks different now."""
        source = self._source
        self.sectors, self._version, self.wanted = source.sectors, source._version, source.wanted


class PictureEcho(PictureLayer):
    """The picture of another layer, or pictures of its own where a view is not the first."""

    def __init__(self, source: PictureLayer, owner: LayerOwner) -> None:
        super().__init__(source.layer_id, owner)
        self._source = source
        self._own = False
        self.take()

    def part(self) -> None:
        """From now on it shows what it is given: that of the source covers what the first view shows."""
        self._own, self.picture = True, None

    def take(self) -> None:
        """The source looks different now."""
        source = self._source
        self.wanted = source.wanted
        if not self._own:
            self.picture, self._version = source.picture, source._version


Echo = PointsEcho | SectorsEcho | ShapesEcho | PictureEcho


def echo_of(source: LiveLayer, owner: LayerOwner) -> Echo:
    """Raises TypeError for a layer of another kind."""
    match source:
        case PointsLayer():
            return PointsEcho(source, owner)
        case SectorsLayer():
            return SectorsEcho(source, owner)
        case ShapesLayer():
            return ShapesEcho(source, owner)
        case PictureLayer():
            return PictureEcho(source, owner)
        case _:
            raise TypeError(type(source).__name__)
