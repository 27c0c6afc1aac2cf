"""Meshes written as a binary glTF: positions float32 about their centre, which stands in the node as double.

Source: glTF 2.0, 4.4 (binary container), 3.6 to 3.9; KHR_materials_unlit.
"""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from console.scene.osgb import Mesh, Texture

_ARRAY_BUFFER, _INDEX_BUFFER = 34962, 34963
_UBYTE, _USHORT, _UINT, _FLOAT = 5121, 5123, 5125, 5126
_JPEG, _PNG = b"\xff\xd8", b"\x89PNG"
_QUALITY = 90

Placed = tuple[Mesh, NDArray[np.float64], NDArray[np.float64]]
"""A mesh, its positions (n, 3) in the tileset's frame, and (3, 3) that turns its normals there."""


class GlbWriter:
    """Collects meshes of one tile; ``write`` gives the file."""

    def __init__(self, center: NDArray[np.float64]) -> None:
        """*center* (3,): of the tile, in the tileset's frame (z up)."""
        self._center = center
        self._binary = bytearray()
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []
        self._primitives: list[dict[str, Any]] = []
        self._materials: list[dict[str, Any]] = []
        self._images: list[dict[str, Any]] = []
        self._textures: list[dict[str, Any]] = []
        self._samplers: list[dict[str, int]] = []
        self._known: dict[int, int] = {}

    def add(self, placed: Placed) -> None:
        """Add one mesh; what it shares with another is written once."""
        mesh, positions, turn = placed
        attributes = {"POSITION": self._positions(positions)}
        if mesh.normals is not None:
            attributes["NORMAL"] = self._vectors(_y_up(_unit(mesh.normals @ turn.T)))
        if mesh.uv is not None:
            attributes["TEXCOORD_0"] = self._vectors(mesh.uv * (1.0, -1.0) + (0.0, 1.0))
        if mesh.colors is not None:
            attributes["COLOR_0"] = self._accessor(
                mesh.colors, _UBYTE, "VEC4", _ARRAY_BUFFER, normalized=True
            )
        self._primitives.append(
            {"attributes": attributes, "indices": self._indices(mesh), "material": self._material(mesh)}
        )

    def write(self) -> bytes:
        """The whole file."""
        self._pad()
        document = {
            "asset": {"version": "2.0", "generator": "OneMap Console"},
            "extensionsUsed": ["KHR_materials_unlit"],
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0, "translation": _y_up(self._center[None])[0].tolist()}],
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

    def _positions(self, positions: NDArray[np.float64]) -> int:
        near = _y_up(positions - self._center).astype(np.float32)
        number = self._vectors(near)
        self._accessors[number] |= {"min": near.min(axis=0).tolist(), "max": near.max(axis=0).tolist()}
        return number

    def _vectors(self, values: NDArray[Any]) -> int:
        return self._accessor(values.astype("<f4"), _FLOAT, f"VEC{values.shape[1]}", _ARRAY_BUFFER)

    def _indices(self, mesh: Mesh) -> int:
        small = len(mesh.positions) <= 0xFFFF  # 0xFFFF itself restarts a primitive
        values = mesh.indices.ravel().astype("<u2" if small else "<u4")
        return self._accessor(values, _USHORT if small else _UINT, "SCALAR", _INDEX_BUFFER)

    def _accessor(
        self, values: NDArray[Any], kind: int, shape: str, target: int, *, normalized: bool = False
    ) -> int:
        view = self._view(values.tobytes()) | {"target": target}
        self._views.append(view)
        accessor = {"bufferView": len(self._views) - 1, "componentType": kind, "count": len(values)}
        self._accessors.append(accessor | {"type": shape} | ({"normalized": True} if normalized else {}))
        return len(self._accessors) - 1

    def _view(self, data: bytes) -> dict[str, Any]:
        self._pad()
        start = len(self._binary)
        self._binary += data
        return {"buffer": 0, "byteOffset": start, "byteLength": len(data)}

    def _pad(self) -> None:
        self._binary += bytes(-len(self._binary) % 4)

    def _material(self, mesh: Mesh) -> int:
        surface: dict[str, Any] = {"metallicFactor": 0.0, "roughnessFactor": 1.0}
        if mesh.texture is not None:
            surface["baseColorTexture"] = {"index": self._texture(mesh.texture)}
        else:
            surface["baseColorFactor"] = [*(_linear(part) for part in mesh.color[:3]), mesh.color[3]]
        material: dict[str, Any] = {"pbrMetallicRoughness": surface}
        if mesh.normals is None or mesh.texture is not None:  # a photograph is lit already
            material["extensions"] = {"KHR_materials_unlit": {}}
        if _translucent(mesh):
            material["alphaMode"] = "BLEND"
        if material not in self._materials:
            self._materials.append(material)
        return self._materials.index(material)

    def _texture(self, texture: Texture) -> int:
        if id(texture) not in self._known:
            data, mime = _encoded(texture)
            self._views.append(self._view(data))
            self._images.append({"bufferView": len(self._views) - 1, "mimeType": mime})
            sampler = {
                "wrapS": texture.wrap[0],
                "wrapT": texture.wrap[1],
                "magFilter": 9729,
                "minFilter": 9987,
            }
            if sampler not in self._samplers:
                self._samplers.append(sampler)
            place = {"source": len(self._images) - 1, "sampler": self._samplers.index(sampler)}
            self._textures.append(place)
            self._known[id(texture)] = len(self._textures) - 1
        return self._known[id(texture)]


def writable(texture: Texture) -> bool:
    """Whether a glTF can hold it: pixels, JPEG or PNG."""
    return texture.pixels is not None or (texture.data or b"").startswith((_JPEG, _PNG))


def _encoded(texture: Texture) -> tuple[bytes, str]:
    """A file of JPEG or PNG: as it came, or made of pixels."""
    if texture.pixels is None:
        data = texture.data or b""
        return data, "image/jpeg" if data.startswith(_JPEG) else "image/png"
    channels = texture.pixels.shape[2]
    if channels == 4:
        target = io.BytesIO()
        Image.fromarray(texture.pixels).save(target, "PNG")
        return target.getvalue(), "image/png"
    space = "RGB" if channels == 3 else "GRAY"
    return simplejpeg.encode_jpeg(texture.pixels, _QUALITY, space), "image/jpeg"


def _translucent(mesh: Mesh) -> bool:
    pixels = mesh.texture.pixels if mesh.texture else None
    if pixels is not None and pixels.shape[2] == 4:
        return bool((pixels[:, :, 3] < 255).any())
    return mesh.texture is None and mesh.color[3] < 1.0


def _y_up(vectors: NDArray[Any]) -> NDArray[Any]:
    """(n, 3) from z up to glTF's y up; a tileset turns them back."""
    return np.stack([vectors[:, 0], vectors[:, 2], -vectors[:, 1]], axis=1)


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    """Of length 1; what has no direction looks up."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(length > 0, vectors / np.where(length > 0, length, 1.0), (0.0, 0.0, 1.0))


def _linear(value: float) -> float:
    """sRGB to linear, 0..1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
