"""Further map windows: one panel each, with what it shows kept from start to start."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer

from console.sdk import Context
from console.sdk.json_file import JsonFile
from console.sdk.views import MOST_PANES, MapPane
from plugins.views.desktop.pane_panel import PanePanel

PANELS = tuple(f"onemap.views.map_{number}" for number in range(2, 2 + MOST_PANES))
SOON = 800
"""Milliseconds after a change until it is written."""


class Panes:
    """Opens them, and remembers place, layers and link of each."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._file = JsonFile(ctx, "panes.json")
        self._kept: dict[str, dict[str, Any]] = {}
        self._open: dict[str, tuple[MapPane, PanePanel]] = {}
        self._soon = QTimer(singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._save)
        self._file.load(self._take)
        ctx.commands.bind("onemap.views.new", self.open_next)
        for panel_id in PANELS:
            ctx.panels.bind(panel_id, lambda panel_id=panel_id: self._make(panel_id))
        ctx.undo(self._soon.stop)

    def open_next(self) -> None:
        """Show the first map window that is not to be seen."""
        for panel_id in PANELS:
            if panel_id not in self._open or not self._open[panel_id][1].isVisible():
                self._ctx.panels.show(panel_id)
                return
        text = self._ctx.tr("All {count} further maps are open", count=MOST_PANES)
        self._ctx.notify(text, key="onemap.views.new")

    def _make(self, panel_id: str) -> PanePanel:
        if panel_id in self._open:
            self._open.pop(panel_id)[0].remove()
        pane = self._ctx.map.views.open_pane()
        if panel_id in self._kept:
            pane.restore(self._kept[panel_id])
        else:
            pane.link(True)
        panel = PanePanel(self._ctx, pane)
        self._open[panel_id] = pane, panel
        pane.on_change(self._soon.start)
        panel.destroyed.connect(lambda: self._on_gone(panel_id, pane))
        return panel

    def _on_gone(self, panel_id: str, pane: MapPane) -> None:
        """Its panel is made anew when it is seen next, as in another language."""
        if panel_id in self._open and self._open[panel_id][0] is pane:
            self._kept[panel_id] = pane.save()
            del self._open[panel_id]

    def _save(self) -> None:
        self._kept |= {panel_id: pane.save() for panel_id, (pane, _) in self._open.items()}
        self._file.save([{"panel": panel_id, **state} for panel_id, state in self._kept.items()])

    def _take(self, rows: list[Any]) -> None:
        """What was kept; panels may be open already."""
        for state in rows:
            panel_id = state.get("panel") if isinstance(state, dict) else None
            if panel_id in PANELS:
                self._kept.setdefault(panel_id, state)
                if panel_id in self._open:
                    self._open[panel_id][0].restore(state)
