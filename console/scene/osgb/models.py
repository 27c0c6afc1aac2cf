"""Meshes made into a model as those of glTF are, in the site's frame: for drawing, and for writing a glb."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image as Pillow

from console.scene.gltf.model import Alpha, Draw, Image, Material, Mode, Model, Primitive
from console.scene.gltf.model import Texture as Sampled
from console.scene.osgb.model import Mesh, Texture
from console.scene.osgb.site import Site
from console.scene.refusal import refused
from console.scene.transforms import translation

FAR = 1e8
"""Metres from the frame's origin beyond which nothing of a model can be."""
_JPEG, _PNG = b"\xff\xd8", b"\x89PNG"
_QUALITY = 90

Points = NDArray[np.float64]
Beside = Callable[[str], bytes | None]
"""The bytes of a file that lies beside the one that names it; None: it is not there."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A model where it stands."""

    model: Model
    """z up; each vertex float32 about the middle of the box, which stands in the draws as double."""
    box: Points
    """(2, 3): least and greatest x, y, z in the site's frame, metres."""


def model_of(meshes: Sequence[Mesh], site: Site, beside: Beside) -> Standing | None:
    """One model of *meshes*; None: nothing of them has an area. Raises SceneRefused: off the map."""
    surfaces = [surface for mesh in meshes if len((surface := _surface(mesh)).indices)]
    if not surfaces:
        return None
    placed = [_placed(mesh, site) for mesh in surfaces]
    box = np.array(
        [np.min([p.min(axis=0) for p in placed], axis=0), np.max([p.max(axis=0) for p in placed], axis=0)]
    )
    center = box.mean(axis=0)
    looks = _Looks(beside)
    primitives = tuple(
        _primitive(mesh, points, center, site, looks.material(mesh))
        for mesh, points in zip(surfaces, placed, strict=True)
    )
    draws = tuple(Draw(number, translation(center)[None]) for number in range(len(primitives)))
    return Standing(Model(primitives, draws, tuple(looks.images), unread=tuple(looks.unread)), box)


def _placed(mesh: Mesh, site: Site) -> Points:
    points = site.placed(mesh.placed())
    if not np.abs(points).max() < FAR:
        raise refused("模型坐标超出合理范围", "the model's coordinates are out of all reason")
    return points


def _primitive(mesh: Mesh, points: Points, center: Points, site: Site, material: Material) -> Primitive:
    normals = None
    if mesh.normals is not None:
        turn = _turning(site, mesh.placed()[0]) @ mesh.transform[:3, :3]
        normals = _unit(mesh.normals @ turn.T).astype(np.float32)
    return Primitive(
        mode=Mode.TRIANGLES,
        positions=(points - center).astype(np.float32),
        indices=mesh.indices.ravel().astype(np.uint32),
        material=material,
        normals=normals,
        texcoords=None if mesh.uv is None else (mesh.uv * (1.0, -1.0) + (0.0, 1.0)).astype(np.float32),
        colors=mesh.colors,
    )


class _Looks:
    """Materials, with each picture once."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self.images: list[Image] = []
        self.unread: list[str] = []
        self._known: dict[int, int | None] = {}

    def material(self, mesh: Mesh) -> Material:
        texture = None if mesh.texture is None else self._texture(mesh.texture)
        red, green, blue, alpha = mesh.color
        plain = (_linear(red), _linear(green), _linear(blue), alpha)
        return Material(
            color=plain if texture is None else (1.0, 1.0, 1.0, 1.0),
            texture=texture,
            metallic=0.0,
            roughness=1.0,
            alpha=Alpha.BLEND if _translucent(mesh, texture) else Alpha.OPAQUE,
            unlit=mesh.normals is None or texture is not None,  # a photograph is lit already
        )

    def _texture(self, texture: Texture) -> Sampled | None:
        if id(texture) not in self._known:
            self._known[id(texture)] = self._image(texture)
        image = self._known[id(texture)]
        return None if image is None else Sampled(image, *texture.wrap)

    def _image(self, texture: Texture) -> int | None:
        """The picture's place among the images, read from beside the file if need be."""
        if texture.file:
            data = self._beside(texture.file)
            if data is None:
                self.unread.append(f"the texture {texture.file[-80:]} is not there")
                return None
            texture = replace(texture, data=data, file="")
        if texture.pixels is None and not (texture.data or b"").startswith((_JPEG, _PNG)):
            self.unread.append("a texture that is neither JPEG nor PNG")
            return None
        self.images.append(_encoded(texture))
        return len(self.images) - 1


def _encoded(texture: Texture) -> Image:
    """A file of JPEG or PNG: as it came, or made of pixels."""
    if texture.pixels is None:
        data = texture.data or b""
        return Image(memoryview(data), "image/jpeg" if data.startswith(_JPEG) else "image/png")
    channels = texture.pixels.shape[2]
    if channels == 4:
        target = io.BytesIO()
        Pillow.fromarray(texture.pixels).save(target, "PNG")
        return Image(memoryview(target.getvalue()), "image/png")
    space = "RGB" if channels == 3 else "GRAY"
    return Image(memoryview(simplejpeg.encode_jpeg(texture.pixels, _QUALITY, space)), "image/jpeg")


def _translucent(mesh: Mesh, texture: Sampled | None) -> bool:
    pixels = mesh.texture.pixels if mesh.texture else None
    if pixels is not None and pixels.shape[2] == 4:
        return bool((pixels[:, :, 3] < 255).any())
    return texture is None and mesh.color[3] < 1.0


def _surface(mesh: Mesh) -> Mesh:
    """Only the triangles that have an area to draw, and only their vertices."""
    a, b, c = mesh.indices.T
    indices = mesh.indices[(a != b) & (b != c) & (c != a)]
    used = np.unique(indices)
    number = np.zeros(len(mesh.positions), np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    return replace(
        mesh,
        positions=mesh.positions[used],
        indices=number[indices],
        uv=None if mesh.uv is None else mesh.uv[used],
        normals=None if mesh.normals is None else mesh.normals[used],
        colors=None if mesh.colors is None else mesh.colors[used],
    )


def _turning(site: Site, point: Points) -> Points:
    """(3, 3): how the directions of the model's axes at *point* lie in the frame."""
    moved = site.placed(np.vstack([point, point + np.identity(3)]))
    return (moved[1:] - moved[0]).T


def _unit(vectors: Points) -> Points:
    """Of length 1; what has no direction looks up."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(length > 0, vectors / np.where(length > 0, length, 1.0), (0.0, 0.0, 1.0))


def _linear(value: float) -> float:
    """sRGB to linear, 0..1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
