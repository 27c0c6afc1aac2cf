"""A file of any format to layer packages: opened by its format's reader, brought to WGS84, packed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.formats import archive, attributes, cache, coordinates, places
from console.formats.delimited import open_delimited
from console.formats.gdal_files import open_documents, open_gdal
from console.formats.refusal import FileRefused, refused
from console.formats.sheet import Chunk, Sheet
from console.formats.sniff import FileFormat, sniff
from console.geodata import datums
from console.geodata.gdal_errors import GDAL_ERRORS
from console.geodata.kind_names import kind_by_name
from console.geodata.mending import usable
from console.geodata.osm import OSM_ATTRIBUTION, read_osm
from console.geodata.outcome import (
    BAD_COORDINATES,
    MENDED,
    REASONS,
    UNKNOWN_SHAPE,
    ImportFailed,
    Tally,
    Watch,
)
from console.geodata.packing import Block, Geometries, join_blocks, pack
from console.geodata.titles import TITLES
from console.model.layers import FeatureShape, LayerKind, encode_package
from console.model.ragged import SHAPES
from console.model.sources import FileLayers, FileOptions, FilePackage, LeftOut, Sublayer, Wanted
from console.model.text import Text

NO_PLACE = "no coordinates"
TOO_MANY = "beyond the greatest number of features"
CUT_OFF = "declared, but not in the file"
_REASONS = REASONS | {CUT_OFF: "文件声明但缺失", NO_PLACE: "没有坐标", TOO_MANY: "超出可打开的要素数量"}
_COLLECTION = 7
_REASON = 160
"""Characters of a library's own words that are passed on."""
_SHAPE_OF = np.array([SHAPES.get(kind, "") for kind in range(32)], object)


@dataclass(slots=True)
class _Found:
    """What has been read so far."""

    blocks: dict[str, list[Block]] = field(default_factory=dict[str, list[Block]])
    """By sublayer, one a shape."""
    sublayers: list[Sublayer] = field(default_factory=list[Sublayer])
    sources: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Datum, and how it is known."""
    tally: Tally = field(default_factory=Tally)
    attribution: str = ""


def read_file(path: Path, options: FileOptions, draft: cache.Draft, version: str, watch: Watch) -> FileLayers:
    """Read *path* into packages of *draft*. Raises FileRefused, ImportCancelled, MemoryError."""
    with _told(path):
        form = sniff(path)
        if form is FileFormat.OSM:
            found, taken = _read_osm(path, watch.part(0.0, 0.9)), options
        else:
            sheets = _open(path, form, options, draft.folder)
            found, taken = _read_sheets(sheets, options, watch.part(0.0, 0.9))
    if not found.blocks:
        raise _nothing(path, found)
    packages = _packed(found, path.stem, draft, watch.part(0.9, 1.0))
    datum, known = min(found.sources, key=lambda source: source[1] == "declared")
    return FileLayers(
        version=version,
        sublayers=tuple(found.sublayers),
        packages=packages,
        datum=datum,
        datum_known=known,
        taken=taken,
        left_out=_left_out(found.tally),
        attribution=found.attribution,
    )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the libraries become refusals in the user's words."""
    try:
        yield
    except ImportFailed as error:
        raise refused(error.message_zh, error.message_en) from error
    except (*GDAL_ERRORS, shapely.errors.ShapelyError) as error:
        reason = str(error).partition(";")[0][:_REASON]  # what follows is advice to programmers
        raise refused(
            f"{path.name} 无法读取，文件可能已损坏或不完整：{reason}",
            f"{path.name} cannot be read; it may be broken or cut off: {reason}",
        ) from error
    except OSError as error:
        raise refused(
            f"无法读取 {path.name}:{error.strerror}", f"{path.name} cannot be read: {error.strerror}"
        ) from error


