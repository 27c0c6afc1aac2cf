"""CSV and its like: encoding and delimiter are found out, rows come in chunks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from console.formats.encodings import encoding_of
from console.formats.refusal import refused
from console.formats.sheet import CHUNK, MAX_FEATURES, MAX_FIELDS, MAX_NAME, Chunk, unique
from console.geodata.outcome import Watch

MAX_CELL = 16 << 20
"""Characters of one cell: outlines of large areas are long."""


@dataclass(slots=True)
class DelimitedSheet:
    """Implements ``Sheet``."""

    path: Path
    encoding: str
    delimiter: str
    fields: tuple[str, ...]
    name: str = ""
    geometry: str = ""
    crs: str = ""
    crs_is_default: bool = False
    features: int = -1
    """Not told by the file."""
    beyond: int = field(default=0, init=False)
    missing: int = field(default=0, init=False)

    def chunks(self, watch: Watch) -> Iterator[Chunk]:
        size, taken = max(self.path.stat().st_size, 1), 0
        with self.path.open("rb") as raw:
            text = io.TextIOWrapper(raw, self.encoding, errors="replace", newline="")
            rows = _rows(text, self.delimiter, self.path)
            next(rows)
            while lines := list(islice(rows, min(CHUNK, MAX_FEATURES - taken))):
                taken += len(lines)
                watch.at(raw.tell() / size, self.name)
                yield Chunk(self._columns(lines), None)
            self.beyond = sum(1 for _ in rows)

    def _columns(self, lines: list[list[str]]) -> dict[str, np.ndarray]:
        width = len(self.fields)
        even = [line if len(line) == width else (line + [""] * width)[:width] for line in lines]
        columns = zip(*even, strict=True)
        return {
            name: np.array([*map(str.strip, cells)], object)
            for name, cells in zip(self.fields, columns, strict=True)
        }


def open_delimited(path: Path, encoding: str) -> DelimitedSheet:
    """Look at the head of *path*; *encoding* empty: found out. Raises FileRefused."""
    csv.field_size_limit(MAX_CELL)
    encoding = encoding_of(path, encoding)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = file.read(256 << 10)
    delimiter = _delimiter(head)
    header = next(_rows(io.StringIO(head, newline=""), delimiter, path), [])
    if not header or "\0" in head or max(map(len, header)) > MAX_NAME:
        raise refused(f"{path.name} 不是可读的表格", f"{path.name} is no table that can be read")
    if len(header) > MAX_FIELDS:
        raise refused(
            f"{path.name} 的列过多（超过 {MAX_FIELDS}）", f"{path.name} has more than {MAX_FIELDS} columns"
        )
    return DelimitedSheet(path, encoding, delimiter, unique(header), name=path.stem)


def _rows(text: io.TextIOBase, delimiter: str, path: Path) -> Iterator[list[str]]:
    """Rows that hold anything."""
    try:
        yield from (row for row in csv.reader(text, delimiter=delimiter) if any(map(str.strip, row)))
    except csv.Error as error:
        raise refused(
            f"{path.name} 不是可读的表格：{error}", f"{path.name} is no table that can be read: {error}"
        ) from error


def _delimiter(head: str) -> str:
    """The one that parts the first line the most, outside of quotes."""
    line = next((line for line in head.splitlines() if line.strip()), "")
    bare = "".join(line.split('"')[::2])
    return max(",;\t|", key=bare.count)
