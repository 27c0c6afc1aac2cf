"""The line in which a note for the scene is written: no dialog stands before the view."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from console.sdk import Context
from console.sdk.scene import ScenePlace
from plugins.scene.desktop.measures import Measures

LONGEST = 200


class NoteLine(QLineEdit):
    """Enter puts the note to its place, Escape gives up."""

    def __init__(self, ctx: Context, measures: Measures) -> None:
        super().__init__(maxLength=LONGEST, placeholderText=ctx.tr("Note; Enter puts it there, Esc gives up"))
        self._ctx, self._measures = ctx, measures
        self._place: ScenePlace | None = None
        self.returnPressed.connect(self._on_enter)
        self.hide()

    async def begin(self) -> None:
        """Let the user choose the place, then write."""
        self._place = await self._ctx.scene.pick_place(self._ctx.tr("Click where the note belongs"))
        if self._place is not None:
            self.clear()
            self.show()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _on_enter(self) -> None:
        if self._place is not None:
            self._measures.write(self._place, self.text())
        self.hide()
