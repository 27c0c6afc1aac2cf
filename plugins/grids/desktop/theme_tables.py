"""Numbers of grids out of a table: CSV, joined by the grids' codes. For the worker pool; no Qt."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGEST = 16 << 20
MOST_ROWS = 200_000
MOST_COLUMNS = 500
DELIMITERS = ",;\t|"


class TableFault(ValueError):
    """The file is no table of grids; the text is English and a key of the plugin's texts."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with numbers by the codes of grids."""

    name: str
    columns: dict[str, dict[str, float]]
    matched: int
    """Grids that have a row."""
    strangers: int
    """Rows whose code is no grid's."""


def read_table(path: str, codes: Collection[str]) -> Table:
    """Read a CSV file (UTF-8 or GB 18030). Raises OSError, TableFault."""
    file = Path(path)
    if file.stat().st_size > LARGEST:
        raise TableFault("The table is larger than 16 MB")
    head, rows = _rows(_text(file.read_bytes()))
    known = frozenset(codes)
    at = _code_column(head, rows, known)
    joined = {row[at].strip(): row for row in rows if len(row) > at and row[at].strip() in known}
    columns = {
        name: numbers
        for column, name in enumerate(head)
        if column != at and (numbers := _numbers(joined, column))
    }
    if not columns:
        raise TableFault("The table has no column of numbers")
    return Table(file.stem, columns, len(joined), len(rows) - len(joined))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _rows(text: str) -> tuple[list[str], list[list[str]]]:
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        lines = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise TableFault("The file is no table") from error
    if len(lines) < 2 or len(lines) > MOST_ROWS or len(lines[0]) > MOST_COLUMNS:
        raise TableFault("The file is no table")
    return [name.strip() or f"#{at + 1}" for at, name in enumerate(lines[0])], lines[1:]


def _code_column(head: Sequence[str], rows: Sequence[Sequence[str]], known: frozenset[str]) -> int:
    """The column with the most codes of grids."""
    counts = [sum(len(row) > at and row[at].strip() in known for row in rows) for at in range(len(head))]
    best = max(range(len(head)), key=counts.__getitem__)
    if not counts[best]:
        raise TableFault("No column of the table holds codes of grids")
    return best


def _numbers(rows: dict[str, list[str]], column: int) -> dict[str, float]:
    """Those of the cells that are numbers; 1,234 and 12.5% are."""
    found: dict[str, float] = {}
    for code, row in rows.items():
        value = _number(row[column]) if len(row) > column else None
        if value is not None:
            found[code] = value
    return found


def _number(cell: str) -> float | None:
    text = cell.strip().replace(",", "").removesuffix("%")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
