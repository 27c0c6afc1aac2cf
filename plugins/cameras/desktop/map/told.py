"""Says that the map shows fewer cameras than there are: what is not there is easily thought not to exist."""

from __future__ import annotations

from console.sdk import Undo
from plugins.cameras.desktop.desk import Desk

REST = 1.0
"""Seconds without another letter before it is said."""


class FilterNotice:
    """Once each time that the list's filter begins to cut the map."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._narrow = desk.filter.narrow
        self._later: Undo = lambda: None
        desk.filtered.connect(self._on_filter)

    def _on_filter(self) -> None:
        narrow = self._desk.filter.narrow
        if narrow and not self._narrow:
            self._later()
            self._later = self._desk.ctx.tasks.later(REST, self._say)
        self._narrow = narrow

    def _say(self) -> None:
        desk, ctx = self._desk, self._desk.ctx
        if not desk.filter.narrow:
            return
        shown, all_ = int(desk.shown(with_view=False).sum()), len(desk.catalogue)
        text = ctx.tr("The map shows {n} of {all} cameras, as their list is filtered", n=shown, all=all_)
        ctx.notify(text, action=(ctx.tr("Show all"), desk.clear_filter), key="onemap.cameras.filter")
