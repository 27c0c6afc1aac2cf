"""Memory that processes share is the one that is meant, or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.shared_memory import SharedFile

SIZE = 1 << 16


def test_what_one_writes_the_other_reads():
    mine = SharedFile(SIZE, "onemap-test")
    other = SharedFile(SIZE, "onemap-test", mine.path)
    other.map[:3] = b"abc"
    assert bytes(mine.map[:3]) == b"abc"
    mine.close()


def test_another_file_under_the_same_number_is_never_taken_for_it(tmp_path: Path):
    mine = SharedFile(SIZE, "onemap-test")
    name = mine.path
    mine.close()
    precious = tmp_path / "report.pdf"
    precious.write_bytes(b"x" * 2 * SIZE)
    handles = [os.open(precious, os.O_RDONLY) for _ in range(64)]  # one of them has the number
    try:
        with pytest.raises(FileNotFoundError):
            SharedFile(SIZE, "onemap-test", name)
        later = [SharedFile(SIZE, "onemap-test") for _ in range(64)]
        with pytest.raises(FileNotFoundError):
            SharedFile(SIZE, "onemap-test", name)
        for each in later:
            each.close()
    finally:
        for handle in handles:
            os.close(handle)
    assert precious.read_bytes() == b"x" * 2 * SIZE
    with pytest.raises(FileNotFoundError):
        SharedFile(SIZE, "onemap-test", name)


def test_it_takes_the_room_that_was_asked_for():
    mine = SharedFile(SIZE, "onemap-test")
    assert mine.map.size() == SIZE
    mine.close()
