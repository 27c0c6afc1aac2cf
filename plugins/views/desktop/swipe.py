"""The swipe: started by its command, its other layers chosen in a panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.json_file import JsonFile
from console.sdk.ui import Chips, EmptyState, Page, Section, button, row
from console.sdk.views import MapSwipe
from plugins.views.desktop.layer_list import LayerList

PANEL = "onemap.views.swipe"
SOON = 800
"""Milliseconds after a change until it is written."""


class SwipeDesk(QObject):
    """Starts and ends the swipe, and remembers its line and layers."""

    changed = Signal()
    """It has begun or ended."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._file = JsonFile(ctx, "swipe.json")
        self._kept: dict[str, Any] = {}
        self.swipe: MapSwipe | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._save)
        self._file.load(self._take)
        ctx.commands.bind("onemap.views.toggle_swipe", self.toggle)
        ctx.panels.bind(PANEL, lambda: SwipePanel(ctx, self))

    def toggle(self) -> None:
        """End it, or begin it with its panel beside."""
        if self.swipe is not None:
            self.swipe.remove()
        else:
            self.begin()
            self._ctx.panels.show(PANEL)

    def begin(self) -> None:
        """As it was left; the first time without the data layers, or else without what is live."""
        swipe = self.swipe = self._ctx.map.views.open_swipe()
        if self._kept:
            swipe.restore(self._kept)
        else:
            shown = [entry for entry in swipe.layers.entries() if entry.visible]
            groups = {entry.group for entry in shown}
            for entry in shown:
                if entry.group == ("data" if "data" in groups else "live"):
                    swipe.layers.set_visible(entry.id, False)
        swipe.on_change(self._soon.start)
        swipe.on_end(self._on_end)
        self.changed.emit()

    def _on_end(self) -> None:
        if self.swipe is not None:
            self._save()
            self.swipe = None
            self.changed.emit()

    def _save(self) -> None:
        self._soon.stop()
        if self.swipe is not None:
            self._kept = self.swipe.save()
            self._file.save([self._kept])

    def _take(self, rows: list[Any]) -> None:
        if rows and isinstance(rows[0], dict) and not self._kept:
            self._kept = rows[0]


class SwipePanel(QWidget):
    """Which layers lie behind the line, and how it runs."""

    def __init__(self, ctx: Context, desk: SwipeDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None
        desk.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        swipe, tr = self._desk.swipe, self._ctx.tr
        self._body = self._choices(swipe) if swipe is not None else self._empty(tr)
        self._layout.addWidget(self._body)
        self.setFocusProxy(self._body)

    def _empty(self, tr: Callable[[str], str]) -> QWidget:
        text, hint = tr("No swipe"), tr("Compare two sets of layers on either side of a line.")
        return EmptyState(text, hint, (tr("Begin"), self._desk.begin), "columns")

    def _choices(self, swipe: MapSwipe) -> QWidget:
        tr = self._ctx.tr
        ways = [("upright", tr("Left and right")), ("level", tr("Above and below"))]
        way = Chips(ways, lambda key: swipe.turn(key == "upright"), "upright" if swipe.upright else "level")
        end = button(tr("End"), swipe.remove, "close", tooltip=tr("Esc on the line ends it as well"))
        layers = LayerList(self._ctx, swipe.layers, margins=False)
        return Page(row(way, end), Section(tr("Layers at the right or below")), layers)