def _open(path: Path, form: FileFormat, options: FileOptions, folder: Path) -> Sequence[Sheet]:
    if form is FileFormat.CSV:
        return [open_delimited(path, options.encoding)]
    if form is FileFormat.XLSX:
        archive.must_be_sound(path)
    if form is FileFormat.KMZ:
        return open_documents(archive.unpack_kml(path, folder), form)
    return open_gdal(path, form, options.encoding)


def _read_sheets(sheets: Sequence[Sheet], options: FileOptions, watch: Watch) -> tuple[_Found, FileOptions]:
    """All wanted sheets; tables without coordinates are listed only, unless there is nothing else."""
    found, taken = _Found(), options
    missing = set(options.sublayers) - {sheet.name for sheet in sheets}
    if missing:
        name = sorted(missing)[0]
        raise refused(f"文件中没有图层“{name}”", f'The file holds no layer "{name}"')
    for at, sheet in enumerate(sheets):
        wanted = not options.sublayers or sheet.name in options.sublayers
        columns = options if sheet.geometry else places.with_columns(options, sheet.fields)
        if wanted and columns is not None:
            taken = replace(columns, encoding=options.encoding or getattr(sheet, "encoding", None) or "")
            found.blocks |= _read_sheet(
                sheet, columns, found, watch.part(at / len(sheets), (at + 1) / len(sheets))
            )
        found.sublayers.append(_sublayer(sheet, found))
    if not found.sources and any(sheet.fields for sheet in sheets):
        raise refused(
            "表中找不到坐标列：请选择经度、纬度所在的列",
            "No columns with coordinates were found: choose those of longitude and latitude",
            Wanted.COLUMNS,
            sublayers=tuple(found.sublayers),
        )
    return found, taken


def _sublayer(sheet: Sheet, found: _Found) -> Sublayer:
    read = found.blocks.get(sheet.name)
    return Sublayer(
        name=sheet.name,
        title=Text(sheet.name, sheet.name),
        features=sum(map(len, read)) if read else max(sheet.features, 0),
        geometry=sheet.geometry,
        crs=sheet.crs,
        fields=sheet.fields,
    )


def _read_sheet(sheet: Sheet, options: FileOptions, found: _Found, watch: Watch) -> dict[str, list[Block]]:
    """The sheet's features by shape, under its name; empty without any."""
    source = coordinates.source_of(sheet.crs, options, crs_is_default=sheet.crs_is_default)
    found.sources.append((source.datum, source.known))
    groups: dict[str, list[Block]] = {}
    for chunk in sheet.chunks(watch):
        for block in _blocks(chunk, sheet, source, options, found.tally):
            groups.setdefault(block.shape, []).append(block)
    found.tally.reject(TOO_MANY, sheet.beyond)
    found.tally.reject(CUT_OFF, sheet.missing)
    joined = [join_blocks(blocks) for blocks in groups.values()]
    for block in joined:
        if not sheet.geometry:
            attributes.type_texts(block)
        attributes.add_title(block)
    return {sheet.name: joined} if joined else {}


def _blocks(
    chunk: Chunk, sheet: Sheet, source: datums.Source, options: FileOptions, tally: Tally
) -> Iterator[Block]:
    geometry = chunk.geometry if chunk.geometry is not None else places.geometry_of(chunk.fields, options)
    tally.read += len(geometry)
    there = np.flatnonzero(~shapely.is_missing(geometry))
    tally.reject(NO_PLACE, len(geometry) - len(there), sheet.name)
    geometry, owner = _without_collections(geometry[there])
    source = coordinates.settled(geometry, source, sheet.name)
    geometry, rows = usable(geometry, source, sheet.name, tally)
    coordinates.must_lie_within(geometry, source, sheet.name)
    rows = there[owner[rows]]
    shape_of = _SHAPE_OF[shapely.get_type_id(geometry)]
    tally.reject(UNKNOWN_SHAPE, int(np.count_nonzero(shape_of == "")), sheet.name)
    for shape in FeatureShape:
        mine = shape_of == shape
        if mine.any():
            block = Block(kind=LayerKind.OTHER, shape=shape, geometry=geometry[mine])
            attributes.add_columns(block, {name: values[rows[mine]] for name, values in chunk.fields.items()})
            yield block


