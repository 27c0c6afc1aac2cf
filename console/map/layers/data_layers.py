"""The window's side of data layers: handles that plugins hold, styles and their legends."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from console.map.engine.data_refs import FeatureRef, RasterRef, TilesRef, VectorTilesRef
from console.map.layers.data_legend import legend_of_style
from console.map.layers.layer_styles import checked_style
from console.map.layers.layer_tree import LayerTree, Slot
from console.map.render.data.layers import default_style
from console.map.render.style import STYLES
from console.map.viewport import Bounds
from console.sdk.map import TileService

PALETTE = ("#4cc2ff", "#f2a65a", "#8ddb8c", "#e58fd6", "#f4e06d", "#9aa7ff", "#ff8a80", "#5ee0c8")
"""Colours of layers without a style: apart from one another and from the base on dark and light ground."""


def feature_ref(
    layer_id: str, packages: Sequence[str], version: str, style: Sequence[dict[str, Any]]
) -> FeatureRef:
    """Raises ValueError for a style that cannot be drawn."""
    return FeatureRef(
        id=layer_id, version=version, packages=tuple(packages), style=style_text(layer_id, style)
    )


def style_text(layer_id: str, style: Sequence[dict[str, Any]]) -> str:
    """The style as JSON, checked; a colour of the layer's own when there is none. Raises ValueError."""
    color = PALETTE[zlib.crc32(layer_id.encode()) % len(PALETTE)]
    return checked_style(style or default_style(color))


def tiles_style(style: Sequence[dict[str, Any]]) -> str:
    """The style of vector tiles as JSON, checked; the usual one when there is none. Raises ValueError."""
    return checked_style(style) or (STYLES / "vector_tiles.json").read_text("utf-8")


def styled(ref: TilesRef, style: str) -> VectorTilesRef:
    """Fetched tiles that are features."""
    return VectorTilesRef(**{**msgspec.structs.asdict(ref), "size": 512, "style": style})


def raster_ref(
    layer_id: str, path: str, version: str, ramp: Sequence[tuple[float, str]], datum: str
) -> RasterRef | TilesRef:
    """By the name of the file: pictures in tiles, or pixels with a place."""
    if path.lower().endswith((".mbtiles", ".pmtiles")):
        return TilesRef(id=layer_id, version=version, path=path, datum=datum)
    return RasterRef(id=layer_id, version=version, path=path, ramp=tuple(ramp))


def service_ref(layer_id: str, service: TileService, folder: Path) -> TilesRef:
    """A service as the workers are told of it: nothing about how its tiles are got."""
    return TilesRef(
        id=layer_id,
        version=folder.name,
        path=str(folder),
        fetched=True,
        size=service.size,
        min_zoom=service.min_zoom,
        max_zoom=service.max_zoom,
        grid=service.grid,
        datum=service.datum,
        bounds=service.bounds,
    )


class DataHandle:
    """Implements ``console.sdk.map.Handle`` for data layers; harmless once the layer is off the map."""

    def __init__(self, slot: Slot, tree: LayerTree) -> None:
        self._slot, self._tree = slot, tree
        self.layer_id = slot.id

    def bounds(self) -> Bounds | None:
        return self._slot.bounds

    def set_visible(self, visible: bool) -> None:
        self._tree.set_visible(self.layer_id, visible)

    def remove(self) -> None:
        if self._tree.find(self.layer_id) is self._slot:
            self._tree.remove(self._slot)


class FeatureHandle(DataHandle):
    """Implements ``console.sdk.map.DataLayer``."""

    def set_style(self, style: Sequence[dict[str, Any]]) -> None:
        """Raises ValueError for a style that cannot be drawn."""
        data = self._slot.data
        assert isinstance(data, FeatureRef | VectorTilesRef)
        text = style_text(self.layer_id, style) if isinstance(data, FeatureRef) else tiles_style(style)
        self._slot.legend = legend_of_style(text)
        self._tree.replace_data(self._slot, msgspec.structs.replace(data, style=text))
