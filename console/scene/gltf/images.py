"""Pictures of textures: found as encoded bytes when a tile is read, decoded when it is to be shown."""

from __future__ import annotations

import io

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image as Pillow

from console.scene.gltf.model import Image
from console.scene.limits import MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE
from console.scene.refusal import SceneRefused, broken, refused

_JPEG = b"\xff\xd8"
_KTX2, _BASIS = b"\xabKTX 20\xbb\r\n\x1a\n", b"sB"
_PILLOW_FORMATS = ("PNG", "WEBP", "JPEG", "BMP", "GIF")


def decode_image(image: Image) -> NDArray[np.uint8]:
    """The pixels: (height, width, 3) or (height, width, 4), RGB or RGBA as in the file, top row first.

    The format is told by the bytes: JPEG, PNG, WebP, KTX2 or basis (ETC1S, UASTC). Sizes above
    MAX_IMAGE_SIDE or MAX_IMAGE_PIXELS are refused before anything is decoded. JPEG and basis let go
    of the GIL. Raises SceneRefused.
    """
    data = image.data
    if bytes(data[:2]) == _JPEG:
        return _jpeg(data)
    if bytes(data[:12]).startswith((_KTX2, _BASIS)):
        return _basis(data)
    return _other(data)


def _jpeg(data: memoryview) -> NDArray[np.uint8]:
    try:
        height, width, space, _ = simplejpeg.decode_jpeg_header(data, strict=False)
        must_be_modest(int(width), int(height))
        if space in ("CMYK", "YCCK"):
            return _other(data)
        return simplejpeg.decode_jpeg(data, "RGB", strict=False)
    except (ValueError, RuntimeError, KeyError) as error:  # KeyError: a colour space of none
        raise _broken() from error


def _basis(data: memoryview) -> NDArray[np.uint8]:
    import opengl_basisu  # half the time that it takes to load this package

    try:
        texture = opengl_basisu.open(data)
        must_be_modest(texture.width, texture.height)
        pixels = texture.transcode("rgba8").data
    except (opengl_basisu.BasisuError, ValueError, IndexError) as error:
        raise _broken() from error
    return (
        np.asarray(pixels, np.uint8)
        if texture.has_alpha
        else np.ascontiguousarray(pixels[:, :, :3], np.uint8)
    )


def _other(data: memoryview) -> NDArray[np.uint8]:
    try:
        with Pillow.open(io.BytesIO(data), formats=_PILLOW_FORMATS) as opened:
            must_be_modest(*opened.size)
            has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            return np.array(opened.convert("RGBA" if has_alpha else "RGB"))
    except SceneRefused:
        raise
    except Pillow.DecompressionBombError as error:
        raise refused("贴图尺寸超出上限,不予解码", "a texture is too large to decode") from error
    except Exception as error:  # Pillow's plugins raise whatever they meet
        raise _broken() from error


def must_be_modest(width: int, height: int) -> None:
    """Raises SceneRefused for a picture larger than we decode."""
    if max(width, height) > MAX_IMAGE_SIDE or width * height > MAX_IMAGE_PIXELS:
        raise refused(
            f"贴图尺寸 {width}x{height} 超出上限,不予解码",
            f"the texture of {width}x{height} pixels is too large to decode",
        )


def _broken() -> SceneRefused:
    return broken("贴图", "a texture")
