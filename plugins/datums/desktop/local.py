"""The panel 地方坐标系: datums of the city's own, entered with four and seven parameters."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QLineEdit, QWidget

from console.sdk.records import Helmert, LocalDatum, Rotation, Similarity
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Section, button, row, scrolling
from plugins.datums.desktop.desk import CHANGE, LedgerDesk

FOUR: dict[str, tuple[str, float]] = {
    "dx": ("East, m", 1e8),
    "dy": ("North, m", 1e8),
    "angle": ("Turn, ″", 1_296_000.0),
    "scale": ("Scale, ppm", 1e5),
}
SEVEN: dict[str, tuple[str, float]] = {
    "dx": ("X, m", 5000.0),
    "dy": ("Y, m", 5000.0),
    "dz": ("Z, m", 5000.0),
    "rx": ("Turn about X, ″", 1000.0),
    "ry": ("Turn about Y, ″", 1000.0),
    "rz": ("Turn about Z, ″", 1000.0),
    "scale": ("Scale, ppm", 1000.0),
}
"""Field to title and greatest value."""
ROTATIONS: dict[str, str] = {
    Rotation.POSITION_VECTOR: "Position vector (Bursa-Wolf, EPSG 9606)",
    Rotation.COORDINATE_FRAME: "Coordinate frame (EPSG 9607)",
}


class LocalPanel(Page):
    """The datums above, one of them in a form below."""

    def __init__(self, desk: LedgerDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        hint = tr("Enter the plane of your city's maps below, with the parameters of the surveying office.")
        self._table = RecordTable(
            [
                Column(tr("Name"), lambda local: local.name, 90),
                Column(tr("Title"), lambda local: _title(local, desk.ctx.language)),
            ],
            key=lambda local: local.name,
            empty=EmptyState(tr("No local datum"), hint, icon="settings"),
            name="onemap.datums.local",
        )
        self._table.on_select(lambda _: self._take_selected())
        self._form = _Form(desk)
        self._save = button(tr("Save"), self._on_save, "check", primary=True)
        self._drop = button(tr("Remove"), self._on_drop, "trash")
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("muted")
        self.add(self._table, 1)
        self.add(scrolling(self._form), 3)
        self.add(self._said)
        self.add(row(button(tr("New"), self._clear, "plus"), self._drop, None, self._save))
        self.setFocusProxy(self._table)
        desk.changed.connect(self._show)
        desk.load()
        self._show()

    def _show(self) -> None:
        tr, may = self._desk.ctx.tr, self._desk.may(CHANGE)
        self._table.set_rows(list(self._desk.locals))
        self._save.setEnabled(may)
        self._drop.setEnabled(may and self._table.selected is not None)
        self._said.setText(
            tr("At import it is called local:NAME.") if may else tr("Only administrators change datums.")
        )

    def _take_selected(self) -> None:
        local = self._table.selected
        if local is not None:
            self._form.show_datum(local)
        self._show()

    def _clear(self) -> None:
        self._table.select_key(None)
        self._form.show_datum(None)
        self._form.name.setFocus()
        self._show()

    def _on_save(self) -> None:
        body = self._form.body()
        if body is None:
            self._form.missing().setFocus()
            return
        name = body["name"]
        self._desk.put_local(name, body, lambda: self._table.select_key(name))

    def _on_drop(self) -> None:
        local = self._table.selected
        if local is not None:
            self._desk.drop_local(local.name, self._clear)


class _Form(QWidget):
    """All fields of one datum; parameters that are all nought are none."""

    def __init__(self, desk: LedgerDesk) -> None:
        super().__init__()
        self._tr = tr = desk.ctx.tr
        self.name = _line(tr("1 to 10 small letters, digits, - or _"), 10)
        self._zh, self._en = _line(tr("Chinese title"), 64), _line(tr("English title"), 64)
        self._crs = _line(tr("EPSG:2437, or +proj=tmerc +lon_0=117.2 …"), 4000)
        self._four = {field: _number(tr(title), most) for field, (title, most) in FOUR.items()}
        self._seven = {field: _number(tr(title), most) for field, (title, most) in SEVEN.items()}
        self._rotation = QComboBox()
        self._rotation.setAccessibleName(tr("Rotations are of"))
        for rotation, title in ROTATIONS.items():
            self._rotation.addItem(tr(title), str(rotation))
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        layout.addRow(tr("Name"), self.name)
        layout.addRow(tr("Chinese title"), self._zh)
        layout.addRow(tr("English title"), self._en)
        layout.addRow(tr("Plane (CRS)"), self._crs)
        layout.addRow(Section(tr("Four parameters: from the city's plane onto the CRS")))
        for field in (*self._four.values(),):
            layout.addRow(field.accessibleName(), field)
        layout.addRow(Section(tr("Seven parameters: from the CRS's ellipsoid to WGS 84")))
        for field in (*self._seven.values(), self._rotation):
            layout.addRow(field.accessibleName(), field)
        self.setFocusProxy(self.name)

    def show_datum(self, local: LocalDatum | None) -> None:
        """Fill the fields, or empty them."""
        self.name.setText(local.name if local else "")
        self._zh.setText(local.title_zh if local else "")
        self._en.setText(local.title_en if local else "")
        self._crs.setText(local.crs if local else "")
        four = (local.similarity if local else None) or Similarity()
        seven = (local.helmert if local else None) or Helmert()
        for field, box in self._four.items():
            box.setValue(getattr(four, field))
        for field, box in self._seven.items():
            box.setValue(getattr(seven, field))
        self._rotation.setCurrentIndex(self._rotation.findData(str(seven.rotation)))

    def body(self) -> dict[str, Any] | None:
        """What the backend is sent; None while something is missing."""
        if not (self.name.text().strip() and self._zh.text().strip() and self._crs.text().strip()):
            return None
        four = {field: box.value() for field, box in self._four.items()}
        seven = {field: box.value() for field, box in self._seven.items()}
        return {
            "name": self.name.text().strip(),
            "title_zh": self._zh.text().strip(),
            "title_en": self._en.text().strip() or self._zh.text().strip(),
            "crs": self._crs.text().strip(),
            "similarity": four if any(four.values()) else None,
            "helmert": seven | {"rotation": self._rotation.currentData()} if any(seven.values()) else None,
        }

    def missing(self) -> QLineEdit:
        """The first field that must be filled and is not."""
        fields = (self.name, self._zh, self._crs)
        return next((field for field in fields if not field.text().strip()), self.name)


def _line(hint: str, most: int) -> QLineEdit:
    line = QLineEdit(placeholderText=hint, maxLength=most)
    line.setAccessibleName(hint)
    return line


def _number(title: str, most: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox(minimum=-most, maximum=most, decimals=8)
    box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
    box.setAccessibleName(title)
    return box


def _title(local: LocalDatum, language: str) -> str:
    return local.title_zh if language == "zh_CN" else local.title_en
