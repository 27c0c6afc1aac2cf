"""Which format a file is, told by its content; its name decides between plain texts alone."""

from __future__ import annotations

import codecs
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from console.formats.refusal import FileRefused, refused
from console.geodata.formats import Format, UnknownFormat, format_of

HEAD = 64 << 10
"""Bytes looked at."""
_XML_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_XML_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|\s+)*", re.DOTALL)
_DXF = re.compile(rb"\s*(?:999\s*\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION\b")
_TABLES = (".csv", ".txt", ".tsv")


class FileFormat(StrEnum):
    """Formats that are read; the first five are the import's."""

    OSM = Format.OSM
    GEOPACKAGE = Format.GEOPACKAGE
    SHAPEFILE = Format.SHAPEFILE
    FLATGEOBUF = Format.FLATGEOBUF
    GEOJSON = Format.GEOJSON
    KML = "kml"
    KMZ = "kmz"
    DXF = "dxf"
    GML = "gml"
    CSV = "csv"
    XLSX = "xlsx"


NAMES = "GeoPackage, Shapefile, GeoJSON, FlatGeobuf, KML, KMZ, DXF, GML, CSV, XLSX, OpenStreetMap"
_ROOTS = {b"kml": FileFormat.KML, b"osm": FileFormat.OSM, b"FeatureCollection": FileFormat.GML}


def sniff(path: Path) -> FileFormat:
    """Format of *path*. Raises FileRefused or ImportFailed: missing, a folder, empty, unknown."""
    if path.exists() and not path.is_file():
        raise refused(
            f"{path.name} 不是文件；如果是文件夹，请选择其中的文件",
            f"{path.name} is no file: of a folder, choose the files in it",
        )
    try:
        with path.open("rb") as file:
            head = file.read(HEAD).removeprefix(codecs.BOM_UTF8)
    except OSError:
        head = b""  # format_of says why
    found = _zipped(path) if head.startswith(b"PK\x03\x04") else _by_text(path, head)
    if found is not None:
        return found
    try:
        return FileFormat(format_of(path))
    except UnknownFormat as error:
        raise refused(
            f"{path.name} 的格式无法识别（支持 {NAMES.replace(', ', '、')}）",
            f"{path.name} is in no format that can be read ({NAMES})",
        ) from error


def _by_text(path: Path, head: bytes) -> FileFormat | None:
    if head.startswith(b"AutoCAD Binary DXF") or _DXF.match(head):
        return FileFormat.DXF
    if head.lstrip().startswith(b"<"):
        return _xml(path, head)
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head and (utf16 or b"\0" not in head)
    return FileFormat.CSV if text and path.suffix.lower() in _TABLES else None


def _xml(path: Path, head: bytes) -> FileFormat | None:
    """By the root element. A document type could hold entities that swell without end."""
    prolog = _XML_PROLOG.match(head)
    start = prolog.end() if prolog else 0
    if head[start : start + 9].upper() == b"<!DOCTYPE":
        raise refused(
            f"{path.name} 含有 XML 实体声明，出于安全考虑不予打开",
            f"{path.name} declares an XML document type; for safety it is not opened",
        )
    root = _XML_ROOT.match(head, start)
    if root and root.group(1) == b"qgis":
        raise _project(path)
    return _ROOTS.get(root.group(1)) if root else None


def _project(path: Path) -> FileRefused:
    return refused(
        f"{path.name} 是 QGIS 工程：请在 QGIS 面板中打开",
        f"{path.name} is a QGIS project: open it in the panel of QGIS",
    )


def _zipped(path: Path) -> FileFormat:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refused(
            f"{path.name} 已损坏或不完整", f"{path.name} is broken or was cut off: {error}"
        ) from error
    if "xl/workbook.xml" in names:
        return FileFormat.XLSX
    if any(name.lower().endswith(".kml") for name in names):
        return FileFormat.KMZ
    if any(name.lower().endswith(".qgs") for name in names):
        raise _project(path)
    raise refused(
        f"{path.name} 是压缩包：请先解压，再打开其中的文件",
        f"{path.name} is an archive: unpack it first and open the files in it",
    )
