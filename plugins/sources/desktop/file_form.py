"""What the user can declare about a file: sublayers, datum, encoding, columns of coordinates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QListWidget, QListWidgetItem, QWidget

from console.sdk import Context
from console.sdk.datums import LOCAL
from console.sdk.files import Sublayer
from console.sdk.ui import button
from plugins.sources.desktop.local_datums import definition_in, known_locals, on_locals, title_of
from plugins.sources.desktop.words import DATUMS, zone_text

_ZONES = range(75, 136, 3)
"""Middle meridians of the 3-degree zones of CGCS2000, in degrees east: EPSG:4534 and on."""
_FIRST_ZONE = 4534
_ENCODINGS = ("UTF-8", "GB18030", "Big5")
_AFTER = 1 + len(DATUMS)
"""Row of the datums of the city's own: below those that everybody has."""
_ROWS = 5
"""Sublayers that are seen at once."""


class FileForm(QWidget):
    """Fields with what is declared; the button reads the file anew."""

    def __init__(
        self,
        ctx: Context,
        options: dict[str, Any],
        sublayers: Sequence[Sublayer],
        apply: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__()
        self._ctx = ctx
        self._fields: dict[str, QComboBox] = {}
        self._sublayers: QListWidget | None = None
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        tr = ctx.tr
        if len(sublayers) > 1:
            self._add_sublayers(sublayers, options.get("sublayers", ()))
        self._add("datum", tr("Datum"), tr("As the file says"), self._datums(), options)
        self._offer_locals(options)
        undo = on_locals(ctx, lambda: self._offer_locals({}))
        self.destroyed.connect(lambda: undo())
        tables = [sublayer for sublayer in sublayers if not sublayer.geometry]
        if tables:
            names = list(dict.fromkeys(name for table in tables for name in table.fields))
            columns = [(name, name) for name in names]
            guess = tr("Found by its name")
            self._add("x", tr("Longitude or X"), guess, columns, options)
            self._add("y", tr("Latitude or Y"), guess, columns, options)
            self._add("wkt", tr("Geometry as WKT"), tr("None"), columns, options)
        encodings = [(name, name) for name in _ENCODINGS]
        self._add("encoding", tr("Encoding"), tr("Found out"), encodings, options)
        self._form.addRow(
            button(tr("Read the file so"), lambda: apply(self.options), "refresh", primary=True)
        )

    @property
    def options(self) -> dict[str, Any]:
        """What is chosen; what is left to the file is not in it."""
        chosen: dict[str, Any] = {
            name: _value(combo) for name, combo in self._fields.items() if _value(combo)
        }
        if self._sublayers is not None:
            items = [self._sublayers.item(row) for row in range(self._sublayers.count())]
            wanted = [
                i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() is Qt.CheckState.Checked
            ]
            if 0 < len(wanted) < len(items):
                chosen["sublayers"] = wanted
        return chosen

    def _add(
        self, name: str, title: str, default: str, choices: Sequence[tuple[str, str]], options: dict[str, Any]
    ) -> None:
        combo = QComboBox(editable=name in ("datum", "encoding"))
        combo.addItem(default, "")
        for value, text in choices:
            combo.addItem(text, value)
        combo.setAccessibleName(title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(12)
        declared = str(options.get(name, ""))
        at = combo.findData(declared)
        if at >= 0:
            combo.setCurrentIndex(at)
        elif combo.isEditable():
            combo.setEditText(declared)
        self._fields[name] = combo
        self._form.addRow(title, combo)

    def _add_sublayers(self, sublayers: Sequence[Sublayer], wanted: Sequence[str]) -> None:
        rows = QListWidget()
        rows.setAccessibleName(self._ctx.tr("Sublayers"))
        for sublayer in sublayers:
            item = QListWidgetItem(f"{sublayer.title.get(self._ctx.language)} ({sublayer.features:,})")
            item.setData(Qt.ItemDataRole.UserRole, sublayer.name)
            on = not wanted or sublayer.name in wanted
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            item.setToolTip(" · ".join(filter(None, (sublayer.geometry, sublayer.crs))))
            rows.addItem(item)
        rows.setFixedHeight(rows.sizeHintForRow(0) * min(len(sublayers), _ROWS) + 2 * rows.frameWidth() + 4)
        self._sublayers = rows
        self._form.addRow(self._ctx.tr("Sublayers"), rows)

    def _datums(self) -> list[tuple[str, str]]:
        tr = self._ctx.tr
        zones = [(f"EPSG:{_FIRST_ZONE + at}", zone_text(middle, tr)) for at, middle in enumerate(_ZONES)]
        return [(name, tr(text)) for name, text in DATUMS.items()] + zones

    def _offer_locals(self, options: dict[str, Any]) -> None:
        """Datums of the city's own, as soon as they are known; the one declared is chosen."""
        combo = self._fields["datum"]
        kept = definition_in(options)
        for local in [*known_locals(self._ctx), *([kept] if kept else [])]:
            name = LOCAL + local.name
            if combo.findData(name) < 0:
                combo.insertItem(_AFTER, title_of(local, self._ctx.language), name)
            if options.get("datum") == name:
                combo.setCurrentIndex(combo.findData(name))


def _value(combo: QComboBox) -> str:
    """The choice, or what was typed instead."""
    typed = combo.currentText().strip()
    at = combo.findText(typed)
    return typed if at < 0 else str(combo.itemData(at))
