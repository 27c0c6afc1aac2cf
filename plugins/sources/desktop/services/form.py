"""What the user declares about a service: which of its layers, whose datum, and who asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from console.sdk import Context
from console.sdk.ui import button
from plugins.sources.desktop.datum_form import CHOICES, datum_field
from plugins.sources.desktop.services.offers import Offer

ROWS = 8
"""Layers that are seen at once."""
FEATURE_DATUMS = (*CHOICES, ("bd09", "BD-09 (Baidu)"))
Keep = Callable[[dict[str, Any], str, str], None]
"""Gets options, user name and password; the last two go to the keyring."""


class ServiceForm(QWidget):
    """A list with check marks and a filter; the button opens the service anew."""

    def __init__(self, ctx: Context, options: dict[str, Any], offers: Sequence[Offer], keep: Keep) -> None:
        super().__init__()
        self._keep, self._tr = keep, ctx.tr
        tr = ctx.tr
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._layers = QListWidget()
        self._layers.setAccessibleName(tr("Layers"))
        if len(offers) > 1:
            search = QLineEdit(placeholderText=tr("Search layers"), clearButtonEnabled=True)
            search.textChanged.connect(self._narrow)
            form.addRow(search)
            self._fill(offers, options.get("layers", ()))
            form.addRow(self._layers)
        features = bool(offers) and not any(offer.tiles or offer.tilesets for offer in offers)
        choices = FEATURE_DATUMS if features else CHOICES
        self._datum = datum_field(ctx, choices, str(options.get("datum", "")))
        form.addRow(tr("Datum"), self._datum)
        self._user = QLineEdit()
        self._password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self._password.setToolTip(tr("Kept in the system's keyring, in no file"))
        form.addRow(tr("User name"), self._user)
        form.addRow(tr("Password"), self._password)
        form.addRow(button(tr("Open the service so"), self._apply, "refresh", primary=True))
        self._password.returnPressed.connect(self._apply)

    def _fill(self, offers: Sequence[Offer], wanted: Sequence[str]) -> None:
        for offer in offers:
            item = QListWidgetItem(self._title(offer))
            item.setData(Qt.ItemDataRole.UserRole, offer.name)
            item.setToolTip(offer.name)
            on = offer.name in wanted
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self._layers.addItem(item)
        rows = min(len(offers), ROWS)
        self._layers.setFixedHeight(self._layers.sizeHintForRow(0) * rows + 2 * self._layers.frameWidth() + 4)

    def _title(self, offer: Offer) -> str:
        """Tiles are told from features of the same name."""
        if not offer.tilesets:
            return offer.title
        kind = self._tr("Vector tiles") if offer.vector else self._tr("Map tiles")
        return f"{offer.title} · {kind}" if offer.title else kind

    def _items(self) -> list[QListWidgetItem]:
        return [self._layers.item(row) for row in range(self._layers.count())]

    def _narrow(self, text: str) -> None:
        for item in self._items():
            item.setHidden(text.casefold() not in item.text().casefold())

    def _apply(self) -> None:
        chosen = [
            item.data(Qt.ItemDataRole.UserRole)
            for item in self._items()
            if item.checkState() is Qt.CheckState.Checked
        ]
        options: dict[str, Any] = {"layers": chosen} if chosen else {}
        if self._datum.currentData():
            options["datum"] = self._datum.currentData()
        self._keep(options, self._user.text().strip(), self._password.text())
