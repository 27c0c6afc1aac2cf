"""The user's areas as they were last known, for names of grids while the backend is away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from console.sdk import Area

MAX_BYTES = 16 << 20


def read_areas(path: Path) -> list[Area]:
    """What ``write_areas`` wrote; nothing when there is none, or it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return []
        return msgspec.json.decode(path.read_bytes(), type=list[Area])
    except (OSError, msgspec.MsgspecError):
        return []


def write_areas(path: Path, areas: Sequence[Area]) -> None:
    """Raises OSError."""
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(list(areas)))
    part.replace(path)
