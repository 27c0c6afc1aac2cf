"""Buffers and buffer views of a glTF (3.6.1), compressed by meshopt or not."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import meshopt
import numpy as np

from console.scene.gltf.schema import BufferView, Gltf, Meshopt
from console.scene.limits import MAX_FILE, Budget
from console.scene.refusal import broken, refused

Fetch = Callable[[str], bytes]
"""The bytes of another file by its relative URI. Raises SceneRefused."""


def nothing_else(uri: str) -> bytes:
    """A Fetch for a glTF that stands alone."""
    raise refused("模型引用了包外的文件,未加载", "the model refers to another file, which is not loaded")


def read_uri(uri: str, fetch: Fetch) -> memoryview:
    """The bytes behind *uri*: a data URI's own, or another file's. Raises SceneRefused."""
    if not uri.startswith("data:"):
        return memoryview(fetch(uri))
    head, comma, body = uri.partition(",")
    if not comma or len(body) > MAX_FILE:
        raise broken("模型内嵌的数据", "data inside the model")
    try:
        data = base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
    except binascii.Error as error:
        raise broken("模型内嵌的数据", "data inside the model") from error
    return memoryview(data)


class Buffers:
    """The bytes of one glTF, by buffer view. Fallback buffers of compressed views are never asked for."""

    def __init__(self, gltf: Gltf, chunk: memoryview, fetch: Fetch, budget: Budget) -> None:
        self._gltf = gltf
        self._chunk = chunk
        self._fetch = fetch
        self._budget = budget
        self._buffers: dict[int, memoryview] = {}
        self._views: dict[int, memoryview] = {}

    def record(self, index: int) -> BufferView:
        """The view's record. Raises SceneRefused."""
        if index >= len(self._gltf.bufferViews):
            raise broken("模型数据", "the model's data")
        return self._gltf.bufferViews[index]

    def view(self, index: int) -> memoryview:
        """The bytes of view *index*, decompressed. Raises SceneRefused."""
        if index not in self._views:
            record = self.record(index)
            packed = record.extensions.EXT_meshopt_compression or record.extensions.KHR_meshopt_compression
            if packed is None:
                self._views[index] = self._cut(record.buffer, record.byteOffset, record.byteLength)
            else:
                self._views[index] = self._unpacked(packed)
        return self._views[index]

    def _cut(self, buffer: int, offset: int, length: int) -> memoryview:
        data = self._buffer(buffer)
        if offset + length > len(data):
            raise broken("模型数据", "the model's data")
        return data[offset : offset + length]

    def _buffer(self, index: int) -> memoryview:
        if index not in self._buffers:
            if index >= len(self._gltf.buffers):
                raise broken("模型数据", "the model's data")
            uri = self._gltf.buffers[index].uri
            if uri is not None:
                self._buffers[index] = read_uri(uri, self._fetch)
            elif index == 0:
                self._buffers[index] = self._chunk
            else:
                raise broken("模型数据", "the model's data")
        return self._buffers[index]

    def _unpacked(self, packed: Meshopt) -> memoryview:
        """EXT_meshopt_compression: the codec checks its own bytes; the count is checked here."""
        data = self._cut(packed.buffer, packed.byteOffset, packed.byteLength)
        self._budget.take(packed.count, packed.byteStride)
        if packed.count == 0:
            return memoryview(b"")
        try:
            rows = meshopt.decode_gltf_buffer(
                bytes(data), packed.count, packed.byteStride, packed.mode, packed.filter
            )
        except (ValueError, TypeError) as error:
            raise broken("meshopt 压缩数据", "meshopt-compressed data") from error
        return np.ascontiguousarray(rows).data.cast("B")
