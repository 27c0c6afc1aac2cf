"""Memory that several of our processes share: a file that is mapped by all of them.

On Linux it is an anonymous file that others open through /proc, so that nothing is left behind however the
programs end; elsewhere it is a temporary file. It takes room as it is written to.

The name that others attach by says which file is meant, too: a number under /proc is given to another file as
soon as its own is closed.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path


class SharedFile:
    """*size* bytes; the owner makes it, under a *name* for people, others attach by ``path``."""

    def __init__(self, size: int, name: str, path: str = "") -> None:
        """Raises FileNotFoundError when what *path* means has gone."""
        self._file = -1
        self._owned: Path | None = None
        self.path = path or self._create(size, name)
        handle = _opened(path) if path else self._file
        try:
            self.map = mmap.mmap(handle, size)
        finally:
            if path:
                os.close(handle)

    def _create(self, size: int, name: str) -> str:
        if hasattr(os, "memfd_create"):
            self._file = os.memfd_create(name, os.MFD_CLOEXEC)
            path = f"/proc/{os.getpid()}/fd/{self._file}"
        else:
            self._file, path = tempfile.mkstemp(prefix=f"{name}-")
            self._owned = Path(path)
        os.ftruncate(self._file, size)
        return f"{path}{_MARK}{_identity(self._file)}"

    def close(self) -> None:
        """Give the file back; the mapping goes when the last piece of it goes."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        if self._owned is not None:
            self._owned.unlink(missing_ok=True)


_MARK = "#"


def _opened(path: str) -> int:
    name, _, identity = path.rpartition(_MARK)
    handle = os.open(name, os.O_RDWR)
    if _identity(handle) != identity:
        os.close(handle)
        raise FileNotFoundError(path)
    return handle


def _identity(handle: int) -> str:
    about = os.fstat(handle)
    return f"{about.st_dev}-{about.st_ino}"
