"""The user's areas, fetched once a connection: names, tree, and a box to choose one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter

from console.sdk import Area, Context, OneMapError, Undo
from plugins.grids.desktop.area_tree import AreaTree

EM_SPACE = "\u2003"
RETRY = 10.0
"""Seconds after which a failed fetch is tried again while connected."""


class Directory(QObject):
    """Implements ``plugins.grids.model.Areas``."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._areas: Sequence[Area] = ()
        self.tree = AreaTree()
        self.fault = ""
        """Why there are no areas, in the user's words."""
        ctx.backend.on_connection(self._on_connection)
        if ctx.backend.connected:
            self.fetch()

    def fetch(self) -> None:
        """Ask the backend anew."""
        self._ctx.tasks.start(self._fetch())

    def _on_connection(self, connected: bool) -> None:
        if connected:
            self.fetch()

    def name(self, code: str) -> str:
        """Name of an area in the user's language; its code while names are not known."""
        node = self.tree.nodes.get(code)
        return area_name(node.area, self._ctx.language) if node else code

    def all(self) -> Sequence[Area]:
        """All areas that the user may see."""
        return self._areas

    def picker(self, on_change: Callable[[str], Any]) -> AreaPicker:
        """A box to choose an area."""
        return AreaPicker(self, self._ctx, on_change)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when names became known or changed."""
        self.changed.connect(handler)
        return lambda: self._disconnect(handler)

    def _disconnect(self, handler: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # taken back twice
            self.changed.disconnect(handler)

    async def _fetch(self) -> None:
        try:
            rows = await self._ctx.backend.get("/areas")
        except OneMapError as error:
            self.fault = str(error)
            self._ctx.tasks.later(RETRY, self._retry)
        else:
            self.fault = ""
            self._areas = await self._ctx.tasks.run(areas_from, rows)
            self.tree = await self._ctx.tasks.run(AreaTree, self._areas)
        self.changed.emit()

    def _retry(self) -> None:
        if self.fault and self._ctx.backend.connected:
            self.fetch()


class AreaPicker(QComboBox):
    """All areas, indented by level; typing filters. Choosing nothing known means all."""

    def __init__(self, directory: Directory, ctx: Context, on_change: Callable[[str], Any]) -> None:
        super().__init__()
        self._directory = directory
        self._ctx = ctx
        self._on_change = on_change
        self._codes: list[str] = [""]
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumWidth(170)
        self.setAccessibleName(ctx.tr("Area"))
        self.setToolTip(ctx.tr("Only this area and what lies in it"))
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.activated.connect(self._tell)
        directory.changed.connect(self._fill)
        self._fill()

    @property
    def code(self) -> str:
        """The code chosen; empty for all."""
        return self._codes[max(0, self.currentIndex())]

    def _fill(self) -> None:
        chosen = self.code
        nodes = self._directory.tree.nodes.values()
        self._codes = ["", *(node.area.code for node in nodes)]
        names = [_indented(self._directory, code) for code in self._codes[1:]]
        self.blockSignals(True)
        self.clear()
        self.addItems([self._ctx.tr("All areas"), *names])
        self.setCurrentIndex(self._codes.index(chosen) if chosen in self._codes else 0)
        self.blockSignals(False)

    def _tell(self) -> None:
        self._on_change(self.code)


def area_name(area: Area, language: str) -> str:
    """Name in *language*, where there is one."""
    return (area.name_en if language == "en" else "") or area.name


def areas_from(rows: Sequence[Any]) -> list[Area]:
    """Areas of JSON, by code; raises TypeError, KeyError, ValueError for anything else."""
    areas = [row if isinstance(row, Area) else _area(row) for row in rows]
    return sorted(areas, key=lambda area: area.code)


def _area(row: dict[str, Any]) -> Area:
    west, south, east, north = (float(value) for value in row["bounds"])
    return Area(
        code=str(row["code"]),
        name=str(row["name"]),
        name_en=str(row.get("name_en", "")),
        level=int(row.get("level", 0)),
        bounds=(west, south, east, north),
    )


def _indented(directory: Directory, code: str) -> str:
    depth = len(directory.tree.path(code)) - 1
    return EM_SPACE * depth + directory.name(code)
