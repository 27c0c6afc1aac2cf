"""Whatever terrain is given, opened."""

from __future__ import annotations

from pathlib import Path

from console.scene.ground.heights import Flat, Heights
from console.scene.ground.raster import RasterHeights
from console.scene.ground.terrain_set import TerrainSet
from console.scene.tiles.source import FolderSource

LAYER = "layer.json"


def open_heights(path: Path, sea_level: float = 0.0) -> Heights:
    """A GeoTIFF, or quantized-mesh tiles: their layer.json, or the folder it is in.

    *sea_level*: metres of the file's zero above the ellipsoid, for heights above sea level.
    Raises SceneRefused.
    """
    layer = path / LAYER if path.is_dir() else path
    if layer.name == LAYER:
        return TerrainSet(FolderSource(layer), Flat(sea_level))
    return RasterHeights(path, Flat(sea_level))
