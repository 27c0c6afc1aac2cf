"""Whose datum tiles are in: a field of its own for archives, and part of the form of services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from console.sdk import Context
from console.sdk.ui import button

CHOICES = (("", "WGS84 or CGCS2000"), ("gcj02", "GCJ-02 (shifted)"))
"""Of tiles, with English source texts."""
TILE_DATUMS = ("wgs84", "gcj02")
"""Datums that tiles can be put right from, as they are drawn."""


def datum_field(ctx: Context, choices: tuple[tuple[str, str], ...], declared: str) -> QComboBox:
    """With what is declared chosen, also when it is none of *choices*, as the datum ledger may find."""
    field = QComboBox()
    field.setAccessibleName(ctx.tr("Datum"))
    for value, text in choices:
        field.addItem(ctx.tr(text), value)
    if field.findData(declared) < 0 and declared != "wgs84":
        field.addItem(declared, declared)
    field.setCurrentIndex(max(field.findData(declared), 0))
    return field


class DatumForm(QWidget):
    """The button opens the archive anew."""

    def __init__(
        self, ctx: Context, options: dict[str, Any], apply: Callable[[dict[str, Any]], None]
    ) -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        self._datum = datum_field(ctx, CHOICES, str(options.get("datum", "")))
        self._apply = apply
        form.addRow(ctx.tr("Datum"), self._datum)
        form.addRow(button(ctx.tr("Read the file so"), self._use, "refresh", primary=True))

    def _use(self) -> None:
        datum = self._datum.currentData()
        self._apply({"datum": datum} if datum else {})
