"""One editor for each type of setting; a table from type to maker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from console.model.manifest import Setting
from console.sdk.ui.words import word

Told = Callable[[Any], None]
_WIDTH = 240


def make_editor(setting: Setting, value: Any, language: str, told: Told) -> QWidget:
    """A widget that shows *value* and calls *told* with each new one."""
    editor = _MAKERS[setting.type](setting, value, language, told)
    editor.setAccessibleName(setting.title.get(language))
    editor.setFixedWidth(_WIDTH)
    return editor


def _bool(setting: Setting, value: Any, language: str, told: Told) -> QWidget:
    box = QCheckBox()
    box.setChecked(value)
    box.toggled.connect(told)
    return box


def _int(setting: Setting, value: Any, language: str, told: Told) -> QWidget:
    box = QSpinBox()
    low, high = setting.range or (-(2**31), 2**31 - 1)
    box.setRange(int(low), int(high))
    box.setSuffix(f" {word(setting.unit)}" if setting.unit else "")
    box.setValue(value)
    box.setKeyboardTracking(False)
    box.valueChanged.connect(told)
    return box


def _float(setting: Setting, value: Any, language: str, told: Told) -> QWidget:
    box = QDoubleSpinBox()
    box.setRange(*(setting.range or (-1e9, 1e9)))
    box.setDecimals(2)
    box.setSuffix(f" {word(setting.unit)}" if setting.unit else "")
    box.setValue(value)
    box.setKeyboardTracking(False)
    box.valueChanged.connect(told)
    return box


def _text(setting: Setting, value: Any, language: str, told: Told) -> QWidget:
    line = QLineEdit(value)
    line.editingFinished.connect(lambda: told(line.text()))
    return line


def _choice(setting: Setting, value: Any, language: str, told: Told) -> QWidget:
    box = QComboBox()
    for choice in setting.choices:
        box.addItem(choice.title.get(language), choice.value)
    box.setCurrentIndex(box.findData(value))
    box.currentIndexChanged.connect(lambda at: told(box.itemData(at)))
    return box


_MAKERS: dict[str, Callable[[Setting, Any, str, Told], QWidget]] = {
    "bool": _bool,
    "int": _int,
    "float": _float,
    "text": _text,
    "choice": _choice,
}
