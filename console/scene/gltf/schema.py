"""The parts of a glTF's JSON that are read, as typed records (glTF 2.0, chapter 5, and the extensions named).

Names are the specification's. Unknown members are passed over.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from console.scene.document import Index, Size

Numbers = list[float]


class Asset(Struct, frozen=True):
    version: str = "2.0"
    copyright: str = ""


class Buffer(Struct, frozen=True):
    byteLength: Size
    uri: str | None = None


class Meshopt(Struct, frozen=True):
    """EXT_meshopt_compression and KHR_meshopt_compression of a buffer view."""

    buffer: Index
    byteLength: Size
    byteStride: Annotated[int, Meta(ge=1, le=256)]
    count: Size
    mode: Literal["ATTRIBUTES", "TRIANGLES", "INDICES"]
    byteOffset: Size = 0
    filter: Literal["NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL", "COLOR"] = "NONE"


class ViewExtensions(Struct, frozen=True):
    EXT_meshopt_compression: Meshopt | None = None
    KHR_meshopt_compression: Meshopt | None = None


class BufferView(Struct, frozen=True):
    buffer: Index
    byteLength: Size
    byteOffset: Size = 0
    byteStride: Annotated[int, Meta(ge=0, le=255)] | None = None
    extensions: ViewExtensions = ViewExtensions()


class SparseIndices(Struct, frozen=True):
    bufferView: Index
    componentType: int
    byteOffset: Size = 0


class SparseValues(Struct, frozen=True):
    bufferView: Index
    byteOffset: Size = 0


class Sparse(Struct, frozen=True):
    count: Size
    indices: SparseIndices
    values: SparseValues


class Accessor(Struct, frozen=True):
    componentType: int
    count: Size
    type: str
    bufferView: Index | None = None
    byteOffset: Size = 0
    normalized: bool = False
    sparse: Sparse | None = None


class TextureTransform(Struct, frozen=True):
    """KHR_texture_transform."""

    offset: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    texCoord: Index | None = None


class TextureInfoExtensions(Struct, frozen=True):
    KHR_texture_transform: TextureTransform | None = None


class TextureInfo(Struct, frozen=True):
    index: Index
    texCoord: Index = 0
    extensions: TextureInfoExtensions = TextureInfoExtensions()


class PbrMetallicRoughness(Struct, frozen=True):
    baseColorFactor: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    baseColorTexture: TextureInfo | None = None
    metallicFactor: float = 1.0
    roughnessFactor: float = 1.0


class SpecularGlossiness(Struct, frozen=True):
    """KHR_materials_pbrSpecularGlossiness: older exporters' colours."""

    diffuseFactor: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    diffuseTexture: TextureInfo | None = None


class TechniqueValues(Struct, frozen=True):
    u_diffuse: TextureInfo | list[float] | None = None


class Technique(Struct, frozen=True):
    """KHR_techniques_webgl: a material with shaders of its own, of which only the colour is read."""

    values: TechniqueValues = TechniqueValues()


class MaterialExtensions(Struct, frozen=True):
    KHR_materials_unlit: dict[str, Any] | UnsetType | None = UNSET
    """There at all means unlit."""
    KHR_materials_pbrSpecularGlossiness: SpecularGlossiness | None = None
    KHR_techniques_webgl: Technique | None = None


class MaterialRecord(Struct, frozen=True):
    pbrMetallicRoughness: PbrMetallicRoughness = PbrMetallicRoughness()
    emissiveFactor: tuple[float, float, float] = (0.0, 0.0, 0.0)
    alphaMode: str = "OPAQUE"
    alphaCutoff: float = 0.5
    doubleSided: bool = False
    extensions: MaterialExtensions = MaterialExtensions()


class ImageSource(Struct, frozen=True):
    source: Index


class TextureExtensions(Struct, frozen=True):
    KHR_texture_basisu: ImageSource | None = None
    EXT_texture_webp: ImageSource | None = None


class TextureRecord(Struct, frozen=True):
    source: Index | None = None
    sampler: Index | None = None
    extensions: TextureExtensions = TextureExtensions()


class Sampler(Struct, frozen=True):
    magFilter: int = 9729
    wrapS: int = 10497
    wrapT: int = 10497


class ImageRecord(Struct, frozen=True):
    uri: str | None = None
    mimeType: str = ""
    bufferView: Index | None = None


class FeatureTextureInfo(Struct, frozen=True):
    index: Index
    texCoord: Index = 0
    channels: tuple[Annotated[int, Meta(ge=0, le=3)], ...] = (0,)
    extensions: TextureInfoExtensions = TextureInfoExtensions()


class FeatureIdRecord(Struct, frozen=True):
    """EXT_mesh_features and EXT_instance_features: one set of feature ids."""

    featureCount: Size = 0
    attribute: Index | None = None
    texture: FeatureTextureInfo | None = None
    nullFeatureId: Size | None = None
    label: str = ""
    propertyTable: Index | None = None


class FeatureIdRecords(Struct, frozen=True):
    featureIds: list[FeatureIdRecord] = []


class Draco(Struct, frozen=True):
    """KHR_draco_mesh_compression: unique ids by semantic."""

    bufferView: Index
    attributes: dict[str, Index]


class PrimitiveExtensions(Struct, frozen=True):
    KHR_draco_mesh_compression: Draco | None = None
    EXT_mesh_features: FeatureIdRecords = FeatureIdRecords()


class PrimitiveRecord(Struct, frozen=True):
    attributes: dict[str, Index] = {}
    indices: Index | None = None
    material: Index | None = None
    mode: Annotated[int, Meta(ge=0, le=6)] = 4
    extensions: PrimitiveExtensions = PrimitiveExtensions()


class Mesh(Struct, frozen=True):
    primitives: list[PrimitiveRecord] = []


class Instancing(Struct, frozen=True):
    """EXT_mesh_gpu_instancing."""

    attributes: dict[str, Index] = {}


class NodeExtensions(Struct, frozen=True):
    EXT_mesh_gpu_instancing: Instancing | None = None
    EXT_instance_features: FeatureIdRecords = FeatureIdRecords()


class Node(Struct, frozen=True):
    children: list[Index] = []
    mesh: Index | None = None
    matrix: Annotated[Numbers, Meta(min_length=16, max_length=16)] | None = None
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rotation: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    extensions: NodeExtensions = NodeExtensions()


class Scene(Struct, frozen=True):
    nodes: list[Index] = []


class Rtc(Struct, frozen=True):
    """CESIUM_RTC: the model's origin, metres, in the tile's frame."""

    center: tuple[float, float, float] = (0.0, 0.0, 0.0)


class GltfExtensions(Struct, frozen=True):
    CESIUM_RTC: Rtc | None = None
    EXT_structural_metadata: msgspec.Raw = msgspec.Raw(b"")


class Gltf(Struct, frozen=True):
    asset: Asset = Asset()
    scene: Index = 0
    scenes: list[Scene] = []
    nodes: list[Node] = []
    meshes: list[Mesh] = []
    accessors: list[Accessor] = []
    bufferViews: list[BufferView] = []
    buffers: list[Buffer] = []
    materials: list[MaterialRecord] = []
    textures: list[TextureRecord] = []
    samplers: list[Sampler] = []
    images: list[ImageRecord] = []
    extensionsRequired: list[str] = []
    extensions: GltfExtensions = GltfExtensions()
