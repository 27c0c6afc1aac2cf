"""An OSGB file as pieces with meshes: the graph walked once, transforms multiplied, levels put in order.

Source: OpenSceneGraph 3.6, include/osg/LOD, PagedLOD, MatrixTransform, PositionAttitudeTransform.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.limits import MAX_FILE, Budget
from console.scene.osgb.document import read_document
from console.scene.osgb.geometry import colors, triangles, vertices
from console.scene.osgb.levels import Place, levels_of, sphere_of
from console.scene.osgb.model import Level, Mesh, Piece, Tile
from console.scene.osgb.objects import OsgObject
from console.scene.osgb.stream import cut_off
from console.scene.osgb.textures import Looks
from console.scene.osgb.transforms import local_matrix
from console.scene.refusal import refused

MAX_VISITS = 1 << 17
"""Entries of lists of children and files that a walk may pass: one node may hang in many places."""
_NODE = 8
"""What a node costs of them."""
_LODS = ("osg::LOD", "osg::PagedLOD")


def read_osgb(data: bytes | memoryview) -> Tile:
    """What an OSGB file (OSG versions 80 to 161) shows and what refines it.

    Raises SceneRefused: not an OSGB, broken, too large, or with parts that can't be skipped.
    """
    document = read_document(data)
    walk = _Walk()
    with np.errstate(over="ignore", invalid="ignore"):
        found = walk.node(document.root, Place())
    unread = (*document.skipped, *sorted(walk.unread | walk.looks.unread))
    return Tile(document.version, tuple(found), unread)


def read_osgb_file(path: Path) -> Tile:
    """The same of a file. Raises SceneRefused, also when it can't be read."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise refused("OSGB 文件过大,不予加载", "the OSGB file is too large and is not loaded")
        data = path.read_bytes()
    except OSError as error:
        raise refused(f"无法读取 {path.name}", f"{path.name} cannot be read") from error
    return read_osgb(data)


class _Walk:
    """One way through the graph."""

    def __init__(self) -> None:
        self.budget = Budget()
        self.looks = Looks(self.budget)
        self.unread: set[str] = set()
        self._visits = 0

    def node(self, node: OsgObject, place: Place) -> list[Piece]:
        """The pieces of *node*; what it shows all the time is one of them."""
        meshes, pieces = self._content(node, place)
        return [*([Piece((Level(0.0, tuple(meshes)),))] if meshes else []), *pieces]

    def _content(self, node: OsgObject, place: Place) -> tuple[list[Mesh], list[Piece]]:
        children = (*_shown(node), *node.get("Drawables", []))
        names = (*node.get("FileNames", []), *node.get("RangeDataList", []))
        self._visits += _NODE + len(children) + len(names)
        if self._visits > MAX_VISITS:
            raise cut_off()
        inner = place.within(local_matrix(node), node.get("StateSet"))
        if node.name in _LODS:
            return [], self._pyramid(node, inner)
        if node.name == "osg::Geometry":
            return self._mesh(node, inner), []
        meshes, pieces = self._contents(children, inner)
        files = tuple(name for name in names if name)
        return meshes, [*pieces, *([Piece((Level(0.0, files=files),))] if files else [])]

    def _contents(self, nodes: Iterable[OsgObject | None], place: Place) -> tuple[list[Mesh], list[Piece]]:
        meshes: list[Mesh] = []
        pieces: list[Piece] = []
        for node in nodes:
            if node is not None:
                own, within = self._content(node, place)
                meshes += own
                pieces += within
        return meshes, pieces

    def _pyramid(self, node: OsgObject, place: Place) -> list[Piece]:
        """An LOD as one piece; without a level that shows anything as none."""
        mode, drafts = levels_of(node)
        levels = [self._level(start, children, files, place) for start, children, files in drafts]
        shown = tuple(level for level in levels if level.meshes or level.pieces or level.files)
        if not shown:
            return []
        center, radius = sphere_of(node, place.matrix)
        return [Piece(shown, center, radius, mode)]

    def _level(self, start: float, children: list[OsgObject], files: tuple[str, ...], place: Place) -> Level:
        meshes, pieces = self._contents(children, place)
        return Level(start, tuple(meshes), tuple(pieces), files)

    def _mesh(self, node: OsgObject, place: Place) -> list[Mesh]:
        positions = vertices(node.get("VertexArray"), 3, None, self.budget)
        if positions is None or positions.dtype.kind != "f" or not len(positions):
            return []
        count = len(positions)
        indices = triangles(node.get("PrimitiveSetList", []), count, self.budget)
        if not len(indices):
            self.unread.add("a geometry without triangles")
            return []
        near, matrix = _near(positions, place.matrix)
        indices = _finite(near, indices)
        uv = vertices(next(iter(node.get("TexCoordArrayList", [])), None), 2, count, self.budget)
        normals = vertices(node.get("NormalArray"), 3, count, self.budget)
        return [
            Mesh(
                positions=near,
                indices=indices,
                transform=matrix,
                uv=_floats(uv),
                normals=_floats(normals),
                colors=colors(node.get("ColorArray"), count, self.budget),
                texture=self.looks.texture(place.states),
                color=self.looks.color(place.states),
            )
        ]


def _shown(node: OsgObject) -> list[OsgObject | None]:
    """The children; of an osg::Switch those that are on."""
    children = node.get("Children", [])
    on = node.get("ValueList")
    return children if on is None else [child for child, shown in zip(children, on, strict=False) if shown]


def _near(
    positions: NDArray[Any], matrix: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Positions as float32; those of float64 are moved near their own origin first, and *matrix* back."""
    if positions.dtype.itemsize == 4:
        return positions, matrix
    finite = positions[np.isfinite(positions).all(axis=1)]
    middle = finite.mean(axis=0) if len(finite) else np.zeros(3)
    moved = np.identity(4)
    moved[:3, 3] = middle
    return (positions - middle).astype(np.float32), matrix @ moved


def _finite(positions: NDArray[np.float32], indices: NDArray[np.int32]) -> NDArray[np.int32]:
    """Only the triangles all of whose corners are numbers."""
    good = np.asarray(np.isfinite(positions).all(axis=1))
    return indices if good.all() else indices[good[indices].all(axis=1)]


def _floats(values: NDArray[Any] | None) -> NDArray[np.float32] | None:
    if values is None or values.dtype.kind != "f":
        return None
    single = values.astype(np.float32, copy=False)
    return single if np.isfinite(single).all() else np.nan_to_num(single, posinf=0.0, neginf=0.0)
