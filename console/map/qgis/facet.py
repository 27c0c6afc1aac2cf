"""What plugins see of QGIS: implements ``console.sdk.qgis.Qgis``. For the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from console.map.layers.layer_tree import Slot
from console.map.listeners import Listeners
from console.map.live.picture_layer import PictureLayer
from console.map.qgis.client import QgisClient
from console.map.qgis.drawings import Drawings
from console.map.qgis.messages import (
    Add,
    Algorithms,
    Answer,
    Asks,
    Found,
    Identify,
    ListAlgorithms,
    Open,
    ProjectIs,
    Ran,
    Run,
)
from console.map.qgis.tree import ProjectTree
from console.map.qgis.words import failure
from console.map.viewport import EARTH_CIRCUMFERENCE
from console.model.coordinates import to_mercator
from console.model.text import Text
from console.sdk.errors import QgisError
from console.sdk.map import Identified, Undo
from console.sdk.qgis import QgisAlgorithm, QgisNode, QgisResult, QgisState
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from console.map.views.view import MapView

A = TypeVar("A", bound=Answer)
LAYER = "qgis"
TITLE = Text(zh_CN="QGIS 工程", en="QGIS project")
REACH = 6.0
"""Logical pixels around a place within which features are found."""
log = logging.getLogger(__name__)


class QgisFacet:
    """One project, drawn as one layer of the map; *results* is the folder for what tools make."""

    def __init__(self, view: MapView, client: QgisClient, results: Path) -> None:
        self._view = view
        self._client = client
        self._results = results
        self._tree = ProjectTree()
        self._added: list[tuple[str, str]] = []
        self._algorithms: Sequence[QgisAlgorithm] = ()
        self._layer: PictureLayer | None = None
        self._drawings: Drawings | None = None
        self._changed: Listeners[[]] = Listeners()
        self.project = ""
        client.changed.connect(self._on_state)
        client.ready.connect(self._on_ready)

    # ---- state ----

    @property
    def state(self) -> QgisState:
        return self._client.state

    @property
    def state_text(self) -> str:
        return self._client.state_text

    @property
    def tree(self) -> Sequence[QgisNode]:
        return self._tree.nodes

    def on_change(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)

    def start(self) -> None:
        self._client.start()

    def restart(self) -> None:
        self._client.restart()

    def end(self) -> None:
        """With the console: take everything down."""
        self._take_layer()
        self._client.close()

    def _on_state(self) -> None:
        broken = self.state in (QgisState.BROKEN, QgisState.ABSENT)
        self._view.tree.set_state(LAYER, self.state_text if broken else "")
        self._changed.fire()

    def _on_ready(self) -> None:
        """A worker that was started again gets the project as it was."""
        self._algorithms = ()
        if self.project or self._added:
            self._client.ask(Open(path=self.project, added=self._added)).add_done_callback(self._on_reopened)

    def _on_reopened(self, done: Any) -> None:
        error = None if done.cancelled() else done.exception()
        if error is not None:
            log.warning("the project could not be opened again: %s", error)
            self._view.tree.set_state(LAYER, str(error))
        elif not done.cancelled():
            self._take(done.result())

    # ---- the project ----

    def open(self, path: str) -> Awaitable[None]:
        return self._open(path)

    async def _open(self, path: str) -> None:
        try:
            answer = await self._asked(Open(path=path), ProjectIs)
        except QgisError as error:
            if error.code == "unreadable":
                self._on_ready()  # the one before stays
            raise
        self.project = path
        self._added.clear()
        self._tree.clear()
        self._take(answer)

    def add(self, path: str, title: str = "") -> Awaitable[Sequence[str]]:
        return self._add(path, title or Path(path).stem)

    async def _add(self, path: str, title: str) -> Sequence[str]:
        answer = await self._asked(Add(path=path, title=title), ProjectIs)
        self._added.append((path, title))
        self._take(answer)
        return answer.added

    def close(self) -> Awaitable[None]:
        return self._close()

    async def _close(self) -> None:
        self.project = ""
        self._added.clear()
        self._tree.clear()
        self._take_layer()
        self._changed.fire()
        if self.state is QgisState.READY:
            await self._asked(Open(path=""), ProjectIs)

    def set_checked(self, node_id: str, checked: bool) -> None:
        self._tree.set_checked(node_id, checked)
        if self._drawings is not None:
            self._drawings.look()
        self._changed.fire()

    def _take(self, project: ProjectIs) -> None:
        self._tree.take(project)
        if self._layer is None:
            self._layer = PictureLayer(LAYER, self._view)
            self._view.tree.add(Slot(LAYER, TITLE, "data", self._layer))
            self._drawings = Drawings(self._view, self._client, self._layer, self._tree.shown)
        assert self._drawings is not None
        self._drawings.renew()
        self._changed.fire()

    def _take_layer(self) -> None:
        """Off the map."""
        if self._drawings is not None and self._layer is not None:
            self._drawings.close()
            self._layer.remove()
        self._drawings = self._layer = None

    # ---- questions ----

    def identify(self, lon: float, lat: float) -> Awaitable[list[Identified]]:
        return self._identify(lon, lat)

    async def _identify(self, lon: float, lat: float) -> list[Identified]:
        layers = self._tree.shown()
        if not layers:
            return []
        x, y = to_mercator(np.array([lon]), np.array([lat]))
        reach = REACH * EARTH_CIRCUMFERENCE / self._view.viewport.scale
        request = Identify(x=float(x[0]), y=float(y[0]), reach=reach, layers=layers)
        found = await self._asked(request, Found)
        titles = {layer: self._tree.title_of(layer) for layer in layers}
        return [
            Identified(
                layer=feature.layer,
                layer_title=Text(titles[feature.layer], titles[feature.layer]),
                title=feature.title,
                attributes=feature.attributes,
                where=(lon, lat),
            )
            for feature in found.features
        ]

    def algorithms(self) -> Awaitable[Sequence[QgisAlgorithm]]:
        return self._list_algorithms()

    async def _list_algorithms(self) -> Sequence[QgisAlgorithm]:
        if not self._algorithms:
            self._algorithms = (await self._asked(ListAlgorithms(), Algorithms)).algorithms
        return self._algorithms

    def run(
        self,
        algorithm: str,
        values: Mapping[str, Any],
        on_progress: Callable[[float], None] | None = None,
        title: str = "",
    ) -> Awaitable[QgisResult]:
        return self._run(
            Run(algorithm=algorithm, values=dict(values), folder=str(self._results)), on_progress, title
        )

    async def _run(self, request: Run, on_progress: Callable[[float], None] | None, title: str) -> QgisResult:
        ran = await self._asked(request, Ran, on_progress)
        layers: list[str] = []
        for path, name in ran.layers:
            layers += await self._add(path, title or name)
        return QgisResult(
            files=[path for path, _ in ran.layers], layers=layers, values=ran.values, log=ran.log
        )

    async def _asked(
        self, request: Asks, kind: type[A], on_progress: Callable[[float], None] | None = None
    ) -> A:
        answer = await Pending(self._client.ask(request, on_progress))
        if not isinstance(answer, kind):
            raise failure("garbled")
        return answer
