"""The router ``embedded``: the present road layer, loaded once and prepared in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from console.sdk.records import Means
from console.sdk.server import NoRoads, Router, ServerContext
from plugins.dispatch.server.routing.asked import Answer, AskedRouter
from plugins.dispatch.server.routing.graph import Ints, RoadGraph, build_graph
from plugins.dispatch.server.routing.node_order import order_crossings
from plugins.dispatch.server.routing.router import EmbeddedRouter
from plugins.dispatch.server.tables import NodeOrderRow


class Roads(AskedRouter):
    """A ``Router`` that follows the imported road layer."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._router: EmbeddedRouter | None = None

    def _ask(self, question: Callable[[Router], Answer]) -> Answer:
        return question(self.router())

    def router(self) -> EmbeddedRouter:
        """The router of the present layer. Raises NoRoads."""
        with self._lock:
            if self._router is None:
                self._router = self._load()
            return self._router

    def layer_changed(self, kind: str) -> None:
        """Forget the graph when roads are imported anew, and prepare the next one."""
        if kind == "road":
            with self._lock:
                self._router = None
            self.warm_up()

    def warm_up(self) -> None:
        """Load the graph in the background, so that the first question need not wait."""
        threading.Thread(target=self._warm_up, name="roads", daemon=True).start()

    def _warm_up(self) -> None:
        try:
            router = self.router()
        except NoRoads:
            return
        for means in (Means.FOOT, Means.BICYCLE, Means.CAR):
            router.prepare(means)

    def _load(self) -> EmbeddedRouter:
        version = self._server.layers.version("road")
        layer = self._server.layers.load("road")
        if layer is None or len(layer) == 0:
            raise NoRoads("no road layer has been imported")
        graph = build_graph(layer)
        router = EmbeddedRouter.of(graph)
        threading.Thread(
            target=self._add_hierarchies, args=(router, version), name="road order", daemon=True
        ).start()
        return router

    def _add_hierarchies(self, router: EmbeddedRouter, version: str) -> None:
        """Give *router* its hierarchies; without them it goes on with Dijkstra."""
        try:
            router.use(self._crossings(router.graph, version))
        except Exception:
            self._server.log.exception("no order of the road graph; ranking goes on, slower")

    def _crossings(self, graph: RoadGraph, version: str) -> Ints:
        """The kept order of this version of the roads, or a new one."""
        with self._server.session(write=False) as session:
            row = session.get(NodeOrderRow, version)
            kept = np.frombuffer(row.nodes, "<i4").astype(np.int64) if row else np.empty(0, np.int64)
        if len(kept) == len(graph.nodes):
            return kept
        order = order_crossings(graph)
        with self._server.session(write=True) as session:
            session.merge(NodeOrderRow(version=version, nodes=order.astype("<i4").tobytes()))
        return order
