"""The areas as a tree: district, street, community, grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from console.sdk import Area, parent_area


@dataclass(slots=True)
class Node:
    """One area with those right below it, by code."""

    area: Area
    parent: Node | None = None
    children: list[Node] = field(default_factory=list["Node"])
    row: int = 0
    """Place among its siblings."""
    depth: int = 0
    """How many areas are above it."""


class AreaTree:
    """Areas of the user. An area whose parent is not among them is a root."""

    def __init__(self, areas: Iterable[Area] = ()) -> None:
        self.nodes = {area.code: Node(area) for area in sorted(areas, key=lambda area: area.code)}
        self.roots: list[Node] = []
        for node in self.nodes.values():
            node.parent = self._above(node.area.code)
            siblings = node.parent.children if node.parent else self.roots
            node.row, node.depth = len(siblings), node.parent.depth + 1 if node.parent else 0
            siblings.append(node)

    def __len__(self) -> int:
        return len(self.nodes)

    def _above(self, code: str) -> Node | None:
        """The nearest area above *code* that is known."""
        above = parent_area(code)
        while above is not None and above not in self.nodes:
            above = parent_area(above)
        return self.nodes[above] if above else None

    def path(self, code: str) -> list[Node]:
        """From the root to *code*; empty when it is not known."""
        node = self.nodes.get(code)
        found: list[Node] = []
        while node is not None:
            found.insert(0, node)
            node = node.parent
        return found
