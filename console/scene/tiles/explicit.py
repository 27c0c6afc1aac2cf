"""tileset.json to tiles: breadth first, so that children stand side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from console.scene.refusal import broken, refused
from console.scene.tiles.records import OCTREE, QUADTREE, Attributes, ContentRef, Document, ImplicitRoot
from console.scene.tiles.schema import ContentRecord, ImplicitTiling, TileRecord, VolumeRecord
from console.scene.tiles.tree import ADD, EXTERNAL, MAX_TILES, REPLACE, SUBTREE, Fragment, OwnRef, no_tiles
from console.scene.tiles.volumes import SPHERE, numbers_of, volumes_of
from console.scene.transforms import Matrix, largest_scale

MAX_CONTENTS = 16
"""Of one tile."""
_Numbers = tuple[int, list[float]]


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a tile takes over from above."""

    frame: Matrix
    """(4, 4): parent to world."""
    error: float
    """Metres, unscaled."""
    refine: int = REPLACE


@dataclass(slots=True)
class _Node:
    """A tile on its way to becoming a row."""

    record: TileRecord
    parent: int
    depth: int
    frame: int
    error: float
    refine: int
    volume: _Numbers
    contents: list[ContentRecord] = field(default_factory=list)


def read_tiles(root: TileRecord, document: Document, inherited: Inherited) -> Fragment:
    """The tiles below *root* and itself. Raises SceneRefused when nothing sound is at the root."""
    return _Builder(document, inherited).build(root)


