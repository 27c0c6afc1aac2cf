"""From what a tile's files say to what can be drawn: pictures decoded, instances placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from console.scene.colors import to_srgb
from console.scene.features import FeatureTable
from console.scene.gltf import Material, Model, Primitive, decode_image
from console.scene.gltf.model import Alpha, Draw, FeatureIds
from console.scene.refusal import SceneRefused
from console.scene.stream.drawable import Batch, Drawable, Surface
from console.scene.tiles.content import Content, Part
from console.scene.transforms import Matrix

MAX_VERTICES = 8_000_000
"""Of one tile's instances together; more are left out and told."""
_REPEAT = 10497


def prepare(content: Content, frame: Matrix) -> Drawable:
    """For worker threads. *frame*: (4, 4), the tile's axes to the world.

    What cannot be decoded is left out and named.
    """
    unread = list(content.unread)
    batches = [batch for part in content.parts for batch in _Preparation(part, frame, unread).batches()]
    return Drawable(tuple(batches), tuple(unread))


class _Preparation:
    """One model's; each of its pictures is decoded once."""

    def __init__(self, part: Part, frame: Matrix, unread: list[str]) -> None:
        self._part, self._frame, self._unread = part, frame, unread
        self._pictures: dict[int, NDArray[np.uint8] | None] = {}
        self._room = MAX_VERTICES

    def batches(self) -> Iterator[Batch]:
        model = self._part.model
        for draw in model.draws:
            primitive = model.primitives[draw.primitive]
            matrices = (self._frame @ self._part.transforms)[:, None] @ draw.transforms[None]
            if len(primitive.indices):
                yield self._batch(primitive, draw, matrices)

    def _batch(self, primitive: Primitive, draw: Draw, matrices: Matrix) -> Batch:
        """*matrices*: (k, j, 4, 4), instances of the tile by those of the node."""
        outer, inner = matrices.shape[:2]
        features, table = self._features(primitive, draw, outer, inner)
        flat = self._modest(matrices.reshape(-1, 4, 4), primitive)
        model = self._part.model
        surface = self._surface(model, primitive)
        if len(flat) == 1:
            return Batch(
                primitive.mode,
                primitive.positions,
                primitive.indices,
                flat[0],
                surface,
                primitive.normals,
                primitive.texcoords,
                primitive.colors,
                features,
                table,
            )
        positions, normals, origin = _placed(primitive, flat)
        count, copies = len(primitive.positions), len(flat)
        steps = np.repeat(np.arange(copies, dtype=np.uint32) * np.uint32(count), len(primitive.indices))
        return Batch(
            primitive.mode,
            positions,
            np.tile(primitive.indices, copies) + steps,
            origin,
            surface,
            normals,
            _repeated(primitive.texcoords, copies),
            _repeated(primitive.colors, copies),
            None if features is None else features[: count * copies],
            table,
        )

    def _modest(self, matrices: Matrix, primitive: Primitive) -> Matrix:
        """As many instances as there is room for, and at least one."""
        most = max(1, self._room // max(len(primitive.positions), 1))
        if len(matrices) > most:
            self._unread.append(f"{len(matrices) - most} of {len(matrices)} instances")
        matrices = matrices[:most]
        self._room -= len(matrices) * len(primitive.positions)
        return matrices

    def _features(
        self, primitive: Primitive, draw: Draw, outer: int, inner: int
    ) -> tuple[NDArray[np.integer] | None, FeatureTable | None]:
        """The row of a table of each vertex, instance by instance, and the table."""
        count, part = len(primitive.positions), self._part
        if part.instances is not None:
            return np.repeat(part.instances, inner * count), part.table
        if (own := _by_vertex(draw.features)) is not None:
            return np.tile(np.repeat(_compact(own), count), outer), self._table(own)
        if (own := _by_vertex(primitive.features)) is not None:
            return np.tile(_compact(own), outer * inner), self._table(own)
        return None, None

    def _table(self, features: FeatureIds) -> FeatureTable | None:
        """The batch ids of a b3dm are rows of the tile's table, not of its model's."""
        own, tables = self._part.table, self._part.model.tables
        if own is not None or features.table is None or features.table >= len(tables):
            return own
        return tables[features.table]

    def _surface(self, model: Model, primitive: Primitive) -> Surface:
        material = primitive.material
        texture = material.texture if primitive.texcoords is not None else None
        blend = material.alpha == Alpha.BLEND
        return Surface(
            color=_srgb(material),
            pixels=None if texture is None else self._picture(model, texture.image),
            repeat=texture is None or texture.wrap_s == _REPEAT or texture.wrap_t == _REPEAT,
            smooth=texture is None or texture.linear,
            lit=not material.unlit and primitive.normals is not None,
            blend=blend,
            cutoff=material.cutoff if material.alpha == Alpha.MASK else None,
            double_sided=material.double_sided,
        )

    def _picture(self, model: Model, image: int) -> NDArray[np.uint8] | None:
        if image not in self._pictures:
            try:
                self._pictures[image] = np.ascontiguousarray(decode_image(model.images[image]))
            except SceneRefused as error:
                self._unread.append(error.message.en)
                self._pictures[image] = None
        return self._pictures[image]


def _by_vertex(features: Sequence[FeatureIds]) -> FeatureIds | None:
    """The first that is told by vertices or instances; those told by a picture are not followed."""
    return next((each for each in features if each.ids is not None), None)


def _compact(features: FeatureIds) -> NDArray[np.integer]:
    """The ids in as few bytes as hold them; -1 for none."""
    ids = features.ids
    assert ids is not None
    if features.null is not None:
        ids = np.where(ids == features.null, -1, ids)
    most = int(ids.max(initial=0))
    return ids.astype(next(t for t in (np.int16, np.int32, np.int64) if most <= np.iinfo(t).max))


def _placed(
    primitive: Primitive, matrices: Matrix
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None, Matrix]:
    """All instances around the first one's place: positions, normals and (4, 4) of that place."""
    origin = np.identity(4)
    origin[:3, 3] = matrices[0, :3, 3]
    local = matrices.copy()
    local[:, :3, 3] -= origin[:3, 3]
    positions = np.einsum("kij,nj->kni", local[:, :3, :3], primitive.positions) + local[:, None, :3, 3]
    normals = None
    if primitive.normals is not None:
        normals = np.einsum("kij,nj->kni", local[:, :3, :3], primitive.normals)
        length = np.linalg.norm(normals, axis=2, keepdims=True)
        normals = np.divide(normals, length, out=normals, where=length > 0).astype(np.float32).reshape(-1, 3)
    return positions.astype(np.float32).reshape(-1, 3), normals, origin


def _repeated(array: NDArray | None, copies: int) -> NDArray | None:
    return None if array is None else np.tile(array, (copies, 1))


def _srgb(material: Material) -> tuple[float, float, float, float]:
    """glTF's factors are linear, pictures and the screen are not."""
    linear = np.clip(material.color[:3], 0.0, 1.0) + np.clip(material.emissive, 0.0, 1.0) * (
        material.texture is None
    )
    red, green, blue = to_srgb(linear)
    return float(red), float(green), float(blue), float(np.clip(material.color[3], 0.0, 1.0))
