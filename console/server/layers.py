"""Imported layers: stored whole or not at all, served by version, announced on the feed."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from console.layer_files import open_package
from console.model.layers import LayerPackage, encode_package
from console.model.records import LayerInfo, LonLat
from console.server.areas import AreaIndex, in_areas
from console.server.changes import log_notice, put_record
from console.server.db import Database
from console.server.layer_types import AreaShape, ImportedLayer
from console.server.search_index import index_areas, index_layer
from console.server.tables import AreaRow, LayerContent, LayerRow

log = logging.getLogger(__name__)

_PIECE = 4 << 20
AREAS_CHANGED = "areas"
"""Type of the log line that says that the areas were replaced."""


def replace_layers(
    session: Session, layers: Sequence[ImportedLayer], areas: Sequence[AreaShape]
) -> list[LayerInfo]:
    """Store *layers* and *areas* in the caller's transaction; each replaces what had its id.

    New areas replace those of the same level in the same district.
    """
    infos = [store_layer(session, layer) for layer in layers]
    if areas:
        _replace_areas(session, areas)
        index_areas(session, areas)
        log_notice(session, AREAS_CHANGED)
    return infos


def store_layer(session: Session, layer: ImportedLayer) -> LayerInfo:
    """Store one layer in place of what had its id, and announce it."""
    data = encode_package(layer.package)
    version = hashlib.sha256(data).hexdigest()[:32]
    info = LayerInfo(
        id=layer.layer_id,
        title_zh=layer.title_zh,
        title_en=layer.title_en,
        kind=str(layer.kind),
        count=len(layer.package),
        bounds=_bounds(layer.package),
        datum=str(layer.datum),
        datum_known=layer.datum_known,
        version=version,
        attribution=layer.attribution,
        bytes=len(data),
    )
    session.execute(delete(LayerRow).where(LayerRow.id == info.id))
    session.add(_row(info))
    session.flush()
    for piece, start in enumerate(range(0, len(data), _PIECE)):
        content = {"layer_id": info.id, "piece": piece, "data": data[start : start + _PIECE]}
        session.execute(insert(LayerContent), [content])
    index_layer(session, info, layer.package)
    put_record(session, "layer", info)
    return info


def _bounds(package: LayerPackage) -> tuple[float, float, float, float]:
    if len(package.xy) == 0:
        return (0.0, 0.0, 0.0, 0.0)
    (west, south), (east, north) = package.xy.min(axis=0) / 1e7, package.xy.max(axis=0) / 1e7
    return (float(west), float(south), float(east), float(north))


def _row(info: LayerInfo) -> LayerRow:
    west, south, east, north = info.bounds
    return LayerRow(
        id=info.id,
        kind=info.kind,
        title_zh=info.title_zh,
        title_en=info.title_en,
        count=info.count,
        west=west,
        south=south,
        east=east,
        north=north,
        datum=info.datum,
        datum_known=info.datum_known,
        version=info.version,
        attribution=info.attribution,
        bytes=info.bytes,
        changed_at=time.time(),
    )


def layer_infos(session: Session) -> list[LayerInfo]:
    """All layers, by id."""
    return [
        LayerInfo(
            id=r.id,
            title_zh=r.title_zh,
            title_en=r.title_en,
            kind=r.kind,
            count=r.count,
            bounds=(r.west, r.south, r.east, r.north),
            datum=r.datum,
            datum_known=r.datum_known,
            version=r.version,
            attribution=r.attribution,
            bytes=r.bytes,
        )
        for r in session.scalars(select(LayerRow).order_by(LayerRow.id))
    ]


def _replace_areas(session: Session, areas: Sequence[AreaShape]) -> None:
    for district, length in {(area.code[:6], len(area.code)) for area in areas}:
        doomed = in_areas(AreaRow.code, [district]) & (AreaRow.level == length)
        session.execute(delete(AreaRow).where(doomed))
    session.add_all(area_row(area) for area in areas)
    session.flush()


def area_row(area: AreaShape) -> AreaRow:
    """The row of an area."""
    west, south, east, north = area.geometry.bounds
    return AreaRow(
        code=area.code,
        name=area.name,
        name_en=area.name_en,
        level=len(area.code),
        west=west,
        south=south,
        east=east,
        north=north,
        geometry=area.geometry,
    )


class Layers:
    """Layer files by version in a cache folder, and what server halves ask of layers."""

    def __init__(self, database: Database, areas: AreaIndex, folder: Path) -> None:
        self._database, self._areas, self._folder = database, areas, folder
        self._lock = threading.Lock()
        self._loaded: dict[str, LayerPackage] = {}
        self._handlers: list[Callable[[str], None]] = []
        folder.mkdir(parents=True, exist_ok=True)

    def file(self, info: LayerInfo) -> Path:
        """The package's file, written from the database at first use; same version, same bytes."""
        path = self._folder / f"{info.version}.layer"
        with self._lock:
            if not path.exists():
                with self._database.read() as session:
                    pieces = select(LayerContent.data).where(LayerContent.layer_id == info.id)
                    rows = session.scalars(pieces.order_by(LayerContent.piece).execution_options(yield_per=1))
                    _write_whole(path, rows, info.version)
        return path

    def compressed_file(self, info: LayerInfo) -> Path:
        """The package's gzip file."""
        source = self.file(info)
        path = source.with_suffix(".layer.gz")
        with self._lock:
            if not path.exists():
                partial = path.with_suffix(f".{os.getpid()}.part")
                with source.open("rb") as reader, gzip.open(partial, "wb", compresslevel=3) as writer:
                    shutil.copyfileobj(reader, writer, 1 << 20)
                partial.replace(path)
        return path

    def info(self, layer_id: str) -> LayerInfo | None:
        """The layer with this id."""
        return next((i for i in self._infos() if i.id == layer_id), None)

    def load(self, kind: str) -> LayerPackage | None:
        """The package of the first layer of *kind*, memory-mapped, or None."""
        info = self._first(kind)
        if info is None:
            return None
        path = self.file(info)
        with self._lock:
            if info.version not in self._loaded:
                self._loaded = {v: p for v, p in self._loaded.items() if v in self._versions()}
                self._loaded[info.version] = open_package(path)
            return self._loaded[info.version]

    def package(self, info: LayerInfo) -> LayerPackage:
        """The package of one layer, memory-mapped, for one use. Raises LookupError if it was replaced."""
        return open_package(self.file(info))

    def version(self, kind: str) -> str:
        """Version of the first layer of *kind*, empty without one."""
        info = self._first(kind)
        return info.version if info else ""

    def area_at(self, where: LonLat) -> str | None:
        """Code of the smallest area that holds *where*."""
        return self._areas.area_at(where)

    def areas_at(self, places: npt.NDArray[np.float64]) -> list[str]:
        """Codes of the smallest areas that hold each of *places*."""
        return self._areas.areas_at(places)

    def beside(self, code: str) -> frozenset[str]:
        """Codes of the areas of the same level that touch area *code*."""
        return self._areas.beside(code)

    def on_change(self, handler: Callable[[str], None]) -> None:
        """*handler* gets the kind of a layer that was imported anew."""
        self._handlers.append(handler)

    def changed(self, kind: str) -> None:
        """Called when the log tells of a new layer (or of AREAS_CHANGED), on a background thread."""
        self._areas.forget()
        for handler in self._handlers:
            try:
                handler(kind)
            except Exception:
                log.exception("a handler of layer changes failed")

    def drop_stale_files(self) -> None:
        """Remove files of versions that are no more."""
        known = self._versions()
        for path in self._folder.iterdir():
            if path.name.partition(".")[0] not in known:
                path.unlink(missing_ok=True)

    def _infos(self) -> list[LayerInfo]:
        with self._database.read() as session:
            return layer_infos(session)

    def _versions(self) -> set[str]:
        return {info.version for info in self._infos()}

    def _first(self, kind: str) -> LayerInfo | None:
        return next((i for i in self._infos() if i.kind == kind), None)


def _write_whole(path: Path, pieces: Iterable[bytes], version: str) -> None:
    """Write *pieces* to *path*, which appears only when its hash is right."""
    digest = hashlib.sha256()
    with NamedTemporaryFile(dir=path.parent, prefix=f"{path.stem}.", suffix=".part", delete=False) as file:
        partial = Path(file.name)
        try:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
            if digest.hexdigest()[:32] != version:
                raise LookupError(f"layer {version} was replaced meanwhile")
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    partial.replace(path)
