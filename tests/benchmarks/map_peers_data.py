"""The benchmark's city in the forms that the others of ``map_peers`` read best, made once in its folder.

For MapLibre vector tiles of levels 8 to 14, all layers in one tile, as a tile server has
them; for QGIS a GeoPackage with a spatial index, in the projection of the picture, so that it
has nothing to reproject. Written by GDAL, which pyogrio brings.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely

from console.geodata.packing import geometries, texts
from console.model.coordinates import to_mercator
from console.model.layers import FeatureShape, LayerPackage
from tests.benchmarks.city import SHARED, City, Floats

LEVELS = (8, 14)
FIRST = {"building": 12, "road": 9}
"""Levels below which a layer is not drawn, and not in the tiles."""


def vector_tiles(city: City) -> Path:
    """A folder of ``z/x/y.pbf``, not compressed."""
    folder = city.folder / "tiles"
    if not folder.exists():
        fresh = city.folder / "tiles.fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        for name in SHARED:
            _merge(_cut(name, city.layers[name], city.folder / "cut"), fresh)
        fresh.rename(folder)
    return folder


def _cut(name: str, package: LayerPackage, folder: Path) -> Path:
    """The tiles of one layer."""
    shutil.rmtree(folder, ignore_errors=True)
    _write(
        folder, name, package, "MVT", COMPRESS="NO", NAME=name,
        MINZOOM=FIRST.get(name, LEVELS[0]), MAXZOOM=LEVELS[1], MAX_SIZE=20_000_000, MAX_FEATURES=1_000_000,
    )  # fmt: skip
    return folder


def _merge(source: Path, goal: Path) -> None:
    """Append tiles to those that are there: the layers of a tile are a repeated field of its message."""
    for tile in source.glob("*/*/*.pbf"):
        path = goal / tile.relative_to(source)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(tile.read_bytes())
    shutil.rmtree(source)


def geopackage(city: City) -> Path:
    """All layers and both kinds of points."""
    path = city.folder / "city.gpkg"
    if not path.exists():
        fresh = city.folder / "fresh.gpkg"
        fresh.unlink(missing_ok=True)
        for name in SHARED:
            _write(fresh, name, city.layers[name], "GPKG")
        for name, places in (("cameras", city.cameras), ("staff", city.staff)):
            _store(fresh, name, shapely.points(places), "Point", {"kind": kinds(places)}, "GPKG")
        fresh.rename(path)
    return path


def kinds(places: Floats) -> np.ndarray[Any, Any]:
    """Which of three symbols each point has."""
    return np.arange(len(places), dtype=np.int32) % 3


def geojson(places: Floats) -> str:
    """Points with their kind."""
    features = [
        {"type": "Feature", "properties": {"kind": kind}, "geometry": {"type": "Point", "coordinates": place}}
        for kind, place in zip(kinds(places).tolist(), np.round(places, 7).tolist(), strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def _mercator(degrees: Floats) -> Floats:
    return np.column_stack(to_mercator(degrees[:, 0], degrees[:, 1]))


def _write(path: Path, name: str, package: LayerPackage, driver: str, **options: Any) -> None:
    columns: dict[str, Any] = {c: np.array(texts(package, c), object) for c in ("class", "name")}
    if "height" in package.columns:
        columns["height"] = package.columns["height"].astype(float)
    shape = "MultiLineString" if package.shape is FeatureShape.LINE else "MultiPolygon"
    _store(path, name, geometries(package), shape, columns, driver, **options)


def _store(
    path: Path, name: str, shapes: Any, shape: str, columns: dict[str, Any], driver: str, **options: Any
) -> None:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapely.transform(shapes, _mercator)),
        list(columns.values()),
        list(columns),
        layer=name,
        driver=driver,
        geometry_type=shape,
        promote_to_multi=shape.startswith("Multi"),
        crs="EPSG:3857",
        append=driver == "GPKG" and path.exists(),
        **options,
    )
