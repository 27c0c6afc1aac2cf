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
_BLOCK = 1 << 20


def unpack_kml(path: Path, folder: Path) -> Path:
    """The main document of a KMZ, as a file of our own name in *folder*. Raises FileRefused."""
    with _opened(path) as archive:
        names = [info for info in archive.infolist() if info.filename.lower().endswith(".kml")]
        if not names:
            raise refused(f"{path.name} 中没有 KML", f"{path.name} holds no KML")
        main = next((i for i in names if PurePosixPath(i.filename).name.lower() == "doc.kml"), names[0])
        target = folder / "doc.kml"
        with archive.open(main) as source, target.open("wb") as sink:
            for block in _counted(source, path, 0):
                sink.write(block)
    return target


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