class _Builder:
    def __init__(self, document: Document, inherited: Inherited) -> None:
        self._document = document
        self._inherited = inherited
        self._frames: list[Matrix] = [inherited.frame]
        self._scales: list[float] = [largest_scale(inherited.frame)]
        self._nodes: list[_Node] = []
        self._contents: list[ContentRef | OwnRef] = []
        self._implicit: list[ImplicitRoot] = []
        self._rare: list[_Numbers] = []
        self._rare_frames: list[int] = []
        self._attributes: dict[int, Attributes] = {}

    def build(self, root: TileRecord) -> Fragment:
        volume = numbers_of(root.boundingVolume)
        if volume is None:
            raise broken("瓦片集的根瓦片", "the tileset's root tile")
        self._nodes.append(
            self._node(root, -1, 0, 0, (self._inherited.error, self._inherited.refine), volume)
        )
        children: list[tuple[int, int]] = []
        for at, node in enumerate(self._nodes):  # grows as it goes
            first = len(self._nodes)
            self._add_children(at, node)
            children.append((first, len(self._nodes) - first))
        return self._fragment(np.array(children, np.int64))

    def _add_children(self, at: int, node: _Node) -> None:
        for record in node.record.children:
            volume = numbers_of(record.boundingVolume) or node.volume
            self._nodes.append(
                self._node(record, at, node.depth + 1, node.frame, (node.error, node.refine), volume)
            )
        if len(node.contents) > 1 or node.record.children:
            self._part_external(at, node)
        if len(self._nodes) > MAX_TILES:
            raise refused(f"瓦片超过 {MAX_TILES} 个,不予加载", f"the tileset has more than {MAX_TILES} tiles")

    def _part_external(self, at: int, node: _Node) -> None:
        """Each further tileset gets a tile of its own where it would not be its tile's only child."""
        outer = [content for content in node.contents if _is_external(content)]
        node.contents = [content for content in node.contents if not _is_external(content)]
        for content in outer:
            link = replace(node, record=TileRecord(), parent=at, depth=node.depth + 1, contents=[content])
            self._nodes.append(link)

    def _node(
        self,
        record: TileRecord,
        parent: int,
        depth: int,
        frame: int,
        above: tuple[float, int],
        volume: _Numbers,
    ) -> _Node:
        """*above*: error and refinement of the parent."""
        error, refine = above
        if record.transform is not None:
            self._frames.append(self._frames[frame] @ np.array(record.transform, np.float64).reshape(4, 4).T)
            frame = len(self._frames) - 1
            self._scales.append(largest_scale(self._frames[frame]))
        refinement = (record.refine or "").upper()
        return _Node(
            record=record,
            parent=parent,
            depth=depth,
            frame=frame,
            error=error if record.geometricError is None else max(record.geometricError, 0.0),
            refine={"ADD": ADD, "REPLACE": REPLACE}.get(refinement, refine),
            volume=volume,
            contents=contents_of(record),
        )

    def _fragment(self, children: NDArray[np.int64]) -> Fragment:
        nodes, frames = self._nodes, np.array(self._frames)
        tiles = no_tiles(len(nodes))
        tiles["parent"] = [node.parent for node in nodes]
        tiles["child_count"] = children[:, 1]
        tiles["first_child"] = np.where(children[:, 1] > 0, children[:, 0], -1)
        tiles["depth"] = np.minimum([node.depth for node in nodes], np.iinfo(np.int16).max // 2)
        tiles["refine"] = [node.refine for node in nodes]
        tiles["frame"] = [node.frame for node in nodes]
        tiles["error"] = [node.error * self._scales[node.frame] for node in nodes]
        for at, node in enumerate(nodes):
            self._refer(tiles, at, node)
        placed = volumes_of([node.volume for node in nodes], frames[tiles["frame"]])
        tiles["center"], tiles["axes"], tiles["radius"] = placed.center, placed.axes, placed.radius
        tiles["nested"] = _nested(tiles)
        rare = volumes_of(self._rare, frames[self._rare_frames]) if self._rare else None
        return Fragment(tiles, frames, rare, self._contents, self._implicit, self._attributes)

    def _refer(self, tiles: NDArray[np.void], at: int, node: _Node) -> None:
        """Contents, rare volumes and metadata of one row."""
        tiles["request"][at] = self._rarely(node.record.viewerRequestVolume, node.frame)
        attributes = self._document.typed(node.record.metadata or node.record.extensions.metadata)
        if attributes is not None:
            self._attributes[at] = attributes
        tiling = node.record.implicitTiling or node.record.extensions.implicit
        if tiling is not None:
            self._implicit.append(self._rule(tiling, node))
            tiles["implicit"][at] = len(self._implicit) - 1
            tiles["flags"][at] = SUBTREE
            return
        tiles["content"][at] = len(self._contents)
        tiles["contents"][at] = len(node.contents)
        for record in node.contents:
            self._contents.append(self._content(record, node))
            if _is_external(record):
                tiles["flags"][at] |= EXTERNAL
        if len(node.contents) == 1:
            tiles["content_volume"][at] = self._rarely(node.contents[0].boundingVolume, node.frame)

    def _content(self, record: ContentRecord, node: _Node) -> ContentRef:
        groups = self._document.groups
        return ContentRef(
            uri=record.uri or record.url,
            document=self._document,
            frame=self._frames[node.frame],
            inherited=(node.error, node.refine),
            attributes=self._document.typed(record.metadata or record.extensions.metadata),
            group=groups[record.group] if record.group is not None and record.group < len(groups) else None,
        )

    def _rarely(self, record: VolumeRecord | None, frame: int) -> int:
        numbers = numbers_of(record)
        if numbers is None:
            return -1
        self._rare.append(numbers)
        self._rare_frames.append(frame)
        return len(self._rare) - 1

    def _rule(self, tiling: ImplicitTiling, node: _Node) -> ImplicitRoot:
        dimensions = {"QUADTREE": QUADTREE, "OCTREE": OCTREE}.get(tiling.subdivisionScheme.upper())
        levels = tiling.availableLevels or (tiling.maximumLevel or 0) + 1
        kind, numbers = node.volume
        if dimensions is None or kind == SPHERE or levels > 62 // dimensions:
            raise broken("隐式瓦片规则", "the rule of implicit tiles")
        return ImplicitRoot(
            document=self._document,
            dimensions=dimensions,
            subtree_levels=tiling.subtreeLevels,
            levels=levels,
            subtrees=tiling.subtrees.uri,
            contents=tuple(content.uri or content.url for content in node.contents),
            kind=kind,
            numbers=np.pad(np.array(numbers, np.float64), (0, 12 - len(numbers))),
            frame=self._frames[node.frame],
            error=node.error,
            refine=node.refine,
        )


def _nested(tiles: NDArray[np.void]) -> NDArray[np.bool_]:
    """(n,): whose children are boxes within its own, looked at along the line between the middles."""
    below = np.flatnonzero(tiles["parent"] >= 0)
    above = tiles["parent"][below]
    line = tiles["center"][below] - tiles["center"][above]
    away = np.linalg.norm(line, axis=1)
    line = np.abs(line / np.where(away, away, 1.0)[:, None])
    inner, outer = (np.einsum("nij,nj->n", np.abs(tiles["axes"][rows]), line) for rows in (below, above))
    boxes = (tiles["radius"][below] < 0) & (tiles["radius"][above] < 0)
    out = ~boxes | ((outer <= inner + away) & (away > 0))
    nested = tiles["child_count"] > 0
    nested[above[out]] = False
    return nested


def contents_of(record: TileRecord) -> list[ContentRecord]:
    """Those that name a file, however the version at hand writes them."""
    multiple = record.extensions.multiple
    listed = record.contents or (multiple.contents or multiple.content if multiple else [])
    found = [record.content, *listed] if record.content else listed
    return [content for content in found if content.uri or content.url][:MAX_CONTENTS]


def _is_external(content: ContentRecord) -> bool:
    return (content.uri or content.url).partition("?")[0].lower().endswith(".json")
