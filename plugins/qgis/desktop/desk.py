"""What both panels share: the project, what was found at a place, what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Identified, QgisError, QgisNode, Shape, ShapeStyle
from console.sdk.records import LonLat

PROJECTS = (".qgz", ".qgs")
MARKER = ShapeStyle(stroke="map.selection", width=2.5, casing="map.symbol_outline")


class QgisDesk(QObject):
    """Acts on ``ctx.qgis`` and says what came of it."""

    changed = Signal()
    """State, tree or what is said."""
    found_changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.said = ""
        """What went wrong last, in the user's words."""
        self.where: LonLat | None = None
        self.found: Sequence[Identified] = ()
        self._marker = ctx.map.add_shapes("onemap.qgis.identified", listed=False)
        ctx.qgis.on_change(self.changed.emit)

    def begin(self) -> None:
        """Show the project of the last time."""
        path = self.ctx.settings.get("project")
        if path and not self.ctx.qgis.project:
            self.open(path)

    def open(self, path: str) -> None:
        """Open a project, or add the layers of any other file."""
        self.ctx.tasks.start(self._open(str(Path(path).expanduser())))

    async def _open(self, path: str) -> None:
        qgis = self.ctx.qgis
        self._say("")
        try:
            if path.lower().endswith(PROJECTS):
                await qgis.open(path)
                self.ctx.settings.set("project", path)
            else:
                await qgis.add(path)
        except QgisError as error:
            self._say(str(error))

    def close_project(self) -> None:
        """Take everything off the map; next time nothing is opened."""
        self.ctx.settings.set("project", "")
        self._say("")
        self.clear_found()
        self.ctx.tasks.start(self._close())

    async def _close(self) -> None:
        try:
            await self.ctx.qgis.close()
        except QgisError as error:
            self._say(str(error))

    async def identify(self) -> None:
        """Let the user click places, one after another, until Escape."""
        self.ctx.panels.show("onemap.qgis.project")
        prompt = self.ctx.tr("Click what you want to know about")
        while (where := await self.ctx.map.pick_point(prompt)) is not None:
            await self._ask(where)

    async def _ask(self, where: LonLat) -> None:
        self._say("")
        self._marker.put("here", Shape(kind="circle", points=(where,), radius=6, style=MARKER))
        try:
            self.where, self.found = where, await self.ctx.qgis.identify(*where)
        except QgisError as error:
            self._say(str(error))
        self.found_changed.emit()

    def clear_found(self) -> None:
        """Forget the answer and take the marker away."""
        self.where, self.found = None, ()
        self._marker.clear()
        self.found_changed.emit()

    def _say(self, text: str) -> None:
        self.said = text
        self.changed.emit()


def layers_in(nodes: Sequence[QgisNode]) -> Iterator[QgisNode]:
    """Layers of a tree without its groups, topmost first."""
    for node in nodes:
        if node.kind != "group":
            yield node
        yield from layers_in(node.children)
