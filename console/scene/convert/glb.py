"""A model written as a binary glTF: z up to glTF's y up, the place of its vertices in the node as double.

Source: glTF 2.0, 4.4 (binary container), 3.6 to 3.9; KHR_materials_unlit.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.colors import to_light
from console.scene.gltf import Material, Model, Primitive, Texture
from console.scene.gltf.model import Alpha

_ARRAY_BUFFER, _INDEX_BUFFER = 34962, 34963
_USHORT, _UINT, _FLOAT = 5123, 5125, 5126


def write_glb(model: Model) -> bytes:
    """The file of *model*, all of whose draws stand at one place, turned nowhere (``model_of``)."""
    writer = _Writer(model)
    for primitive in model.primitives:
        writer.add(primitive)
    return writer.write(model.draws[0].transforms[0, :3, 3])


class _Writer:
    """Collects primitives; ``write`` gives the file."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._binary = bytearray()
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []
        self._primitives: list[dict[str, Any]] = []
        self._materials: list[dict[str, Any]] = []
        self._images: list[dict[str, Any]] = []
        self._textures: list[dict[str, Any]] = []
        self._samplers: list[dict[str, int]] = []
        self._known: dict[Texture, int] = {}

    def add(self, primitive: Primitive) -> None:
        """Add one mesh; what it shares with another is written once."""
        attributes = {"POSITION": self._positions(primitive.positions)}
        if primitive.normals is not None:
            attributes["NORMAL"] = self._vectors(_y_up(primitive.normals))
        if primitive.texcoords is not None:
            attributes["TEXCOORD_0"] = self._vectors(primitive.texcoords)
        if primitive.colors is not None:
            attributes["COLOR_0"] = self._vectors(_light(primitive.colors))
        self._primitives.append(
            {
                "attributes": attributes,
                "indices": self._indices(primitive),
                "material": self._material(primitive.material),
            }
        )

    def write(self, place: NDArray[np.float64]) -> bytes:
        """The whole file, standing at *place* (3,), z up."""
        self._pad()
        document = {
            "asset": {"version": "2.0", "generator": "OneMap Console"},
            "extensionsUsed": ["KHR_materials_unlit"],
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0, "translation": _y_up(place[None])[0].tolist()}],
            "meshes": [{"primitives": self._primitives}],
            "materials": self._materials,
            "accessors": self._accessors,
            "bufferViews": self._views,
            "buffers": [{"byteLength": len(self._binary)}],
            "images": self._images,
            "textures": self._textures,
            "samplers": self._samplers,
        }
        text = json.dumps({key: value for key, value in document.items() if value != []}).encode()
        text += b" " * (-len(text) % 4)
        size = 12 + 8 + len(text) + 8 + len(self._binary)
        header = struct.pack("<4s2I", b"glTF", 2, size) + struct.pack("<I4s", len(text), b"JSON")
        return header + text + struct.pack("<I4s", len(self._binary), b"BIN\0") + self._binary

    def _positions(self, positions: NDArray[np.float32]) -> int:
        turned = _y_up(positions)
        number = self._vectors(turned)
        self._accessors[number] |= {"min": turned.min(axis=0).tolist(), "max": turned.max(axis=0).tolist()}
        return number

    def _vectors(self, values: NDArray[Any]) -> int:
        return self._accessor(values.astype("<f4"), _FLOAT, f"VEC{values.shape[1]}", _ARRAY_BUFFER)

    def _indices(self, primitive: Primitive) -> int:
        small = len(primitive.positions) <= 0xFFFF  # 0xFFFF itself restarts a primitive
        values = primitive.indices.astype("<u2" if small else "<u4")
        return self._accessor(values, _USHORT if small else _UINT, "SCALAR", _INDEX_BUFFER)

    def _accessor(self, values: NDArray[Any], kind: int, shape: str, target: int) -> int:
        view = self._view(values.tobytes()) | {"target": target}
        self._views.append(view)
        accessor = {"bufferView": len(self._views) - 1, "componentType": kind, "count": len(values)}
        self._accessors.append(accessor | {"type": shape})
        return len(self._accessors) - 1

    def _view(self, data: bytes) -> dict[str, Any]:
        self._pad()
        start = len(self._binary)
        self._binary += data
        return {"buffer": 0, "byteOffset": start, "byteLength": len(data)}

    def _pad(self) -> None:
        self._binary += bytes(-len(self._binary) % 4)

    def _material(self, look: Material) -> int:
        surface: dict[str, Any] = {"metallicFactor": look.metallic, "roughnessFactor": look.roughness}
        if look.texture is not None:
            surface["baseColorTexture"] = {"index": self._texture(look.texture)}
        else:
            surface["baseColorFactor"] = list(look.color)
        material: dict[str, Any] = {"pbrMetallicRoughness": surface}
        if look.unlit:
            material["extensions"] = {"KHR_materials_unlit": {}}
        if look.alpha is not Alpha.OPAQUE:
            material["alphaMode"] = str(look.alpha)
        if material not in self._materials:
            self._materials.append(material)
        return self._materials.index(material)

    def _texture(self, texture: Texture) -> int:
        if texture not in self._known:
            image = self._model.images[texture.image]
            self._views.append(self._view(bytes(image.data)))
            self._images.append({"bufferView": len(self._views) - 1, "mimeType": image.mime})
            sampler = {
                "wrapS": texture.wrap_s,
                "wrapT": texture.wrap_t,
                "magFilter": 9729,
                "minFilter": 9987,
            }
            if sampler not in self._samplers:
                self._samplers.append(sampler)
            place = {"source": len(self._images) - 1, "sampler": self._samplers.index(sampler)}
            self._textures.append(place)
            self._known[texture] = len(self._textures) - 1
        return self._known[texture]


def _light(colors: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(n, 4) sRGB as glTF counts vertex colours."""
    values = colors / 255
    values[:, :3] = to_light(values[:, :3])
    return values


def _y_up(vectors: NDArray[Any]) -> NDArray[Any]:
    """(n, 3) from z up to glTF's y up; a tileset turns them back."""
    return np.stack([vectors[:, 0], vectors[:, 2], -vectors[:, 1]], axis=1)
