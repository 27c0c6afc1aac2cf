"""Where numbers of the grid map come from: live counts, fields of the layer, a table of the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from console.sdk import Context, Severity
from plugins.grids.desktop.overview import Overview
from plugins.grids.desktop.theme_numbers import NUMBERS
from plugins.grids.desktop.theme_tables import Table, TableFault, read_table

FIELD, TABLE = "field:", "table:"
Floats = npt.NDArray[np.float64]


class NumberSource:
    """Numbers by key: one of ``NUMBERS``, ``field:<name>`` or ``table:<column>``."""

    def __init__(self, ctx: Context, overview: Overview) -> None:
        self._ctx, self._overview = ctx, overview
        self._km2: Floats = np.empty(0)
        self._fields: Mapping[str, Floats] = {}
        self.table: Table | None = None
        self.table_path = ""
        """The table that was read last, or tried."""

    def take(self, km2: Floats, fields: Mapping[str, Floats]) -> None:
        """Sizes and fields of the grids (n,) as they were read."""
        self._km2, self._fields = km2, fields

    def offers(self) -> list[tuple[str, str]]:
        """Keys and titles of all numbers that there are."""
        tr = self._ctx.tr
        offered = [(key, tr(number.title)) for key, number in NUMBERS.items()]
        keys = [f"{FIELD}{name}" for name in self._fields]
        keys += [f"{TABLE}{name}" for name in self.table.columns] if self.table else []
        return [*offered, *((key, self.title(key)) for key in keys)]

    def title(self, key: str) -> str:
        """What a number is called."""
        tr = self._ctx.tr
        if key.startswith(FIELD):
            return tr("Layer: {field}", field=key.removeprefix(FIELD))
        if key.startswith(TABLE):
            return tr("Table: {field}", field=key.removeprefix(TABLE))
        return tr(NUMBERS[key].title) if key in NUMBERS else key

    def missing(self, key: str) -> str:
        """Why there is no such number, in the user's words; empty when there is."""
        if key in [offered for offered, _ in self.offers()]:
            return ""
        return self._ctx.tr("There is no such number any more: {title}", title=self.title(key))

    def values(self, key: str, codes: Sequence[str]) -> Floats:
        """(n,) of the grids that the user may see; nan for others, and where there is none."""
        mine, overview = self._overview.tree.nodes, self._overview
        visible = np.array([code in mine for code in codes], bool)
        if key.startswith(FIELD):
            found = self._fields.get(key.removeprefix(FIELD), np.full(len(codes), np.nan))
        elif key.startswith(TABLE):
            column = self.table.columns.get(key.removeprefix(TABLE), {}) if self.table else {}
            found = np.array([column.get(code, np.nan) for code in codes], np.float64)
        elif key in NUMBERS:
            of, pairs = NUMBERS[key].of, zip(codes, self._km2.tolist(), strict=True)
            found = np.array([of(overview, code, km2) for code, km2 in pairs], np.float64)
        else:
            found = np.full(len(codes), np.nan)
        return np.where(visible, found, np.nan)

    async def read_table(self, path: str, codes: Sequence[str]) -> str:
        """Read a table; the key of its first number, empty when it cannot be used, which is told."""
        tr, self.table_path = self._ctx.tr, path
        try:
            table = await self._ctx.tasks.run(read_table, path, codes)
        except TableFault as fault:
            self._tell(tr(str(fault)), Severity.WARNING)
            return ""
        except OSError as error:
            reason = error.strerror or str(error)
            self._tell(tr("The table cannot be read: {reason}", reason=reason), Severity.WARNING)
            return ""
        self.table = table
        text = "{matched} grids have numbers in {name}; {strangers} rows are of no grid here"
        said = tr(text, matched=table.matched, name=table.name, strangers=table.strangers)
        self._tell(said, Severity.INFO)
        return f"{TABLE}{next(iter(table.columns))}"

    def _tell(self, text: str, severity: Severity) -> None:
        self._ctx.notify(text, severity, key="onemap.grids.table")
