"""Which symbol stands at points: a disc, one of the set, or a drawing of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from console.sdk import Context, Severity
from console.sdk.drawings import add_own, own_names
from console.sdk.safe_svg import SvgError
from console.sdk.ui import button
from console.sdk.ui.symbol_choice import SymbolChoice
from plugins.styles.desktop.words import FAULTS

KEY = "onemap.styles.symbol"


class SymbolField(QWidget):
    """The choice of all symbols, and a button that takes an SVG file over."""

    def __init__(self, ctx: Context, name: str, on_change: Callable[[str], Any]) -> None:
        super().__init__()
        self._ctx, self._on_change = ctx, on_change
        self._looked = False
        self.setAccessibleName(name)
        self._box = SymbolChoice(name, on_change, ctx.tr("Disc"))
        add = button("", self._ask, icon="plus", tooltip=ctx.tr("Take over an SVG file as a symbol"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box, 1)
        layout.addWidget(add)
        self.setFocusProxy(self._box)

    def show_value(self, name: str) -> None:
        """Empty for a disc."""
        if not self._looked:
            self._looked = True
            self._ctx.tasks.start(self._look(name))
        self._box.show_value(name)

    async def _look(self, name: str) -> None:
        """The user's own are there a moment later; *name* may be one of them."""
        self._box.offer_own(await self._ctx.tasks.run(own_names))
        if not self._box.currentData():
            self._box.show_value(name)

    def _ask(self) -> None:
        dialog = QFileDialog(self, self._ctx.tr("Take over an SVG file as a symbol"))
        dialog.setNameFilter("SVG (*.svg)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, path: str) -> None:
        """Take the file over, and choose it; says why when it cannot be."""
        self._ctx.tasks.start(self._take(path))

    async def _take(self, path: str) -> None:
        tr = self._ctx.tr
        try:
            name = await self._ctx.tasks.run(add_own, path)
        except (OSError, SvgError) as error:
            reason = tr(FAULTS[error.fault]) if isinstance(error, SvgError) else error
            text = tr("The drawing was not taken: {reason}", reason=reason)
            self._ctx.notify(text, Severity.WARNING, key=KEY)
            return
        self._box.offer_own(await self._ctx.tasks.run(own_names))
        self._on_change(name)
