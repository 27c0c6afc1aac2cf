"""The user's areas, fetched once a connection: names, tree, and what pickers offer."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import Area, Context, OneMapError, Undo
from plugins.grids.desktop.area_tree import AreaTree
from plugins.grids.desktop.kept import read_areas, write_areas
from plugins.grids.desktop.picker import AreaPicker, Choices, indented_names

AREA_KINDS = ("grid", "boundary")
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
        self._choices = Choices(ctx.tr("All areas"))
        self.fault = ""
        """Why there are no areas, in the user's words."""
        self._versions: dict[str, str] = {}
        """Of the map's layers of areas: when one is another, so are the areas."""
        ctx.map.layers.on_change(self._on_layers)
        ctx.backend.on_connection(self._on_connection)
        if ctx.backend.connected:
            self.fetch()
        else:
            ctx.tasks.start(self._recall())

    def fetch(self) -> None:
        """Ask the backend anew."""
        self._ctx.tasks.start(self._fetch())

    def _on_connection(self, connected: bool) -> None:
        if connected:
            self.fetch()

    def _on_layers(self) -> None:
        """Grids were changed by somebody, or imported anew."""
        layers = self._ctx.map.layers
        files = {e.id: layers.files(e.id) for e in layers.entries() if e.kind in AREA_KINDS}
        versions = {layer: file.version for layer, file in files.items() if file is not None}
        known, self._versions = self._versions, versions
        if known and versions != known and self._ctx.backend.connected:
            self.fetch()

    def name(self, code: str) -> str:
        """Name of an area in the user's language; its code while names are not known."""
        node = self.tree.nodes.get(code)
        return node.area.name_in(self._ctx.language) if node else code

    def all(self) -> Sequence[Area]:
        """All areas that the user may see."""
        return self._areas

    def picker(self, on_change: Callable[[str], Any]) -> AreaPicker:
        """A box to choose an area."""
        if self._choices.language != self._ctx.language:
            self._offer(indented_names(self.tree, self._ctx.language))
        return AreaPicker(self._choices, self._ctx, on_change)

    def _offer(self, names: list[str]) -> None:
        ctx = self._ctx
        self._choices.set(ctx.language, ctx.tr("All areas"), list(self.tree.nodes), names)

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
            await self._take(await self._ctx.tasks.run(areas_from, rows))
            await self._keep()
        self.changed.emit()

    async def _take(self, areas: Sequence[Area]) -> None:
        self._areas = areas
        self.tree = await self._ctx.tasks.run(AreaTree, areas)
        self._offer(await self._ctx.tasks.run(indented_names, self.tree, self._ctx.language))

    async def _recall(self) -> None:
        """Names from the last time, until the backend tells them."""
        path = self._path()
        areas = await self._ctx.tasks.run(read_areas, path) if path else []
        if areas and not self._areas:
            await self._take(areas)
            self.changed.emit()

    async def _keep(self) -> None:
        path = self._path()
        try:
            if path:
                await self._ctx.tasks.run(write_areas, path, self._areas)
        except OSError as error:
            self._ctx.log.warning("names of areas cannot be kept: %s", error)

    def _path(self) -> Path | None:
        """Of this user alone: others have other areas."""
        user = self._ctx.backend.user
        return Path(self._ctx.data_dir()) / f"areas-{user.id}.json" if user else None

    def _retry(self) -> None:
        if self.fault and self._ctx.backend.connected:
            self.fetch()


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
