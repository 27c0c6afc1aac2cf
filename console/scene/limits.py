"""What one piece of a scene may cost: files come from anybody, and what they say of themselves may lie."""

from __future__ import annotations

from console.scene.refusal import refused

MAX_JSON = 128 << 20
"""Bytes of one JSON document."""
MAX_FILE = 512 << 20
"""Bytes of one file: tile, buffer, texture."""
MAX_DECODED = 1 << 30
"""Bytes that one tile may decode to."""
MAX_IMAGE_SIDE = 16_384
"""Pixels."""
MAX_IMAGE_PIXELS = 1 << 26
"""64 megapixels: 256 MB as RGBA."""


class Budget:
    """What is left of the bytes that one tile may decode to. Taken before the memory is."""

    def __init__(self, size: int = MAX_DECODED) -> None:
        self.left = size

    def take(self, count: int, size: int = 1) -> None:
        """Reserve *count* elements of *size* bytes. Raises SceneRefused when there is no more."""
        self.left -= count * size
        if self.left < 0:
            raise refused(
                "模型解码后超出内存上限,不予加载",
                "the model decodes to more than the memory allowed",
            )
