"""Results of reading, kept by what was read: the file, its size and time, and the options.

A result is a folder: ``result.json`` (FileLayers) with the packages beside it.
It comes into being under another name and is renamed, so it is whole or not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

import msgspec

from console.model.sources import FileLayers, FileOptions

FORMAT = 2
"""Greater when the same file gives other packages."""
BUDGET = 4 << 30
"""Bytes kept; the results that were not asked for the longest go first."""
_RESULT = "result.json"
_BESIDE = (".shx", ".dbf", ".prj", ".cpg")
"""Files beside a shapefile that it is made of."""


def key_of(path: Path, options: FileOptions) -> str:
    """Name of the result. Raises OSError when the file cannot be looked at."""
    parts = [str(FORMAT), str(path.absolute()), msgspec.json.encode(options).decode(), _stamp(path)]
    if path.suffix.lower() == ".shp":
        beside = (path.with_suffix(s) for s in (*_BESIDE, *(s.upper() for s in _BESIDE)))
        parts += [f"{file.suffix}:{_stamp(file)}" for file in beside if file.exists()]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size}:{stat.st_mtime_ns}"


def find(cache: Path, path: Path, options: FileOptions) -> FileLayers | None:
    """The result kept, if it is whole; it counts as asked for now. Raises OSError as ``key_of``."""
    folder = cache / key_of(path, options)
    try:
        layers = msgspec.json.decode((folder / _RESULT).read_bytes(), type=FileLayers)
    except (OSError, msgspec.DecodeError):
        return None
    if not all(Path(package.path).is_file() for package in layers.packages):
        return None
    os.utime(folder)
    return layers


class Draft:
    """A result in the making: packages are written to ``folder``, then ``keep`` or ``drop``."""

    def __init__(self, cache: Path, key: str) -> None:
        self._final = cache / key
        self.folder = cache / f"{key}.{os.getpid()}.new"
        self.folder.mkdir(parents=True, exist_ok=True)

    def path_of(self, name: str) -> str:
        """Where a file of the draft will stand once it is kept."""
        return str(self._final / name)

    def keep(self, layers: FileLayers) -> None:
        """Make it a result, in the place of one before; the oldest of others make room."""
        wanted = {Path(package.path).name for package in layers.packages}
        for file in self.folder.iterdir():
            if file.name not in wanted:  # what was unpacked to be read
                file.unlink()
        (self.folder / _RESULT).write_bytes(msgspec.json.encode(layers))
        shutil.rmtree(self._final, ignore_errors=True)
        self.folder.replace(self._final)
        with contextlib.suppress(OSError):  # another process tidies up at the same time
            _make_room(self._final)

    def drop(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep(cache: Path, pid: int) -> None:
    """Remove what the process *pid* had begun when it was ended."""
    for folder in cache.glob(f"*.{pid}.new"):
        shutil.rmtree(folder, ignore_errors=True)


def _make_room(newest: Path) -> None:
    results = sorted(newest.parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    used = 0
    for folder in results:
        used += sum(file.stat().st_size for file in folder.iterdir())
        if used > BUDGET and folder != newest:
            shutil.rmtree(folder, ignore_errors=True)
