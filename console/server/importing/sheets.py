"""Tables of people and things: CSV (UTF-8 or GB 18030) and XLSX, as lines by heading."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyogrio
from pyogrio import raw

MAX_BYTES = 32 << 20


class SheetError(ValueError):
    """The file is no table that can be read."""


def read_sheet(path: Path) -> list[dict[str, str]]:
    """Lines of the first sheet, all values as texts; empty lines are left out. Raises SheetError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SheetError(f"{path.name} 过大 / is too large")
        lines = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path.read_bytes())
    except OSError as error:
        raise SheetError(f"{path.name}: {error.strerror}") from error
    except (csv.Error, UnicodeDecodeError, RuntimeError) as error:
        raise SheetError(f"{path.name} 不是可读的表格 / is no table: {error}") from error
    return [line for line in lines if any(value.strip() for value in line.values())]


def _csv(content: bytes) -> list[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")  # what Chinese spreadsheets write
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="", strict=True)
    return [{str(key): str(value) for key, value in row.items() if key} for row in rows]


def _xlsx(path: Path) -> list[dict[str, str]]:
    """By GDAL; a phone number is a text, though the sheet holds a number."""
    pyogrio.set_gdal_config_options({"OGR_XLSX_HEADERS": "FORCE", "OGR_XLSX_FIELD_TYPES": "STRING"})
    meta, _index, _geometry, columns = raw.read(path, read_geometry=False)
    names = [str(name) for name in meta["fields"]]
    texts = [["" if value is None else str(value) for value in column.tolist()] for column in columns]
    return [dict(zip(names, line, strict=True)) for line in zip(*texts, strict=True)]
