"""Controls of forms: boxes of choices, numbers, colours, ramps. They tell what the user did alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QLinearGradient, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QComboBox, QDoubleSpinBox, QFormLayout, QToolButton, QWidget

from console.sdk.ramps import RAMPS, RampKind

RAMP_SIZE = QSize(84, 14)
SWATCH_SIZE = QSize(28, 14)


class Choice(QComboBox):
    """One of some values; tells ``on_change`` what the user chose, never what is shown.

    Values are texts: Qt would give an enumeration back as one.
    """

    def __init__(self, name: str, on_change: Callable[[Any], Any]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self._on_change = on_change
        self.activated.connect(self._tell)

    def _tell(self, at: int) -> None:
        self._on_change(self.itemData(at))

    def offer(self, choices: Iterable[tuple[Any, str]]) -> Choice:
        """These (value, title) pairs from now on; nothing changes when they are the same."""
        wanted = list(choices)
        if wanted != [(self.itemData(at), self.itemText(at)) for at in range(self.count())]:
            self.clear()
            for value, title in wanted:
                self.addItem(title, value)
        return self

    def show_value(self, value: Any) -> None:
        self.setCurrentIndex(self.findData(value))


class Number(QDoubleSpinBox):
    """A number; tells ``on_change`` what the user typed or stepped to."""

    def __init__(
        self,
        name: str,
        on_change: Callable[[float], Any],
        *,
        least: float = 0.0,
        most: float = 40.0,
        step: float = 0.5,
        digits: int = 1,
        suffix: str = "",
    ) -> None:
        super().__init__(minimum=least, maximum=most, singleStep=step, decimals=digits, suffix=suffix)
        self.setAccessibleName(name)
        self.valueChanged.connect(on_change)

    def show_value(self, value: float) -> None:
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)


class ColorButton(QToolButton):
    """A colour; a click opens the chooser beside the work, and the map follows while one chooses."""

    def __init__(self, name: str, on_change: Callable[[str], Any]) -> None:
        super().__init__()
        self._on_change = on_change
        self._color = ""
        self.setIconSize(SWATCH_SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.clicked.connect(self._choose)

    def show_value(self, color: str) -> None:
        """``#rrggbb``."""
        if color != self._color:
            self._color = color
            self.setIcon(QIcon(swatch(color)))

    def _choose(self) -> None:
        choose_color(self, self._color, self._on_change)


def choose_color(parent: QWidget, before: str, on_change: Callable[[str], Any]) -> None:
    """Open the chooser, which stays beside the work: *on_change* gets what is looked at, and at the end
    what was chosen, or the colour *before* again."""
    dialog = QColorDialog(QColor(before), parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setModal(False)

    def tell(color: QColor) -> None:
        on_change(color.name())

    dialog.currentColorChanged.connect(tell)
    dialog.rejected.connect(lambda: on_change(before))
    dialog.show()


class RampChoice(Choice):
    """A colour ramp, shown as what it looks like."""

    def __init__(
        self, name: str, kinds: Iterable[RampKind], language: str, on_change: Callable[[str], Any]
    ) -> None:
        super().__init__(name, on_change)
        wanted = set(kinds)
        self.setIconSize(RAMP_SIZE)
        for key, ramp in RAMPS.items():
            if ramp.kind in wanted:
                self.addItem(QIcon(ramp_picture(key)), ramp.title.get(language), key)


def swatch(color: str) -> QPixmap:
    """A patch of one colour, with an edge, as it may be the colour of the panel."""
    pixmap = QPixmap(SWATCH_SIZE)
    pixmap.fill(QColor(color))
    painter = QPainter(pixmap)
    painter.setPen(QColor("#808890"))
    painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return pixmap


def ramp_picture(name: str) -> QPixmap:
    """A ramp from left to right: flowing, or in steps."""
    ramp, pixmap = RAMPS[name], QPixmap(RAMP_SIZE)
    painter = QPainter(pixmap)
    if ramp.kind is RampKind.QUALITATIVE:
        width = RAMP_SIZE.width() / len(ramp.stops)
        for at, color in enumerate(ramp.stops):
            painter.fillRect(round(at * width), 0, round(width) + 1, RAMP_SIZE.height(), QColor(color))
    else:
        flow = QLinearGradient(0, 0, RAMP_SIZE.width(), 0)
        for at, color in enumerate(ramp.stops):
            flow.setColorAt(at / (len(ramp.stops) - 1), QColor(color))
        painter.fillRect(pixmap.rect(), flow)
    painter.end()
    return pixmap


def form() -> QFormLayout:
    """A form that stands without margins of its own and wraps where a panel is narrow."""
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return layout
