"""GeoPackage, Shapefile, GeoJSON and FlatGeobuf to blocks of features, through GDAL (pyogrio)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.raw import read

from console.geodata import datums
from console.geodata.formats import Format, shapefile_encoding
from console.geodata.gdal_errors import GDAL_ERRORS
from console.geodata.kind_names import fits
from console.geodata.mending import usable
from console.geodata.outcome import (
    UNKNOWN_SHAPE,
    ImportFailed,
    Tally,
    Watch,
)
from console.geodata.packing import Block
from console.model.layers import FeatureShape, LayerKind
from console.model.ragged import SHAPES
from console.server.importing.kinds import Fields, block_of, guess_kind
from console.server.importing.options import ImportOptions
from console.server.importing.topology import with_nodes

CHUNK = 50_000
"""Features in memory at a time beyond what is kept."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer of one file."""

    path: Path
    form: Format
    name: str
    encoding: str | None

    def info(self) -> dict[str, Any]:
        return pyogrio.read_info(self.path, layer=self.name, encoding=self.encoding, force_feature_count=True)

    def read(self, skip: int, count: int | None) -> tuple[dict[str, Any], Any, list[Any]]:
        meta, _, geometry, values = read(
            self.path,
            layer=self.name,
            encoding=self.encoding,
            skip_features=skip,
            max_features=count,
            force_2d=True,
        )
        return meta, geometry, values


def read_vector(
    path: Path, form: Format, options: ImportOptions, tally: Tally, watch: Watch
) -> tuple[list[Block], datums.Source]:
    """All layers of *path*. Raises ImportFailed for a broken file, ImportCancelled when asked."""
    encoding = shapefile_encoding(path) if form is Format.SHAPEFILE else None
    try:
        names = [str(row[0]) for row in pyogrio.list_layers(path)]
        blocks: list[Block] = []
        source: datums.Source | None = None
        for at, name in enumerate(names):
            part = watch.part(at / len(names), (at + 1) / len(names))
            found, source = _read_layer(_Layer(path, form, name, encoding), options, tally, part)
            blocks += found
    except GDAL_ERRORS as error:
        raise ImportFailed(
            f"{path.name} cannot be read: {error}", f"{path.name} 无法读取,文件可能已损坏:{error}"
        ) from error
    if source is None:
        raise ImportFailed(f"{path.name} holds no layer", f"{path.name} 中没有图层")
    return blocks, source


def _read_layer(
    layer: _Layer, options: ImportOptions, tally: Tally, watch: Watch
) -> tuple[list[Block], datums.Source]:
    info = layer.info()
    source = datums.source_of(info["crs"], options.datum, crs_is_default=layer.form is Format.GEOJSON)
    blocks: list[Block] = []
    total = max(int(info["features"]), 1)
    # GeoJSON has no index: to skip is to parse again, so it is read in one go
    step = total if layer.form is Format.GEOJSON else CHUNK
    for skip in range(0, total, step):
        watch.at(skip / total, layer.name)
        meta, wkb, values = layer.read(skip, None if step == total else step)
        if wkb is None:
            continue
        tally.read += len(wkb)
        names = [str(n).lower() for n in meta["fields"]]
        fields = dict(zip(names, values, strict=True))
        blocks += _blocks(layer, wkb, fields, source, options, tally)
    watch.at(1.0, layer.name)
    return blocks, source


def _blocks(
    layer: _Layer,
    wkb: Any,
    fields: dict[str, Any],
    source: datums.Source,
    options: ImportOptions,
    tally: Tally,
) -> list[Block]:
    geometry, rows = usable(shapely.from_wkb(wkb, on_invalid="ignore"), source, layer.path.name, tally)
    type_of = shapely.get_type_id(geometry)
    shapes = np.array([SHAPES.get(t, "") for t in type_of.tolist()], dtype=object)
    tally.reject(UNKNOWN_SHAPE, int(np.count_nonzero(shapes == "")), layer.name)
    blocks: list[Block] = []
    for shape in FeatureShape:
        mine = shapes == shape
        if mine.any():
            own: Fields = {name: values[rows[mine]].tolist() for name, values in fields.items()}
            kind = _kind(shape, own, layer, options)
            blocks.append(_finish(block_of(kind, shape, geometry[mine], own)))
    return blocks


def _kind(shape: FeatureShape, fields: Fields, layer: _Layer, options: ImportOptions) -> LayerKind:
    if options.layer is None:
        return guess_kind(shape, fields, f"{layer.name} {layer.path.stem}")
    return options.layer if fits(options.layer, shape) else LayerKind.OTHER


def _finish(block: Block) -> Block:
    """Roads get nodes; a feature of many buildings becomes one feature a building."""
    if block.kind is LayerKind.ROAD:
        return with_nodes(block)
    if block.kind is LayerKind.BUILDING:
        parts, owner = shapely.get_parts(block.geometry, return_index=True)
        single = block.take(owner)
        single.geometry = np.asarray(parts, object)
        return single
    return block
