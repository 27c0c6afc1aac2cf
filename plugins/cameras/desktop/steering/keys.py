"""Keys that move a head, as speeds."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from plugins.cameras.desktop.steering.drive import STILL, Speed

Key = Qt.Key
SLOW, FAST = 0.35, 1.0
"""Parts of the fastest; with Shift."""
ZOOM = 0.6
"""With Shift, too: many keyboards have the plus there."""
TOGGLE = Key.Key_P
"""Takes and lets go."""
MOVES: dict[Qt.Key, Speed] = {
    Key.Key_Left: (-1, 0, 0),
    Key.Key_Right: (1, 0, 0),
    Key.Key_Up: (0, 1, 0),
    Key.Key_Down: (0, -1, 0),
    Key.Key_Plus: (0, 0, 1),
    Key.Key_Equal: (0, 0, 1),
    Key.Key_Minus: (0, 0, -1),
    Key.Key_Underscore: (0, 0, -1),
}
PAD: dict[Qt.Key, Speed] = {
    Key.Key_7: (-1, 1, 0),
    Key.Key_8: (0, 1, 0),
    Key.Key_9: (1, 1, 0),
    Key.Key_4: (-1, 0, 0),
    Key.Key_5: (0, 0, 0),
    Key.Key_6: (1, 0, 0),
    Key.Key_1: (-1, -1, 0),
    Key.Key_2: (0, -1, 0),
    Key.Key_3: (1, -1, 0),
    Key.Key_Home: (-1, 1, 0),
    Key.Key_PageUp: (1, 1, 0),
    Key.Key_End: (-1, -1, 0),
    Key.Key_PageDown: (1, -1, 0),
    Key.Key_Clear: (0, 0, 0),
}
"""With the number pad, with and without its lock."""
DIGITS = (Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_6, Key.Key_7, Key.Key_8, Key.Key_9)
_OTHERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def move_of(event: QKeyEvent) -> Speed | None:
    """The direction that a key stands for."""
    if event.modifiers() & _OTHERS:
        return None
    key = Key(event.key())
    if event.modifiers() & Qt.KeyboardModifier.KeypadModifier and key in PAD:
        return PAD[key]
    return MOVES.get(key)


def preset_of(event: QKeyEvent) -> int | None:
    """Number of the preset that a key stands for, from 0."""
    if event.modifiers() & (_OTHERS | Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
        return None
    key = Key(event.key())
    return 0 if key == Key.Key_Home else DIGITS.index(key) if key in DIGITS else None


def together(moves: list[Speed], fast: bool) -> Speed:
    """Of all keys that are down."""
    if not moves:
        return STILL
    pace = FAST if fast else SLOW
    pan, tilt, zoom = (min(max(sum(each), -1), 1) for each in zip(*moves, strict=True))
    return pan * pace, tilt * pace, zoom * ZOOM
