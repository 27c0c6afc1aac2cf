"""Where the keyboard can go."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def is_stop(widget: QWidget) -> bool:
    """Whether Tab stops at it."""
    policy = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(policy) and widget.isVisible() and widget.isEnabled()


def focus_into(part: QWidget) -> bool:
    """Focus what *part* names, or the first thing in it that takes the Tab key; false if none is in sight."""
    if not part.isVisible():
        return False
    for widget in (part.focusProxy(), *part.findChildren(QWidget)):
        if widget is not None and is_stop(widget):
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False


def holds_focus(part: QWidget) -> bool:
    """Whether the keyboard is in *part*, or would be if its window were the active one."""
    focus = part.window().focusWidget()
    return focus is not None and (focus is part or part.isAncestorOf(focus))
