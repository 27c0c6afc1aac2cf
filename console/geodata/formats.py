"""Which format a file is, told by its first bytes: GDAL would open what it likes."""

from __future__ import annotations

import codecs
from enum import StrEnum
from pathlib import Path

from console.geodata.outcome import ImportFailed


class UnknownFormat(ImportFailed):
    """The file is in none of the formats."""


class Format(StrEnum):
    """Formats that an import takes."""

    OSM = "osm"
    GEOPACKAGE = "gpkg"
    SHAPEFILE = "shp"
    FLATGEOBUF = "fgb"
    GEOJSON = "geojson"


_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"SQLite format 3\0", Format.GEOPACKAGE),
    (b"fgb\x03", Format.FLATGEOBUF),
    (b"\x00\x00\x27\x0a", Format.SHAPEFILE),
)
_OSM_ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2", ".osm.xml")
_GEOJSON_ENDINGS = (".geojson", ".json")


def format_of(path: Path) -> Format:
    """Format of *path*. Raises ImportFailed if it is missing, empty or incomplete, UnknownFormat."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise ImportFailed(
            f"{path.name} cannot be read: {error.strerror}", f"无法读取 {path.name}:{error.strerror}"
        ) from error
    if not head:
        raise ImportFailed(f"{path.name} is empty", f"{path.name} 是空文件")
    found = next((form for magic, form in _MAGIC if head.startswith(magic)), None)
    if found is Format.SHAPEFILE:
        _require_companions(path)
    name = path.name.lower()
    if found is None and name.endswith(_OSM_ENDINGS):
        found = Format.OSM
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if found is None and name.endswith(_GEOJSON_ENDINGS) and text.startswith(b"{"):
        found = Format.GEOJSON
    if found is None:
        raise UnknownFormat(
            f"{path.name} is in no known format (OSM pbf/xml, GeoPackage, Shapefile, GeoJSON, FlatGeobuf)",
            f"{path.name} 的格式无法识别(支持 OSM pbf/xml、GeoPackage、Shapefile、GeoJSON、FlatGeobuf)",
        )
    return found


def companion(path: Path, suffix: str) -> Path | None:
    """The file beside *path* with *suffix*, in either case, or None."""
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.exists():
            return candidate
    return None


def _require_companions(path: Path) -> None:
    missing = [s for s in (".shx", ".dbf") if companion(path, s) is None]
    if missing:
        names = ", ".join(path.with_suffix(s).name for s in missing)
        raise ImportFailed(
            f"{path.name} lacks {names}: copy all files of the shapefile",
            f"{path.name} 缺少 {names}:请把 Shapefile 的全部文件一起复制",
        )


def shapefile_encoding(path: Path) -> str | None:
    """Encoding of the .dbf when no .cpg tells it: UTF-8 or GB18030; None leaves it to the .cpg."""
    if companion(path, ".cpg"):
        return None
    table = companion(path, ".dbf")
    body = table.read_bytes()[:4_000_000] if table else b""
    # cells are cut at fixed widths, so a few torn characters say nothing
    torn = body.decode("utf-8", "replace").count("\ufffd")
    beyond_ascii = sum(byte > 127 for byte in body[:200_000])
    return "UTF-8" if torn * 20 <= beyond_ascii else "GB18030"
