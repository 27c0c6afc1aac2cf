"""Opens files of pictures: GeoTIFF, COG, and archives of tiles (PMTiles, MBTiles), also of vector tiles.

Archives say nothing of their datum, and many in China hold the shifted tiles of a map of the web.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from console.sdk import Context, Text
from console.sdk.datums import TILES, OwnLayer
from console.sdk.tile_archives import REASONS, TileDatabase, checked_levels, open_pmtiles
from console.sdk.ui.words import word
from plugins.sources.desktop.datum_form import TILE_DATUMS, DatumForm
from plugins.sources.desktop.source import MapHandle, Opened, Report, Source, Unopened, stamp_of

Bounds = tuple[float, float, float, float]
PICTURES = (".tif", ".tiff", ".gtiff")
ARCHIVES = (".pmtiles", ".mbtiles")
MOST_FACTS = 200
"""Lines of metadata that are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file of pictures is."""

    vector: bool
    bounds: Bounds | None
    attribution: str = ""
    datum: str = ""
    known: str = ""
    """As a picture says, or nothing; archives of tiles never say."""


class RasterOpener:
    """Implements ``Opener``."""

    kind = "raster"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def name(self) -> str:
        return self._ctx.tr("Picture")

    def takes(self, where: str) -> bool:
        """By its ending."""
        return "://" not in where and where.lower().endswith((*PICTURES, *ARCHIVES))

    def kept_as(self, where: str) -> str:
        return where

    async def forget(self, source: Source) -> None:
        """Nothing is kept."""

    def title_of(self, where: str) -> str:
        return Path(where).stem or where

    async def stamp(self, source: Source) -> str:
        """Size and time of the file."""
        return await self._ctx.tasks.run(stamp_of, source.where)

    async def open(self, source: Source, report: Report) -> Opened:
        tr = self._ctx.tr
        try:
            found = await self._ctx.tasks.run(look_at, source.where)
        except OSError as error:
            if not await self.stamp(source):
                raise Unopened(tr("There is no such file.")) from error
            text = tr("The file is broken, or no picture with a place on the map.")
            reason = f" {word(str(error))}" if str(error) in REASONS else ""
            raise Unopened(text + reason) from error
        chosen = str(source.options.get("datum", ""))
        if chosen in TILE_DATUMS and _is_archive(source):
            found = replace(found, datum=chosen, known="declared")
        stamp = await self.stamp(source)
        return Opened(
            show=lambda: [self._show(source, found, stamp)],
            datum=found.datum,
            datum_known=found.known,
            bounds=found.bounds,
            ledger=(self._ledger_line(source, found, stamp),),
        )

    def has_form(self, source: Source) -> bool:
        """A picture says itself where it is."""
        return _is_archive(source)

    def form(self, source: Source, apply: Callable[[dict[str, Any]], None]) -> QWidget:
        return DatumForm(self._ctx, source.options, apply)

    def _ledger_line(self, source: Source, found: Found, stamp: str) -> OwnLayer:
        picture = self._ctx.tr("A picture has no places that could be compared: look at it above the roads.")
        return OwnLayer(
            id=_layer_id(source),
            title=source.title,
            origin=source.where,
            datum=found.datum,
            known=found.known,
            version=f"{stamp}:{found.datum}",
            kind=TILES if found.vector else "other",
            may_be=TILE_DATUMS if _is_archive(source) else (),
            why_not="" if found.vector else picture,
        )

    def _show(self, source: Source, found: Found, stamp: str) -> MapHandle:
        layer, title = _layer_id(source), Text(source.title, source.title)
        more: Any = {"version": stamp, "title": title, "attribution": found.attribution}
        if _is_archive(source):
            more["datum"] = found.datum
        if found.vector:
            return self._ctx.map.add_vector_tiles(layer, source.where, **more)
        return self._ctx.map.add_raster(layer, source.where, bounds=found.bounds, **more)


def look_at(where: str) -> Found:
    """For a thread of the pool. Raises OSError."""
    lower = where.lower()
    if lower.endswith(PICTURES):
        return _picture(where)
    try:
        return _mbtiles(where) if lower.endswith(".mbtiles") else _pmtiles(where)
    except OSError:
        raise
    except Exception as error:  # the libraries raise whatever comes of a broken file
        raise OSError(str(error)) from error


def _picture(where: str) -> Found:
    import rasterio
    from rasterio.errors import RasterioError
    from rasterio.warp import transform_bounds

    try:
        with rasterio.open(where, driver="GTiff") as file:
            if file.crs is None:
                return Found(vector=False, bounds=None)
            datum = _datum(file.crs)
            west, south, east, north = transform_bounds(file.crs, "EPSG:4326", *file.bounds)
    except RasterioError as error:
        raise OSError(str(error)) from error
    return Found(vector=False, bounds=(west, south, east, north), datum=datum, known="declared")


def _datum(crs: Any) -> str:
    """Its EPSG code, or what stands for it; Mercator and degrees of the web are WGS84."""
    code = crs.to_epsg()
    return {3857: "wgs84", 4326: "wgs84", 4490: "cgcs2000"}.get(code, f"EPSG:{code}" if code else "wgs84")


def _is_archive(source: Source) -> bool:
    return source.where.lower().endswith(ARCHIVES)


def _layer_id(source: Source) -> str:
    return f"source:{source.id}"


def _mbtiles(where: str) -> Found:
    base = TileDatabase(where)
    with closing(base):
        there = base.ask("SELECT 1 FROM sqlite_master WHERE name = 'metadata'")
        question = "SELECT name, substr(value, 1, 1000) FROM metadata"
        facts = dict(base.ask(question, most=MOST_FACTS)) if there else {}
        first = base.ask("SELECT tile_data FROM tiles")
        checked_levels(
            *base.ask("SELECT coalesce(min(zoom_level), 0), coalesce(max(zoom_level), 0) FROM tiles")[0]
        )
    box = [float(v) for v in str(facts.get("bounds", "")).split(",") if v]
    bounds = (box[0], box[1], box[2], box[3]) if len(box) == 4 else None
    packed = bool(first) and isinstance(first[0][0], bytes) and first[0][0].startswith(b"\x1f\x8b")
    vector = facts.get("format") == "pbf" or packed
    return _archive(vector, bounds, facts.get("attribution"))


def _pmtiles(where: str) -> Found:
    from pmtiles.tile import TileType

    reader = open_pmtiles(where)
    header, facts = reader.header(), reader.metadata()
    west, south, east, north = (
        header[name] / 1e7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
    )
    bounds = (west, south, east, north) if west < east and south < north else None
    return _archive(header["tile_type"] == TileType.MVT, bounds, facts.get("attribution"))


def _archive(vector: bool, bounds: Bounds | None, attribution: object) -> Found:
    return Found(vector, bounds, _plain(str(attribution or "")), "wgs84", "guessed")


def _plain(text: str) -> str:
    """Without the tags that web maps put into their attribution."""

    return " ".join(re.sub(r"<[^>]{0,300}>", " ", text).split())[:200]
