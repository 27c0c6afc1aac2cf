"""Materials, textures and pictures of a glTF (3.8, 3.9): what of them is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from console.scene.gltf.buffers import Buffers, Fetch, read_uri
from console.scene.gltf.model import Alpha, Image, Material, Texture
from console.scene.gltf.schema import Gltf, ImageRecord, MaterialRecord, Sampler, TextureInfo
from console.scene.refusal import SceneRefused, broken

_NEAREST = 9728


@dataclass(frozen=True, slots=True)
class Look:
    """A material and how its texture finds its coordinates."""

    material: Material
    texcoord: int = 0
    """Which TEXCOORD_n."""
    matrix: NDArray[np.float64] | None = None
    """(2, 3): KHR_texture_transform; None: as they are."""


class Looks:
    """The materials of one glTF. A picture that is not to be had leaves its surface plain."""

    def __init__(self, gltf: Gltf, buffers: Buffers, fetch: Fetch) -> None:
        self._gltf = gltf
        self._buffers = buffers
        self._fetch = fetch
        self._images: dict[int, int] = {}
        self._looks: dict[int, Look] = {}
        self.images: list[Image] = []
        """Those in use; Texture.image counts in this list."""
        self.unread: list[str] = []

    def look(self, index: int | None) -> Look:
        """Material *index*; None: the default one. Raises SceneRefused."""
        if index is None:
            return Look(Material())
        if index >= len(self._gltf.materials):
            raise broken("模型材质", "a material of the model")
        if index not in self._looks:
            self._looks[index] = self._read(self._gltf.materials[index])
        return self._looks[index]

    def texture(self, index: int) -> Texture | None:
        """Texture *index* of the document, or None if its picture is not to be had."""
        try:
            if index >= len(self._gltf.textures):
                raise broken("贴图", "a texture")
            record = self._gltf.textures[index]
            basisu, webp = record.extensions.KHR_texture_basisu, record.extensions.EXT_texture_webp
            source = basisu.source if basisu else webp.source if webp else record.source
            if source is None:
                return None
            samplers = self._gltf.samplers
            at = record.sampler
            sampler = samplers[at] if at is not None and at < len(samplers) else Sampler()
            image = self._image(source)
            return Texture(image, sampler.wrapS, sampler.wrapT, sampler.magFilter != _NEAREST)
        except SceneRefused as error:
            self.unread.append(error.message.en)
            return None

    def _read(self, record: MaterialRecord) -> Look:
        pbr, old = record.pbrMetallicRoughness, record.extensions.KHR_materials_pbrSpecularGlossiness
        info = old.diffuseTexture if old else pbr.baseColorTexture
        technique = record.extensions.KHR_techniques_webgl
        if technique is not None and isinstance(technique.values.u_diffuse, TextureInfo):
            info = technique.values.u_diffuse
        material = Material(
            color=old.diffuseFactor if old else pbr.baseColorFactor,
            texture=self.texture(info.index) if info else None,
            emissive=record.emissiveFactor,
            metallic=0.0 if old else pbr.metallicFactor,
            roughness=pbr.roughnessFactor,
            alpha=Alpha(record.alphaMode) if record.alphaMode in Alpha.__members__ else Alpha.OPAQUE,
            cutoff=record.alphaCutoff,
            double_sided=record.doubleSided,
            unlit=record.extensions.KHR_materials_unlit is not UNSET,
        )
        texcoord, matrix = sampling(info) if info else (0, None)
        return Look(material, texcoord, matrix)

    def _image(self, source: int) -> int:
        if source not in self._images:
            if source >= len(self._gltf.images):
                raise broken("贴图", "a texture")
            self.images.append(self._opened(self._gltf.images[source]))
            self._images[source] = len(self.images) - 1
        return self._images[source]

    def _opened(self, record: ImageRecord) -> Image:
        if record.bufferView is not None:
            return Image(self._buffers.view(record.bufferView), record.mimeType)
        if record.uri is None:
            raise broken("贴图", "a texture")
        return Image(read_uri(record.uri, self._fetch), record.mimeType)


def sampling(info: TextureInfo) -> tuple[int, NDArray[np.float64] | None]:
    """Which texture coordinates, and their (2, 3) matrix if they are transformed (KHR_texture_transform)."""
    transform = info.extensions.KHR_texture_transform
    if transform is None:
        return info.texCoord, None
    cos, sin = np.cos(transform.rotation), np.sin(transform.rotation)
    (u, v), (du, dv) = transform.scale, transform.offset
    matrix = np.array([[cos * u, sin * v, du], [-sin * u, cos * v, dv]])
    return (info.texCoord if transform.texCoord is None else transform.texCoord), matrix
