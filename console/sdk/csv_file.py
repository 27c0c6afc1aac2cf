"""Tables as CSV files that spreadsheets open rightly and cannot be tricked with."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run as a formula (OWASP, CSV injection)."""
_NUMBER = re.compile(r"[+-](\d+\.?\d*|\.\d+)")


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write *rows*, UTF-8 with BOM, into a folder that is made if need be. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([_cell(text) for text in row] for row in rows)


def defused(text: str) -> str:
    """*text* in quotes if a spreadsheet would take it for anything but text."""
    return f"'{text}" if text.startswith(_RUNS) else text


def _cell(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else defused(text)
