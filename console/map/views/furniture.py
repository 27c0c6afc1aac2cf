"""Widgets on the map: buttons, the strip of a tool, notes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from console.map.live.sprites import Colors, ink_on
from console.map.views.furniture_paint import EDGE
from console.sdk.ui.words import word

BUTTON = 40
"""Logical pixels: large enough for a finger."""


class Furniture:
    """The widgets on the map; ``dress`` follows theme and language."""

    def __init__(
        self,
        view: QWidget,
        zoom_in: Callable[[], None],
        zoom_out: Callable[[], None],
        home: Callable[[], None],
    ) -> None:
        self._view = view
        self._buttons = QFrame(view)
        layout = QVBoxLayout(self._buttons)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._plus = _button("+", zoom_in, layout)
        self._minus = _button("−", zoom_out, layout)
        self._home = _button("⌂", home, layout)
        self.prompt = QLabel(view)
        self.prompt.hide()
        self.note = QLabel(view)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.note.hide()
        self.banner = QLabel(view)
        self.banner.hide()
        self.fault = QLabel(view)
        self.fault.hide()

    def dress(self, colors: Colors) -> None:
        """Colours and texts anew."""
        surface, border = colors("surface.raised"), colors("border")
        plate = f"background:{surface}; color:{colors('text')}; border:1px solid {border}; border-radius:6px;"
        self._buttons.setStyleSheet(
            f"QFrame {{ background: transparent; }} QToolButton {{ {plate} font-size:20px; }}"
            f"QToolButton:hover {{ background:{colors('surface.hover')}; }}"
        )
        self.prompt.setStyleSheet(f"{plate} padding:8px 14px; font-size:13px;")
        self.note.setStyleSheet(f"color:{colors('text.muted')}; font-size:14px; background:transparent;")
        self.banner.setStyleSheet(
            f"background:{colors('warning')}; color:{ink_on(QColor(colors('warning'))).name()};"
            "border-radius:6px; padding:6px 14px; font-size:13px; font-weight:600;"
        )
        self.fault.setStyleSheet(f"{plate} padding:6px 12px; color:{colors('warning')};")
        for button, tip in (
            (self._plus, word("Zoom in (+)")),
            (self._minus, word("Zoom out (-)")),
            (self._home, word("Whole map (Home)")),
        ):
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.note.setText(
            word("No base map yet.") + "\n" + word("Import roads and buildings with “onemap data import”.")
        )
        self.fault.setText(word("The map is drawn late: its drawing process ends again and again."))
        self.place()

    def show_prompt(self, prompt: str, hints: str) -> None:
        """The strip of a tool; an empty prompt hides it."""
        self.prompt.setText(f"<b>{prompt}</b> &nbsp; {hints}")
        self.prompt.setVisible(bool(prompt))
        self.place()

    def show_banner(self, text: str) -> None:
        """What must not be overlooked about all that is shown; empty: nothing."""
        self.banner.setText(text)
        self.banner.setVisible(bool(text))
        self.place()

    def place(self) -> None:
        """Follow the size of the view."""
        width, height = self._view.width(), self._view.height()
        self._buttons.adjustSize()
        self._buttons.move(width - EDGE - BUTTON, height - EDGE - 24 - self._buttons.height())
        room = width - 2 * (EDGE + BUTTON)
        _fit(self.prompt, room)
        low = EDGE + max(self.prompt.height() + 12, 48)
        for label, y in (
            (self.prompt, EDGE),
            (self.banner, low if self.prompt.isVisible() else EDGE),
            (self.fault, low),
            (self.note, height // 2 - 30),
        ):
            _fit(label, room)
            label.move((width - label.width()) // 2, y)


def _fit(label: QLabel, room: int) -> None:
    """As wide as its text; a text wider than *room* pixels goes on in further lines."""
    label.setWordWrap(False)
    label.adjustSize()
    if label.width() > room:
        label.setWordWrap(True)
        label.resize(room, label.heightForWidth(room))


def _button(text: str, handler: Callable[[], None], layout: QVBoxLayout) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setFixedSize(BUTTON, BUTTON)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.clicked.connect(handler)
    layout.addWidget(button)
    return button
