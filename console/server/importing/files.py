"""The whole way of an import: files to layers and areas, nothing stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from console.geodata import datums
from console.geodata.formats import Format, format_of
from console.geodata.osm import OSM_ATTRIBUTION, read_osm
from console.geodata.outcome import (
    BAD_COORDINATES,
    ImportFailed,
    Tally,
    Watch,
)
from console.geodata.packing import Block, join_blocks, pack
from console.geodata.titles import TITLES
from console.model.coordinates import Datum
from console.model.datums import conversion
from console.model.layers import FeatureShape, LayerKind
from console.model.text import Text
from console.server.importing.options import ImportOptions, ImportResult
from console.server.importing.vector import read_vector
from console.server.layer_types import AreaShape, ImportedLayer

_AREA_KINDS = (LayerKind.BOUNDARY, LayerKind.GRID)


def import_files(
    paths: Sequence[Path | str],
    options: ImportOptions,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> ImportResult:
    """Read *paths* into layers (one a kind and shape) and areas.

    *progress* gets 0..1 and what is being read. Raises ImportFailed or ImportCancelled.
    """
    watch, tally = Watch(progress, cancelled), Tally()
    blocks: list[Block] = []
    sources: list[datums.Source] = []
    attributions: list[str] = []
    for at, path in enumerate(map(Path, paths)):
        part = watch.part(0.9 * at / len(paths), 0.9 * (at + 1) / len(paths))
        part.at(0.0, path.name)
        form = format_of(path)
        if form is Format.OSM:
            found = read_osm(path, tally, part)
            sources.append(datums.Source(None, conversion(Datum.WGS84), "declared"))
            attributions.append(OSM_ATTRIBUTION)
        else:
            found, source = read_vector(path, form, options, tally, part)
            sources.append(source)
        blocks += found
    if not blocks:
        raise _nothing(tally)
    layers = _layers(blocks, options, _weakest(sources), _attribution(attributions), watch)
    areas = _areas(blocks, options.area or "")
    watch.at(1.0, "")
    return ImportResult(layers=layers, areas=areas, report=tally.report())


def _nothing(tally: Tally) -> ImportFailed:
    if tally.rejected[BAD_COORDINATES]:
        return ImportFailed(
            "all coordinates are out of range: is the coordinate system right?",
            "全部坐标超出范围:请检查坐标系是否正确",
        )
    return ImportFailed("the files hold no features that can be shown", "文件中没有可用的要素")


def _weakest(sources: Sequence[datums.Source]) -> datums.Source:
    """Layers of several files are as surely known as the least known of them."""
    order = ("guessed", "declared")
    return min(sources, key=lambda source: order.index(source.known))


def _attribution(lines: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(lines))


def _layers(
    blocks: Sequence[Block], options: ImportOptions, source: datums.Source, attribution: str, watch: Watch
) -> tuple[ImportedLayer, ...]:
    groups: dict[tuple[LayerKind, FeatureShape], list[Block]] = {}
    for block in blocks:
        groups.setdefault((block.kind, block.shape), []).append(block)
    layers: list[ImportedLayer] = []
    taken: set[str] = set()
    for at, ((kind, shape), group) in enumerate(groups.items()):
        watch.at(0.9 + 0.1 * at / len(groups), TITLES[kind].en)
        layer_id = str(kind) if kind not in taken else f"{kind}-{shape}"
        taken.add(layer_id)
        layers.append(as_layer(join_blocks(group), layer_id, source, attribution, options.title))
    return tuple(layers)


def as_layer(
    block: Block, layer_id: str, source: datums.Source, attribution: str = "", title: str | None = None
) -> ImportedLayer:
    """*block* packed, with titles and where its coordinates came from."""
    names = Text(title, title) if title else TITLES[block.kind]
    meta = {"title_zh": names.zh_CN, "title_en": names.en, "attribution": attribution}
    return ImportedLayer(
        layer_id=layer_id,
        kind=str(block.kind),
        title_zh=names.zh_CN,
        title_en=names.en,
        package=pack(block, meta | {"datum": source.datum, "datum_known": source.known}),
        datum=source.datum,
        datum_known=source.known,
        attribution=attribution,
    )


def _areas(blocks: Sequence[Block], within: str) -> tuple[AreaShape, ...]:
    """Areas with a code of theirs; several polygons of one code become one area."""
    pieces: dict[str, list[tuple[str, Any]]] = {}
    for block in blocks:
        if (
            block.kind not in _AREA_KINDS
            or block.shape is not FeatureShape.POLYGON
            or "code" not in block.text
        ):
            continue
        rows = zip(block.text["code"], block.text["name"], block.geometry, strict=True)
        for code, name, geometry in rows:
            if code.isdigit() and len(code) in (2, 4, 6, 9, 12, 15) and code.startswith(within):
                pieces.setdefault(code, []).append((name, geometry))
    return tuple(
        AreaShape(code=code, name=found[0][0], name_en="", geometry=_union([g for _, g in found]))
        for code, found in sorted(pieces.items())
    )


def _union(geometries: list[Any]) -> Any:
    return shapely.union_all(np.array(geometries, dtype=object)) if len(geometries) > 1 else geometries[0]
