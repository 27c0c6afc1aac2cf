"""Real roads, and what becomes of them when somebody takes one datum for another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from pyogrio import raw

from console.geodata.packing import geometries
from console.model.datums import conversion
from console.model.layers import DEGREE, LayerKind, LayerPackage
from console.server.importing import ImportOptions, import_files


def roads_of(path: Path) -> LayerPackage:
    """The roads of an OSM file."""
    result = import_files([path], ImportOptions(), lambda done, text: None, lambda: False)
    return next(layer.package for layer in result.layers if layer.kind == LayerKind.ROAD)


def taken(layer: LayerPackage, rows: npt.NDArray[np.bool_]) -> LayerPackage:
    """Some features of *layer*, geometry alone; roads have one part each."""
    lengths = np.diff(layer.part_start)
    assert len(lengths) == len(layer)
    return LayerPackage(
        kind=layer.kind,
        shape=layer.shape,
        xy=layer.xy[np.repeat(rows, lengths)],
        part_start=np.concatenate([[0], np.cumsum(lengths[rows])]).astype(np.int32),
        feature_start=np.arange(rows.sum() + 1, dtype=np.int32),
    )


def halves(layer: LayerPackage) -> tuple[LayerPackage, LayerPackage]:
    """Two sets of roads without a common one."""
    odd = layer.columns["way"] % 2 == 1
    return taken(layer, odd), taken(layer, ~odd)


def placed(layer: LayerPackage, read_as: str, really: str = "wgs84", noise: float = 0.0) -> LayerPackage:
    """*layer* as it lies after an import that took coordinates in the datum *really* for *read_as*."""
    metres = np.random.default_rng(1).normal(0, noise, layer.xy.shape) if noise else 0.0
    lon, lat = (layer.degrees + metres / np.array([95_000.0, 111_000.0])).T
    lon, lat = conversion(read_as).to_wgs84(*conversion(really).from_wgs84(lon, lat))
    moved = np.round(np.column_stack([lon, lat]) * DEGREE).astype(np.int32)
    return replace(layer, xy=moved)


def tiled(path: Path, roads: LayerPackage, name: str = "roads", level: int = 14) -> str:
    """An archive of vector tiles, PMTiles or MBTiles, as GDAL makes it."""
    shapes = shapely.to_wkb(geometries(roads))
    driver = "PMTiles" if path.suffix == ".pmtiles" else "MBTiles"
    raw.write(
        path, shapes, [], [], layer=name, driver=driver, geometry_type="LineString", crs="EPSG:4326",
        dataset_options={"MINZOOM": level, "MAXZOOM": level},
    )  # fmt: skip
    return str(path)
