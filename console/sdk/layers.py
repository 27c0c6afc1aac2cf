"""The layers of the map, as the layer tree and the style editor see and change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from console.model.text import Text

if TYPE_CHECKING:
    from console.sdk.map import LegendItem, Undo


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerEntry:
    """One layer as the layer tree shows it, topmost first."""

    id: str
    title: Text
    group: str
    """``live``, ``data`` or ``base``."""
    visible: bool
    opacity: float
    min_zoom: float
    max_zoom: float
    legend: Sequence[LegendItem] = ()
    state: str = ""
    """Empty, or a fault in the user's words."""
    attribution: str = ""
    kind: str = ""
    """Of base layers: ``grid``, ``road``, ``building`` and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFiles:
    """Where the features of a layer lie: for ``add_features``, and for ``console.sdk.layer_data``."""

    packages: Sequence[str]
    """Paths."""
    version: str
    """Another for other content."""


class MapLayers(Protocol):
    """The layers of the map: what the layer tree shows and changes; remembered by the engine."""

    def entries(self) -> Sequence[LayerEntry]: ...
    def set_visible(self, layer_id: str, visible: bool) -> None: ...
    def set_opacity(self, layer_id: str, opacity: float) -> None: ...
    def move(self, layer_id: str, before: str | None) -> None:
        """Put a layer before another of its group; None: at the end."""
        ...

    def picture(self, item: LegendItem, width: int, height: int) -> Any:
        """A QPixmap of a legend line in logical pixels, drawn as the map draws it."""
        ...

    def files(self, layer_id: str) -> LayerFiles | None:
        """Of a base layer, or of a data layer of features; None for any other."""
        ...

    def tiles(self, layer_id: str) -> str | None:
        """Where the tiles of a layer of vector tiles lie: a file, or a folder of those that were fetched; for
        ``console.sdk.tile_layers``. None for any other."""
        ...

    def style(self, layer_id: str) -> Sequence[dict[str, Any]] | None:
        """What a data layer of features is drawn by: layers of a MapLibre style. None: it has no style."""
        ...

    def set_style(self, layer_id: str, style: Sequence[dict[str, Any]]) -> None:
        """The user's style from now on, above what the layer's plugin says, and after a restart.

        An empty one takes it back. Raises ValueError for what cannot be drawn.
        """
        ...

    def set_filter(self, layer_id: str, condition: Sequence[Any] | None) -> None:
        """Draw only those features of a data layer that a filter of the style's language lets through, in
        all views, until it is set to None or the console ends. Raises ValueError for what is no filter."""
        ...

    @property
    def chosen(self) -> str | None:
        """The layer that the user works with, such as the current one of the layer tree."""
        ...

    def choose(self, layer_id: str | None) -> None: ...
    def on_chosen(self, handler: Callable[[str | None], None]) -> Undo: ...
    def on_change(self, handler: Callable[[], None]) -> Undo: ...
