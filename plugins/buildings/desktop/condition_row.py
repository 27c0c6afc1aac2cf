"""One condition of a query as a line of the form: attribute, comparison, value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QToolButton, QWidget

from console.sdk import Context
from console.sdk.layer_data import Field
from console.sdk.ui import icon
from console.sdk.ui.choices import Choice
from plugins.buildings.desktop.query import NUMBER_SIGNS, TEXT_SIGNS, Condition
from plugins.buildings.desktop.words import SIGNS, attribute_text, kind_text


class ConditionRow(QWidget):
    """Enter in the value asks; the cross takes the line out."""

    def __init__(
        self, ctx: Context, ask: Callable[[], object], remove: Callable[[ConditionRow], object]
    ) -> None:
        super().__init__()
        self._ctx = ctx
        self._fields: dict[str, Field] = {}
        tr = ctx.tr
        self._attribute = Choice(tr("Attribute"), lambda _: self._suit())
        self._sign = Choice(tr("Comparison"), lambda _: None)
        self._value = QLineEdit(placeholderText=tr("Value"))
        self._value.setAccessibleName(tr("Value"))
        self._value.returnPressed.connect(ask)
        cross = QToolButton()
        cross.setIcon(icon("close"))
        cross.setToolTip(tr("Take this condition out"))
        cross.setAccessibleName(tr("Take this condition out"))
        cross.clicked.connect(lambda: remove(self))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part, stretch in ((self._attribute, 3), (self._sign, 2), (self._value, 3), (cross, 0)):
            layout.addWidget(part, stretch)
        self.setFocusProxy(self._value)

    def offer(self, fields: Sequence[Field]) -> None:
        """These attributes from now on; the chosen one stays."""
        chosen = self._attribute.currentData() or ("height" if "height" in {f.name for f in fields} else None)
        self._fields = {field.name: field for field in fields}
        self._attribute.offer((field.name, attribute_text(field.name, self._ctx.tr)) for field in fields)
        self._attribute.setCurrentIndex(max(self._attribute.findData(chosen), 0))
        self._suit()

    @property
    def condition(self) -> Condition | None:
        """As it stands; None without an attribute or a value."""
        name, value = self._attribute.currentData(), self._value.text().strip()
        if name not in self._fields or not value:
            return None
        is_text = self._fields[name].type == "text"
        return Condition(name, self._sign.currentData(), self._written(name, value), is_text)

    def show_condition(self, condition: Condition) -> None:
        """Stand as *condition* does."""
        self._attribute.show_value(condition.attribute)
        self._suit()
        self._sign.show_value(condition.sign)
        self._value.setText(self._read(condition.attribute, condition.value))

    def _suit(self) -> None:
        """Comparisons and values that go with the attribute."""
        field = self._fields.get(self._attribute.currentData())
        signs = TEXT_SIGNS if field is not None and field.type == "text" else NUMBER_SIGNS
        self._sign.offer((sign, self._ctx.tr(SIGNS[sign])) for sign in signs)
        values = [] if field is None or field.type != "text" else [str(value) for value, _ in field.common]
        completer = QCompleter([self._read(field.name, value) for value in values] if field else [])
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._value.setCompleter(completer)

    def _read(self, name: str, value: str) -> str:
        """A value as people read it: classes have titles."""
        return kind_text(value, self._ctx.tr) if name == "class" else value

    def _written(self, name: str, value: str) -> str:
        """A value as the layer has it."""
        if name != "class":
            return value
        values = [str(text) for text, _ in self._fields[name].common]
        return next((text for text in values if kind_text(text, self._ctx.tr) == value), value)
