"""Which symbol stands at points: a disc, one of the set, or a drawing of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.sdk import Context, Severity
from console.sdk.drawings import BUILT_IN, OWN, add_own, own_names, own_title, symbol_icon
from console.sdk.safe_svg import SvgError
from console.sdk.symbol_set import KIND_TITLES, SYMBOLS
from console.sdk.ui import ask_files, button
from console.sdk.ui.choices import Choice
from console.sdk.ui.theming import icon
from plugins.styles.desktop.words import FAULTS

KEY = "onemap.styles.symbol"


class SymbolChoice(QWidget):
    """A box of all symbols with their pictures, and a button that takes an SVG file over."""

    def __init__(self, ctx: Context, name: str, on_change: Callable[[str], Any]) -> None:
        super().__init__()
        self._ctx, self._on_change = ctx, on_change
        self._own: Sequence[str] | None = None
        self.setAccessibleName(name)
        self._box = Choice(name, on_change)
        self._box.setMaxVisibleItems(18)
        add = button("", self._ask, icon="plus", tooltip=ctx.tr("Take over an SVG file as a symbol"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box, 1)
        layout.addWidget(add)
        self.setFocusProxy(self._box)

    def show_value(self, name: str) -> None:
        """Empty for a disc."""
        if self._own is None:
            self._own = ()
            self._ctx.tasks.start(self._look())
        self._box.offer(self._offers())
        self._give_pictures()
        self._box.show_value(name)

    def _offers(self) -> Iterator[tuple[str, str]]:
        yield "", self._ctx.tr("Disc")
        for name in self._own or ():
            yield name, own_title(name)
        for name, symbol in SYMBOLS.items():
            kind, title = KIND_TITLES[symbol.kind], symbol.title
            yield name, f"{title.get(self._ctx.language)} · {kind.get(self._ctx.language)}"

    def _give_pictures(self) -> None:
        """Once for each; the set's are drawn when they are seen."""
        for at in range(self._box.count()):
            name = self._box.itemData(at)
            if name and self._box.itemIcon(at).isNull():
                self._box.setItemIcon(at, self._picture(name))

    def _picture(self, name: str) -> QIcon:
        return symbol_icon(name) if name.startswith(OWN) else icon(str(BUILT_IN / f"{name}.svg"))

    async def _look(self) -> None:
        self._own = await self._ctx.tasks.run(own_names)
        self.show_value(self._box.currentData() or "")

    def _ask(self) -> None:
        title = self._ctx.tr("Take over an SVG file as a symbol")
        ask_files(self, title, ["SVG (*.svg)"], lambda paths: self.take(paths[0]))

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
        self._own = await self._ctx.tasks.run(own_names)
        self._on_change(name)
