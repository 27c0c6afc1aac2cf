"""Where a tileset's files come from: a folder; archives and servers have files of their own."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Protocol, runtime_checkable

from console.scene.limits import MAX_FILE
from console.scene.refusal import broken, refused
from console.scene.tiles.paths import resolve

_GZIP = b"\x1f\x8b"


class Source(Protocol):
    """The files of one tileset. Used from several threads at once."""

    start: str
    """The key of the tileset's main document."""

    def resolve(self, base: str, uri: str) -> str:
        """The key of the file that *uri* names in the file *base*. Raises SceneRefused."""
        ...

    def read(self, key: str) -> bytes:
        """Its bytes, at most MAX_FILE. Raises SceneRefused."""
        ...


@runtime_checkable
class Held(Protocol):
    """A source that holds a file or connections open."""

    def close(self) -> None:
        """Let go of them: reads under way end, and all later ones are refused."""
        ...


class FolderSource:
    """A tileset unpacked on disk. Links that lead out of its folder are refused."""

    def __init__(self, path: Path) -> None:
        """*path*: the main document, or the folder with tileset.json."""
        main = path / "tileset.json" if path.is_dir() else path
        self._root = main.parent.resolve()
        self.start = main.name

    def resolve(self, base: str, uri: str) -> str:
        return resolve(base, uri)

    def read(self, key: str) -> bytes:
        try:
            path = (self._root / key).resolve(strict=True)
            if not path.is_relative_to(self._root) or not path.is_file():
                raise missing(key)
            with path.open("rb") as file:
                data = file.read(MAX_FILE + 1)
        except (OSError, ValueError, RuntimeError) as error:
            raise missing(key) from error
        must_fit(len(data), key)
        return plain(data)


def missing(key: str) -> Exception:
    """What is told of a file that is not there."""
    return refused(f"找不到“{key[:200]}”", f"“{key[:200]}” is not there")


def must_fit(size: int, key: str) -> None:
    """Raises SceneRefused for a file above MAX_FILE."""
    if size > MAX_FILE:
        raise refused(f"“{key[:200]}”过大,不予读取", f"“{key[:200]}” is too large to read")


def plain(data: bytes) -> bytes:
    """*data* unpacked if it is gzip, as some servers' caches are kept on disk. Raises SceneRefused."""
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, MAX_FILE + 1)
    except zlib.error as error:
        raise broken("压缩的文件", "a compressed file") from error
    must_fit(len(unpacked), "gzip")
    if not unpacker.eof:
        raise broken("压缩的文件", "a compressed file")
    return unpacked
