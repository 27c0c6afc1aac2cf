"""Layer packages on disk: mapped, not read."""

from __future__ import annotations

import mmap
from pathlib import Path

from console.model.layers import LayerPackage, decode_package


def open_package(path: Path) -> LayerPackage:
    """The package in a file; what of it is looked at is read then.

    Raises OSError and PackageError, or another ValueError for an empty file.
    """
    with path.open("rb") as file:
        return decode_package(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
