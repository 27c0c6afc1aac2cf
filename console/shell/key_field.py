"""A field that takes a key by pressing it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

_BARE = frozenset({Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr})
_LEAVES = frozenset(
    {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}
)
"""Pressed alone they do what they always do, so that a user of the keyboard is not held here."""
_CLEARS = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})


class KeyField(QLineEdit):
    """Shows the last key pressed; Backspace takes it away, Enter says that it is meant."""

    pressed = Signal(str)
    """The key as ``Ctrl+Alt+P``, empty when it was taken away."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.key = ""

    def show_key(self, key: str) -> None:
        """Show *key* (portable text)."""
        self.key = key
        self.setText(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))

    def event(self, event: QEvent) -> bool:
        """Keys that the window would act upon are for this field."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        alone = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if key in _BARE:
            return
        if alone and key in _LEAVES:
            super().keyPressEvent(event)
        elif alone and key in _CLEARS:
            self._take("")
        else:
            self._take(
                QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
            )

    def _take(self, key: str) -> None:
        self.show_key(key)
        self.pressed.emit(key)
