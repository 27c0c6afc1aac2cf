"""Data layers as the window tells its workers of them, and what those lack to draw one."""

from __future__ import annotations

import msgspec

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


class DataRef(msgspec.Struct, frozen=True, kw_only=True):
    """What all data layers have: drawn above the base map, topmost last."""

    id: str
    version: str
    """Another for other content."""
    visible: bool = True
    opacity: float = 1.0


class FeatureRef(DataRef, frozen=True, kw_only=True, tag="features"):
    """Features of layer packages."""

    packages: tuple[str, ...]
    """Files."""
    style: str
    """Layers of a MapLibre style as JSON."""


class RasterRef(DataRef, frozen=True, kw_only=True, tag="raster"):
    """A file of pixels with a place: GeoTIFF, COG."""

    path: str
    ramp: tuple[tuple[float, str], ...] = ()
    """(value, colour), rising, for a single band; empty: grey between the 2nd and the 98th percentile."""


class TilesRef(DataRef, frozen=True, kw_only=True, tag="tiles"):
    """A pyramid of pictures: a PMTiles or MBTiles file, or what has been fetched from a service."""

    path: str
    """The file, or the folder of fetched tiles as ``z/x/y``."""
    fetched: bool = False
    """Whether *path* is a folder to which more tiles come when they are lacking."""
    size: int = 256
    """Logical pixels along the side of a tile."""
    min_zoom: int = 0
    max_zoom: int = 18
    """Levels of the pyramid; level 0 is one tile of the world (two side by side in ``geographic``)."""
    grid: str = "mercator"
    """``mercator`` (EPSG:3857) or ``geographic`` (EPSG:4326, 4490)."""
    datum: str = "wgs84"
    bounds: Bounds | None = None


class VectorTilesRef(TilesRef, frozen=True, kw_only=True, tag="vector_tiles"):
    """A pyramid of vector tiles; *size* is 512, as their styles have it."""

    style: str
    """A MapLibre style, or its layers, as JSON."""


AnyRef = FeatureRef | RasterRef | TilesRef | VectorTilesRef


class SourceTile(msgspec.Struct, frozen=True, array_like=True):
    """One tile of a service's pyramid."""

    layer: str
    z: int
    x: int
    y: int
    """From the north."""
