"""glTF 2.0 and its binary container, read into numpy arrays."""

from console.scene.gltf.images import decode_image
from console.scene.gltf.model import Draw, FeatureIds, Image, Material, Mode, Model, Primitive, Texture
from console.scene.gltf.read import read_gltf

__all__ = [
    "Draw",
    "FeatureIds",
    "Image",
    "Material",
    "Mode",
    "Model",
    "Primitive",
    "Texture",
    "decode_image",
    "read_gltf",
]
