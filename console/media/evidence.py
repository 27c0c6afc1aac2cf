"""Files that are to prove something: hashed, described beside, and named when they are whole."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec


class Cancelled(Exception):
    """Nobody wants the file any more."""


def part_of(path: Path, number: int) -> Path:
    """Where it is written until it is whole."""
    return path.with_name(f".{path.name}.{os.getpid()}-{number}.part")


def finish(
    part: Path, path: Path, about: Mapping[str, str], cancelled: Callable[[], bool]
) -> tuple[str, int]:
    """Hash *part*, name it *path*, describe it in a JSON file beside; SHA-256 and bytes.

    Raises OSError or Cancelled.
    """
    digest = hashlib.sha256()
    with part.open("rb+") as file:
        while block := file.read(1 << 20):
            if cancelled():
                raise Cancelled
            digest.update(block)
        os.fsync(file.fileno())
    size, sha256 = part.stat().st_size, digest.hexdigest()
    told = {**about, "file": path.name, "sha256": sha256, "bytes": str(size), "written": utc(time.time())}
    part.replace(path)
    beside = path.with_suffix(".json")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=2))
    return sha256, size


def utc(when: float) -> str:
    """*when*: s since 1970; to the thousandth."""
    whole, thousandths = divmod(round(when * 1000), 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{thousandths:03d}Z"
