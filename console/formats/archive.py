"""Zipped formats (KMZ, XLSX): what an archive says of itself is not believed, only counted bytes are."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from console.formats.refusal import FileRefused, refused

MAX_UNPACKED = 1 << 30
"""Bytes that an archive may unpack to."""
MAX_MEMBERS = 20_000
MAX_DOCUMENTS = 200
"""Of a KMZ."""
_BLOCK = 1 << 20


def unpack_kml(path: Path, folder: Path) -> list[Path]:
    """All documents of a KMZ, the main one first: QGIS writes one a layer, to which the main one links.

    As files of our own names in *folder*. Raises FileRefused.
    """
    with _opened(path) as archive:
        found = [info for info in archive.infolist() if info.filename.lower().endswith(".kml")]
        if not found:
            raise refused(f"{path.name} 中没有 KML", f"{path.name} holds no KML")
        if len(found) > MAX_DOCUMENTS:
            raise refused(f"{path.name} 内含文件过多", f"{path.name} holds too many files")
        found.sort(key=lambda info: PurePosixPath(info.filename).name.lower() != "doc.kml")
        targets = [folder / f"doc{at}.kml" for at in range(len(found))]
        size = 0
        for info, target in zip(found, targets, strict=True):
            with archive.open(info) as source, target.open("wb") as sink:
                for block in _counted(source, path, size):
                    size += sink.write(block)
    return targets


def must_be_sound(path: Path) -> None:
    """Unpack all of *path* once, keeping nothing: GDAL would go on to the end of the memory."""
    with _opened(path) as archive:
        size = 0
        for info in archive.infolist():
            with archive.open(info) as source:
                for block in _counted(source, path, size):
                    size += len(block)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise refused(f"{path.name} 内含文件过多", f"{path.name} holds too many files")
            if any(_leads_out(info.filename) for info in members):
                raise refused(
                    f"{path.name} 内的文件路径指向压缩包之外，出于安全考虑不予打开",
                    f"{path.name} holds files whose paths lead out of it; for safety it is not opened",
                )
            yield archive
    except FileRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as error:
        # RuntimeError: encrypted, or packed in a way that Python does not know
        raise refused(
            f"{path.name} 已损坏、加密或不完整", f"{path.name} is broken, encrypted or cut off"
        ) from error


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or ":" in (parts.parts or ("",))[0]


def _counted(source: IO[bytes], path: Path, before: int) -> Iterator[bytes]:
    size = before
    while block := source.read(_BLOCK):
        size += len(block)
        if size > MAX_UNPACKED:
            raise refused(
                f"{path.name} 解压后超过 {MAX_UNPACKED >> 20} MB,不予打开",
                f"{path.name} unpacks to more than {MAX_UNPACKED >> 20} MB and is not opened",
            )
        yield block
