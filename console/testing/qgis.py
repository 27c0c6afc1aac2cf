"""A QGIS that opens everything and draws nothing, for tests of plugins on machines without one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from console.plugin_host.listeners import Listeners
from console.sdk import Identified, QgisAlgorithm, QgisNode, QgisResult, QgisState, Undo
from console.tasks.pending import settled


class MemoryQgis:
    """Implements ``Qgis``. What it is to answer is set: ``tree``, ``found``, ``tools``, ``result``."""

    def __init__(self) -> None:
        self.state = QgisState.READY
        self.state_text = "QGIS"
        self.project = ""
        self.tree: Sequence[QgisNode] = ()
        self.added: list[tuple[str, str]] = []
        self.checked: dict[str, bool] = {}
        self.found: list[Identified] = []
        self.tools: Sequence[QgisAlgorithm] = ()
        self.result = QgisResult()
        self.runs: list[tuple[str, Mapping[str, Any]]] = []
        self._changed: Listeners[[]] = Listeners()

    def on_change(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)

    def start(self) -> None:
        self._changed.fire()

    def restart(self) -> None:
        self._changed.fire()

    def open(self, path: str) -> Awaitable[None]:
        self.project = path
        self._changed.fire()
        return settled(None)

    def add(self, path: str, title: str = "") -> Awaitable[Sequence[str]]:
        self.added.append((path, title))
        self._changed.fire()
        return settled([path])

    def close(self) -> Awaitable[None]:
        self.project, self.tree = "", ()
        self.added.clear()
        self._changed.fire()
        return settled(None)

    def set_checked(self, node_id: str, checked: bool) -> None:
        self.checked[node_id] = checked
        self._changed.fire()

    def identify(self, lon: float, lat: float) -> Awaitable[list[Identified]]:
        return settled(self.found)

    def algorithms(self) -> Awaitable[Sequence[QgisAlgorithm]]:
        return settled(self.tools)

    def run(
        self,
        algorithm: str,
        values: Mapping[str, Any],
        on_progress: Callable[[float], None] | None = None,
        title: str = "",
    ) -> Awaitable[QgisResult]:
        self.runs.append((algorithm, values))
        return settled(self.result)
