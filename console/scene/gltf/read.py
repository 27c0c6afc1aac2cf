"""A glTF 2.0, binary or JSON, read into a Model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.document import decode_json
from console.scene.features import FeatureTable
from console.scene.gltf.accessors import Accessors
from console.scene.gltf.buffers import Buffers, Fetch, nothing_else
from console.scene.gltf.container import is_glb, split_glb
from console.scene.gltf.feature_ids import instance_features, vertex_features
from console.scene.gltf.geometry import attributes_of, drawable, vertex_array, vertex_colors
from console.scene.gltf.materials import Looks
from console.scene.gltf.model import Draw, FeatureIds, Model, Primitive
from console.scene.gltf.nodes import instance_transforms, placed_nodes
from console.scene.gltf.schema import Gltf, Node, PrimitiveRecord
from console.scene.gltf.structural import feature_tables
from console.scene.gltf.texcoords import transformed
from console.scene.limits import Budget
from console.scene.refusal import SceneRefused, refused
from console.scene.transforms import translation

_SHOWN = {
    *("KHR_materials_unlit", "KHR_draco_mesh_compression", "KHR_mesh_quantization", "KHR_texture_transform"),
    *("KHR_texture_basisu", "EXT_texture_webp", "EXT_meshopt_compression", "KHR_meshopt_compression"),
    *("EXT_mesh_gpu_instancing", "EXT_mesh_features", "EXT_instance_features", "EXT_structural_metadata"),
    *("CESIUM_RTC", "KHR_materials_pbrSpecularGlossiness", "KHR_techniques_webgl"),
}


@np.errstate(invalid="ignore", over="ignore")  # what is not finite is left out, quietly
def read_gltf(data: bytes | memoryview, fetch: Fetch = nothing_else, budget: Budget | None = None) -> Model:
    """The default scene of *data*, a .glb or .gltf file.

    *fetch* gives the bytes of files that it refers to, by relative URI. A part that cannot be read is left
    out and named in Model.unread; what is wrong with the whole raises SceneRefused, and nothing else is
    raised. Units: metres, axes as in the file (y up by glTF).
    """
    return _Reader(memoryview(data), fetch, budget or Budget()).model()


class _Reader:
    def __init__(self, data: memoryview, fetch: Fetch, budget: Budget) -> None:
        text, chunk = split_glb(data) if is_glb(data) else (data, data[:0])
        self._gltf = decode_json(text, Gltf, "glTF 模型", "the glTF model")
        must_be_shown(self._gltf)
        self._budget = budget
        self._buffers = Buffers(self._gltf, chunk, fetch, budget)
        self._accessors = Accessors(self._gltf, self._buffers, budget)
        self._looks = Looks(self._gltf, self._buffers, fetch)
        self._fetch = fetch
        self._primitives: list[Primitive] = []
        self._meshes: dict[int, list[int]] = {}
        self._unread: list[str] = []

    def model(self) -> Model:
        """Read everything that the scene shows. Raises SceneRefused."""
        rtc = self._gltf.extensions.CESIUM_RTC
        origin = translation(rtc.center) if rtc else np.identity(4)
        draws: list[Draw] = []
        for node, transform in placed_nodes(self._gltf):
            if node.mesh is None or not np.isfinite(transform).all():
                continue
            draws.extend(self._draws(node, node.mesh, origin @ transform))
        return Model(
            primitives=tuple(self._primitives),
            draws=tuple(draws),
            images=tuple(self._looks.images),
            tables=self._tables(),
            copyright=self._gltf.asset.copyright,
            unread=(*self._unread, *self._looks.unread),
        )

    def _tables(self) -> tuple[FeatureTable, ...]:
        try:
            return feature_tables(self._gltf, self._buffers, self._fetch, self._budget)
        except SceneRefused as error:
            self._unread.append(error.message.en)
            return ()

    def _draws(self, node: Node, mesh: int, transform: NDArray[np.float64]) -> list[Draw]:
        primitives = self._mesh(mesh)
        try:
            transforms, features = self._instances(node, transform)
        except SceneRefused as error:
            self._unread.append(error.message.en)
            return []
        return [Draw(primitive, transforms, features) for primitive in primitives]

    def _instances(
        self, node: Node, transform: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], tuple[FeatureIds, ...]]:
        instancing = node.extensions.EXT_mesh_gpu_instancing
        if instancing is None:
            return transform[None], ()
        transforms = transform @ instance_transforms(instancing, self._accessors, self._budget)

        def raw(name: str) -> NDArray[Any]:
            return self._accessors.read(instancing.attributes[name])

        records = node.extensions.EXT_instance_features.featureIds
        return transforms, instance_features(
            records, instancing.attributes.__contains__, raw, len(transforms)
        )

    def _mesh(self, index: int) -> list[int]:
        """Where the primitives of mesh *index* stand in the model; read when first met."""
        if index not in self._meshes:
            self._meshes[index] = []
            records = self._gltf.meshes[index].primitives if index < len(self._gltf.meshes) else []
            for record in records:
                try:
                    self._primitives.append(self._primitive(record))
                except SceneRefused as error:
                    self._unread.append(error.message.en)
                else:
                    self._meshes[index].append(len(self._primitives) - 1)
        return self._meshes[index]

    def _primitive(self, record: PrimitiveRecord) -> Primitive:
        attributes = attributes_of(record, self._accessors, self._buffers, self._budget)
        if not attributes.has("POSITION"):
            raise refused("模型缺少顶点坐标", "a part of the model has no positions")
        mode, positions, indices = drawable(attributes, attributes.floats("POSITION"), self._budget)
        count = len(positions)
        look = self._looks.look(record.material)
        texcoords = vertex_array(attributes, f"TEXCOORD_{look.texcoord}", count, 2)
        return Primitive(
            mode=mode,
            positions=positions,
            indices=indices,
            material=look.material,
            normals=vertex_array(attributes, "NORMAL", count, 3),
            texcoords=None if texcoords is None else transformed(texcoords, look.matrix),
            colors=vertex_colors(attributes, count),
            features=vertex_features(attributes, count, self._looks),
        )


def must_be_shown(gltf: Gltf) -> None:
    """Raises SceneRefused for a version, or a required extension, that is not read."""
    if not gltf.asset.version.startswith("2"):
        raise refused(
            f"不支持 glTF {gltf.asset.version[:20]} 版", f"glTF version {gltf.asset.version[:20]} is not read"
        )
    missing = sorted(set(gltf.extensionsRequired) - _SHOWN)
    if missing:
        names = ", ".join(missing[:3])[:200]
        raise refused(
            f"模型需要尚不支持的扩展:{names}", f"the model needs extensions that are not read: {names}"
        )
