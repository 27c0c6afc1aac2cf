"""The line between two sides of the scene: dragged or moved by keys, with the names of what each side has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from console.map.views.swipe_line import paint_line
from console.map.views.swipe_plate import BELOW_STRIPS, NARROWEST, WIDEST, names_of
from console.model.text import Text
from console.sdk.ui.theming import color
from console.sdk.ui.words import word

BROAD = 40
"""Logical pixels across the strip that takes the pointer: wide enough for a finger."""
STEP, FAST_STEP = 0.02, 0.1
"""Shares of the view that an arrow key moves the line."""


class Divider(QWidget):
    """Stands in *view*, whose size it follows, and says where it is moved to."""

    def __init__(
        self,
        view: QWidget,
        moved: Callable[[float], None],
        held: Callable[[bool], None],
        ended: Callable[[], None],
    ) -> None:
        """*moved*: to a share of the width. *held*: whether it is being dragged."""
        super().__init__(view)
        self._view, self._moved, self._held, self._ended = view, moved, held, ended
        self._share = 0.5
        self.plates = QLabel(view), QLabel(view)
        """Left and right of it."""
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        tip = word("Swipe: drag, or arrow keys (Shift: faster) · Esc: end")
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        for plate in self.plates:
            plate.setTextFormat(Qt.TextFormat.PlainText)
            plate.setWordWrap(True)
            plate.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.installEventFilter(self)
        self._dress()
        self.lower()  # the buttons over the scene stand above it
        self.hide()

    def tell(self, share: float, left: Sequence[Text], right: Sequence[Text]) -> None:
        """Stand at *share* of the width, between layers of these titles."""
        self._share = share
        for plate, titles in zip(self.plates, (left, right), strict=True):
            plate.setText(names_of(titles))
        self.show()
        self._place()

    def leave(self) -> None:
        """There are no sides any more."""
        if self.hasFocus():
            self._view.setFocus()
        for part in (self, *self.plates):
            part.hide()

    def _place(self) -> None:
        view, middle = self._view, round(self._view.width() * self._share)
        self.setGeometry(middle - BROAD // 2, 0, BROAD, view.height())
        for plate, right in zip(self.plates, (False, True), strict=True):
            room = (view.width() - middle if right else middle) - BROAD
            plate.setVisible(bool(plate.text()) and room >= NARROWEST)
            plate.setMaximumWidth(min(room, WIDEST))
            plate.adjustSize()
            x = middle + BROAD // 2 if right else middle - BROAD // 2 - plate.width()
            plate.move(x, BELOW_STRIPS)

    def _dress(self) -> None:
        sheet = (
            f"background:{color('surface.raised')}; color:{color('text')};"
            f"border:1px solid {color('border')}; border-radius:6px; padding:5px 9px; font-size:13px;"
        )
        for plate in self.plates:
            if plate.styleSheet() != sheet:
                plate.setStyleSheet(sheet)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_line(self, color, upright=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._held(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(self.mapTo(self._view, event.position()).x() / max(self._view.width(), 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._move(0.5)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = FAST_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        if event.key() == Qt.Key.Key_Left:
            self._move(self._share - step)
        elif event.key() == Qt.Key.Key_Right:
            self._move(self._share + step)
        elif event.key() == Qt.Key.Key_Escape:
            self._ended()
        else:
            super().keyPressEvent(event)

    def _move(self, share: float) -> None:
        self._moved(min(max(share, 0.0), 1.0))
