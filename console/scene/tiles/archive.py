"""Tilesets in one file: .3tz (3D Tiles Archive Format 1.4) and plain .zip."""

from __future__ import annotations

import hashlib
import struct
import threading
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from console.scene.limits import MAX_FILE
from console.scene.refusal import SceneRefused, refused
from console.scene.tiles.paths import resolve
from console.scene.tiles.source import missing, must_fit, plain

INDEX = "@3dtilesIndex1@"
MAX_MEMBERS = 4_000_000
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_END = struct.Struct("<4sHHHHIIH")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_DESCRIPTOR = 1 << 3
_ENCRYPTED = 1
_ZSTANDARD = 93
_UNKNOWN = 0xFFFFFFFF
_INDEXED = np.dtype([("low", "<u8"), ("high", "<u8"), ("offset", "<u8")])
"""MD5 of the path as two numbers, and where its local header stands."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in the archive."""

    offset: int
    """Of its bytes."""
    packed: int
    size: int
    method: int


class ArchiveSource:
    """A tileset in an archive. Files are found by the archive's own index if it has one: opening it then
    takes hardly longer for a million files than for ten. May be read from several threads.
    """

    start = "tileset.json"

    def __init__(self, path: Path) -> None:
        """Raises SceneRefused for what is no archive of ours."""
        try:
            self._file = path.open("rb")
            self._size = path.stat().st_size
        except OSError as error:
            raise missing(path.name) from error
        self._lock = threading.Lock()
        self._names: dict[str, int] = {}
        try:
            self._index = self._read_index()
            if self._index is None:
                self._names = listed(path)
                self.start = main_document(self._names)
        except SceneRefused:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file; nothing can be read after it."""
        self._file.close()

    def resolve(self, base: str, uri: str) -> str:
        return resolve(base, uri)

    def read(self, key: str) -> bytes:
        try:
            member = self._member(self._offset(key))
            must_fit(max(member.size, member.packed), key)
            return plain(unpacked(self._at(member.offset, member.packed), member.method, member.size))
        except (OSError, struct.error, ValueError) as error:  # ValueError: closed meanwhile
            raise archive_broken() from error

    def _at(self, offset: int, size: int) -> bytes:
        if offset < 0 or offset + size > self._size:
            raise archive_broken()
        with self._lock:
            self._file.seek(offset)
            data = self._file.read(size)
        if len(data) != size:
            raise archive_broken()
        return data

    def _offset(self, key: str) -> int:
        """Where the local header of *key* stands. Raises SceneRefused."""
        offset = self._names.get(key) if self._index is None else indexed(self._index, key)
        if offset is None:
            raise missing(key)
        return offset

    def _member(self, offset: int) -> _Member:
        """The file whose local header stands at *offset* (ZIP application note, 4.3.7)."""
        head = _LOCAL.unpack(self._at(offset, _LOCAL.size))
        signature, _, flags, method, _, _, _, packed, size, name, extra = head
        if signature != b"PK\x03\x04" or flags & _ENCRYPTED:
            raise archive_broken()
        if flags & _DESCRIPTOR and not packed:
            raise refused(
                "压缩包以流方式写成,请重新打包",
                "the archive was written as a stream; pack it again",
            )
        if _UNKNOWN in (packed, size):
            size, packed = long_sizes(self._at(offset + _LOCAL.size + name, extra), size, packed)
        return _Member(offset + _LOCAL.size + name + extra, packed, size, method)

    def _read_index(self) -> NDArray[np.void] | None:
        """The index that ends a .3tz: its last entry, stored as it is; None in a plain zip."""
        tail_size = min(self._size, _END.size + _CENTRAL.size + len(INDEX) + 1024)
        tail = self._at(self._size - tail_size, tail_size)
        at = tail.rfind(b"PK\x01\x02")
        if at < 0 or len(tail) - at < _CENTRAL.size:
            return None
        fields = _CENTRAL.unpack_from(tail, at)
        name, offset = fields[10], fields[16]
        if tail[at + _CENTRAL.size : at + _CENTRAL.size + name] != INDEX.encode():
            return None
        if offset == _UNKNOWN:
            extra = tail[at + _CENTRAL.size + name :][: fields[11]]
            (offset,) = struct.unpack_from("<Q", extra, 4) if len(extra) >= 12 else (0,)
        member = self._member(offset)
        if member.method or member.packed % _INDEXED.itemsize:
            raise archive_broken()
        must_fit(member.packed, INDEX)
        return np.sort(np.frombuffer(self._at(member.offset, member.packed), _INDEXED), order="low")


def indexed(index: NDArray[np.void], key: str) -> int | None:
    """The offset of *key* in a .3tz's index, sorted by "low"."""
    low, high = struct.unpack("<QQ", hashlib.md5(key.encode(), usedforsecurity=False).digest())
    first = int(np.searchsorted(index["low"], np.uint64(low), "left"))
    last = int(np.searchsorted(index["low"], np.uint64(low), "right"))
    found = np.flatnonzero(index["high"][first:last] == np.uint64(high))
    return int(index["offset"][first + int(found[0])]) if len(found) else None


def listed(path: Path) -> dict[str, int]:
    """Offsets of the local headers of a zip's files, by name. Raises SceneRefused."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise archive_broken() from error
    if len(members) > MAX_MEMBERS:
        raise refused("压缩包内文件过多", "the archive holds too many files")
    return {member.filename.replace("\\", "/"): member.header_offset for member in members}


def main_document(names: dict[str, int]) -> str:
    """tileset.json nearest to the root, as zips often hold one folder. Raises SceneRefused."""
    found = [name for name in names if name.rpartition("/")[2] == "tileset.json"]
    if not found:
        raise refused("压缩包中没有 tileset.json", "the archive holds no tileset.json")
    return min(found, key=lambda name: (name.count("/"), name))


def unpacked(data: bytes, method: int, size: int) -> bytes:
    """*data*, packed by ZIP's *method*, which should give *size* bytes. Raises SceneRefused."""
    if method == zipfile.ZIP_STORED:
        return data
    limit = min(size, MAX_FILE) + 1
    try:
        if method == zipfile.ZIP_DEFLATED:
            plain_data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, limit)
        elif method == _ZSTANDARD:
            plain_data = zstandard.ZstdDecompressor().stream_reader(data).read(limit)
        else:
            raise refused("压缩包使用了不支持的压缩方式", "the archive is packed in a way that is not read")
    except (zlib.error, zstandard.ZstdError) as error:
        raise archive_broken() from error
    if len(plain_data) != size:
        raise archive_broken()
    return plain_data


def long_sizes(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    """Sizes in the ZIP64 field of a header (4.5.3). Raises SceneRefused."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            values = list(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            size = values.pop(0) if size == _UNKNOWN and values else size
            packed = values.pop(0) if packed == _UNKNOWN and values else packed
            return size, packed
        at += 4 + length
    raise archive_broken()


def archive_broken() -> SceneRefused:
    """What is told of an archive that cannot be read."""
    return refused("压缩包已损坏、加密或不完整", "the archive is broken, encrypted or cut off")
