"""The binary container of glTF 2.0 (chapter 4): a header of 12 bytes, a JSON chunk, at most one BIN chunk."""

from __future__ import annotations

import struct

from console.scene.refusal import broken, refused

_JSON = 0x4E4F534A
_BIN = 0x004E4942


def is_glb(data: bytes | memoryview) -> bool:
    """Whether *data* begins as one."""
    return bytes(data[:4]) == b"glTF"


def split_glb(data: memoryview) -> tuple[memoryview, memoryview]:
    """The JSON and the binary chunk of *data*, as views on it; a missing binary chunk is empty.

    The declared length may exceed the data by the padding that some exporters forget; chunks may not.
    Raises SceneRefused.
    """
    if len(data) < 20 or not is_glb(data):
        raise broken("glb 文件", "the glb file")
    version, length = struct.unpack_from("<2I", data, 4)
    if version != 2:
        raise refused(
            f"不支持 glTF {version} 版,请用工具升级到 2.0",
            f"glTF version {version} is not read; upgrade it to 2.0",
        )
    chunks: dict[int, memoryview] = {}
    at, end = 12, min(length, len(data))
    while at + 8 <= end:
        size, kind = struct.unpack_from("<2I", data, at)
        if at + 8 + size > len(data):
            raise broken("glb 文件", "the glb file")
        chunks.setdefault(kind, data[at + 8 : at + 8 + size])
        at += 8 + (size + 3) // 4 * 4
    if _JSON not in chunks:
        raise broken("glb 文件", "the glb file")
    return chunks[_JSON], chunks.get(_BIN, data[:0])
