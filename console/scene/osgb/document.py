"""One OSGB file: its header, its compression, its root object.

Source: OpenSceneGraph 3.6, src/osgDB/InputStream.cpp (start, decompress) and Compressors.cpp.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from console.scene.limits import MAX_FILE
from console.scene.osgb.fields import ALWAYS, FLAGGED
from console.scene.osgb.objects import Decoder, OsgObject
from console.scene.osgb.stream import Stream, cut_off
from console.scene.refusal import refused

OLDEST, NEWEST = 80, 161
"""Versions that are known; a newer one is tried if its brackets let what is new be skipped."""

_MAGIC = {b"\xa1\x0e\x91\x6c\x45\x45\xfb\x1a": "<", b"\x6c\x91\x0e\xa1\x1a\xfb\x45\x45": ">"}
_SCENE = 1
_DOMAINS, _SCHEMA, _BRACKETS = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its version, its root, and the classes that were skipped."""

    version: int
    root: OsgObject
    skipped: tuple[str, ...] = ()


def read_document(data: bytes | memoryview) -> Document:
    """Read a whole OSGB file, versions OLDEST..NEWEST, zlib or not. Raises SceneRefused."""
    if len(data) > MAX_FILE:
        raise refused("OSGB 文件过大,不予加载", "the OSGB file is too large and is not loaded")
    order = _MAGIC.get(bytes(data[:8]))
    if order is None:
        raise refused("不是 OSGB 文件(文件头不符)", "this is not an OSGB file: its header differs")
    stream = Stream(memoryview(data), order)
    stream.blob(8)
    decoder = Decoder(_open(stream), ALWAYS, FLAGGED)
    root = decoder.object()
    if root is None:
        raise refused("OSGB 文件中没有可显示的内容", "the OSGB file holds nothing that can be shown")
    return Document(decoder.stream.version, root, tuple(sorted(decoder.skipped)))


def _open(stream: Stream) -> Stream:
    """Read the header; gives the stream of the objects, inflated."""
    kind, version, attributes = stream.read("3I")
    if kind != _SCENE:
        raise refused("OSGB 文件不是场景模型", "the OSGB file is not a scene")
    brackets = bool(attributes & _BRACKETS)
    if version < OLDEST or (version > NEWEST and not brackets):
        raise refused(f"不支持的 OSGB 版本 {version}", f"OSGB version {version} is not supported")
    if attributes & _DOMAINS:
        for _ in range(stream.items()):
            _ = stream.string(), stream.read("i")
    name = stream.string()
    inner = stream if name == "0" else Stream(memoryview(_inflate(stream, name)), stream.order)
    inner.version, inner.brackets = version, brackets
    if attributes & _SCHEMA:
        inner.string()  # the order of the fields: that of the version, which we know
    return inner


def _inflate(stream: Stream, name: str) -> bytes:
    if name != "zlib":
        raise refused(
            "OSGB 文件的压缩方式不受支持", "the OSGB file is compressed in a way that is not supported"
        )
    inflater = zlib.decompressobj(wbits=15 + 32)  # zlib or gzip
    try:
        data = inflater.decompress(stream.data[stream.at :], MAX_FILE)
    except zlib.error as error:
        raise cut_off() from error
    if not inflater.eof:
        raise cut_off()
    return data