def _without_collections(geometry: Geometries) -> tuple[Geometries, npt.NDArray[np.intp]]:
    """Collections in parts, each with the attributes of the whole; and the row of each part."""
    if not (shapely.get_type_id(geometry) == _COLLECTION).any():
        return geometry, np.arange(len(geometry))
    parts: list[Any] = []
    for row, whole in enumerate(geometry.tolist()):
        parts += [
            (part, row) for part in (whole.geoms if whole.geom_type == "GeometryCollection" else [whole])
        ]
    return np.array([part for part, _ in parts], object), np.array([row for _, row in parts], np.intp)


def _read_osm(path: Path, watch: Watch) -> _Found:
    """OpenStreetMap by the importer's rules: a sublayer a kind."""
    found = _Found(attribution=OSM_ATTRIBUTION, sources=[("wgs84", "declared")])
    for block in read_osm(path, found.tally, watch):
        found.blocks.setdefault(str(block.kind), []).append(replace(block, kind=LayerKind.OTHER, extras={}))
    for kind, blocks in found.blocks.items():
        columns = dict.fromkeys(name for b in blocks for name in (*b.text, *b.numbers))
        shapes = sorted({str(block.shape) for block in blocks})
        found.sublayers.append(
            Sublayer(
                name=kind,
                title=TITLES[LayerKind(kind)],
                features=sum(map(len, blocks)),
                geometry=", ".join(shapes),
                crs="EPSG:4326",
                fields=tuple(columns),
            )
        )
    return found


def _packed(found: _Found, stem: str, draft: cache.Draft, watch: Watch) -> tuple[FilePackage, ...]:
    packages: list[FilePackage] = []
    for name, blocks in found.blocks.items():
        for block in blocks:
            watch.at(len(packages) / (1 + len(found.blocks)), name)
            file = f"{len(packages)}.oml"
            meta = {"title_zh": name, "title_en": name, "attribution": found.attribution}
            package = pack(block, meta)
            (draft.folder / file).write_bytes(encode_package(package))
            (west, south), (east, north) = package.degrees.min(axis=0), package.degrees.max(axis=0)
            packages.append(
                FilePackage(
                    path=draft.path_of(file),
                    sublayer=name,
                    shape=block.shape,
                    features=len(block),
                    bounds=(float(west), float(south), float(east), float(north)),
                    kind=kind_by_name(block.shape, name, stem) or LayerKind.OTHER,
                )
            )
    return tuple(packages)


def _left_out(tally: Tally) -> tuple[LeftOut, ...]:
    counts = dict(tally.rejected) | ({MENDED: tally.mended} if tally.mended else {})
    return tuple(
        LeftOut(reason=Text(_REASONS.get(reason, reason), reason), count=count)
        for reason, count in sorted(counts.items())
    )


def _nothing(path: Path, found: _Found) -> FileRefused:
    sublayers = tuple(found.sublayers)
    if found.tally.rejected[CUT_OFF]:
        return refused(f"{path.name} 无法读取，文件不完整", f"{path.name} cannot be read: it was cut off")
    if found.tally.rejected[BAD_COORDINATES]:
        return refused(
            f"{path.name} 的全部坐标都超出范围，坐标系或坐标列可能不对：请重新选择",
            f"All coordinates of {path.name} are out of range; the system or the columns may be wrong: "
            "choose them",
            Wanted.DATUM,
            Wanted.COLUMNS,
            sublayers=sublayers,
        )
    return refused(
        f"{path.name} 中没有可显示的要素",
        f"{path.name} holds no features that can be shown",
        sublayers=sublayers,
    )
