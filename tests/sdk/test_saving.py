"""Files that the user saves are there whole or not at all."""

from __future__ import annotations

import errno
from datetime import datetime
from pathlib import Path

import pytest

from console.sdk.saving import CHUNK, put_whole, suggested_path, why_not


def test_a_file_is_put_whole_into_a_folder_that_is_made(tmp_path: Path) -> None:
    target = tmp_path / "new" / "图.pdf"
    assert put_whole(target, b"x" * (CHUNK + 1))
    assert target.stat().st_size == CHUNK + 1
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_what_is_given_up_on_the_way_leaves_the_old_file_alone(tmp_path: Path, looks: int) -> None:
    target, left = tmp_path / "files" / "old.png", [True] * looks
    target.parent.mkdir()
    target.write_text("before")
    assert not put_whole(target, b"x" * (2 * CHUNK), lambda: bool(left and left.pop()))
    assert target.read_text() == "before"
    assert list(target.parent.iterdir()) == [target]


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "files" / "folder"
    folder.mkdir(parents=True)
    with pytest.raises(OSError):
        put_whole(folder, b"x")
    assert list(folder.parent.iterdir()) == [folder]


def test_names_say_what_and_when_and_hold_nothing_that_a_disk_refuses() -> None:
    path = suggested_path("/tmp", "a/b: 防汛 *", "png", datetime(2026, 11, 23, 6, 5, 4))
    assert path.name == "a-b--防汛-20261123-060504.png"
    assert path.parent == Path("/tmp")


def test_reasons_are_told_apart_and_others_are_left_to_whoever_knows_more() -> None:
    known = {why_not(fault) for fault in (errno.ENOSPC, errno.EROFS, errno.ENOENT, errno.ENAMETOOLONG)}
    assert len(known) == 4
    assert "" not in known
    assert why_not(errno.EINTR) == ""
