"""What views look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tileset_writer import BLOCK_LEVELS, Blocks


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A block of a hilly town, 160 m wide, on disk."""
    blocks, folder = Blocks(1, 1), tmp_path / "town"
    tiles = [(n, x, y) for n in range(BLOCK_LEVELS) for x in range(2**n) for y in range(2**n)]
    for key in ["tileset.json", "b0_0.json", *(f"{n}/{x}/{y}.glb" for n, x, y in tiles)]:
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blocks.read(key))
    return folder
