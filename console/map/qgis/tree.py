"""The tree of the open project with the user's own check marks; the project's file stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.map.qgis.messages import NodeIs, ProjectIs
from console.sdk.qgis import QgisNode


class ProjectTree:
    """Layers have ids of QGIS's, groups are called by their place."""

    def __init__(self) -> None:
        self.nodes: Sequence[QgisNode] = ()
        self._order: Sequence[str] = ()
        self._told: Sequence[NodeIs] = ()
        self._checked: dict[str, bool] = {}

    def take(self, project: ProjectIs) -> None:
        """What the worker has told of a project."""
        self._told, self._order = project.tree, project.order
        self._build()

    def clear(self) -> None:
        """No project."""
        self._told, self._order = (), ()
        self._checked.clear()
        self._build()

    def set_checked(self, node_id: str, checked: bool) -> None:
        self._checked[node_id] = checked
        self._build()

    def shown(self) -> list[str]:
        """Ids of the layers to be drawn, topmost first."""
        seen = set(_seen(self.nodes))
        return [layer_id for layer_id in self._order if layer_id in seen]

    def title_of(self, layer_id: str) -> str:
        """The id itself for a layer that is not in the tree."""
        return next((node.title for node in _all(self.nodes) if node.id == layer_id), layer_id)

    def _build(self) -> None:
        self.nodes = self._built(self._told, "")

    def _built(self, told: Sequence[NodeIs], parent: str) -> tuple[QgisNode, ...]:
        return tuple(self._node(node, f"{parent}/{place}") for place, node in enumerate(told))

    def _node(self, told: NodeIs, place: str) -> QgisNode:
        node_id = told.id or f"{place} {told.title}"
        return QgisNode(
            id=node_id,
            title=told.title,
            checked=self._checked.get(node_id, told.checked),
            children=self._built(told.children, place),
            kind=told.kind,
            crs=told.crs,
            unit=told.unit,
            bounds=told.bounds,
            broken=told.broken,
            from_scale=told.from_scale,
            to_scale=told.to_scale,
            fields=told.fields,
            bands=told.bands,
        )


def _all(nodes: Sequence[QgisNode]) -> Iterator[QgisNode]:
    for node in nodes:
        yield node
        yield from _all(node.children)


def _seen(nodes: Sequence[QgisNode]) -> Iterator[str]:
    """Ids of layers that are checked with all groups around them, and can be read."""
    for node in nodes:
        if node.checked and not node.broken:
            yield node.id
            yield from _seen(node.children)
