"""Tilesets in one file: what a folder gives, a .3tz and a .zip give too."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.refusal import SceneRefused
from console.scene.tiles import ArchiveSource
from tests.support.tilesets import DAYANTA, SAMPLES, unfold

QUADTREE = SAMPLES / "1.1/SparseImplicitQuadtree"
INDEX = "@3dtilesIndex1@"


def zipped(target: Path, folder: Path, method: int = zipfile.ZIP_DEFLATED, top: str = "") -> Path:
    with zipfile.ZipFile(target, "w", method) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, top + path.relative_to(folder).as_posix())
    return target


def indexed(target: Path, folder: Path, method: int = zipfile.ZIP_STORED) -> Path:
    """A .3tz: a zip whose last file is an index by the paths' MD5."""
    zipped(target, folder, method)
    with zipfile.ZipFile(target, "a") as archive:
        members = [(member.filename.encode(), member.header_offset) for member in archive.infolist()]
        records = [(hashlib.md5(name).digest(), offset) for name, offset in members]
        records.sort(key=lambda record: struct.unpack("<QQ", record[0]))
        body = b"".join(digest + struct.pack("<Q", offset) for digest, offset in records)
        archive.writestr(INDEX, body, zipfile.ZIP_STORED)
    return target


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_3tz_gives_the_whole_pagoda(tmp_path: Path, method: int):
    source = ArchiveSource(indexed(tmp_path / "a.3tz", DAYANTA, method))
    tree, contents, refusals = unfold(source)
    source.close()
    assert refusals == []
    assert len(tree) == 179
    assert sum(content.triangles for found in contents.values() for content in found) == 106_617


@pytest.mark.parametrize("top", ["", "delivery/model/"])
def test_a_zip_with_or_without_a_folder_of_its_own(tmp_path: Path, top: str):
    tree, contents, refusals = unfold(ArchiveSource(zipped(tmp_path / "a.zip", QUADTREE, top=top)))
    assert refusals == []
    assert (len(tree), len(contents)) == (63, 32)


def test_a_3tz_packed_by_zstandard(tmp_path: Path):
    """Python's zipfile writes no method 93, so the stored bytes are exchanged in place."""
    text = (SAMPLES / "1.1/TilesetWithFullMetadata/tileset.json").read_bytes()
    packed = zstandard.ZstdCompressor().compress(text)
    name = b"tileset.json"
    sizes = (0, len(packed), len(text), len(name), 0)
    head = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 93, 0, 0, *sizes)
    central = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 93, 0, 0, *sizes, 0, 0, 0, 0, 0)
    offset = len(head) + len(name) + len(packed)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + len(name), offset, 0)
    (tmp_path / "z.3tz").write_bytes(head + name + packed + central + name + end)
    assert ArchiveSource(tmp_path / "z.3tz").read("tileset.json") == text


def test_what_is_no_archive_is_refused(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(SceneRefused):
        ArchiveSource(tmp_path / "a.zip")
    with pytest.raises(SceneRefused):
        ArchiveSource(tmp_path / "absent.3tz")


def test_a_size_that_lies_is_refused(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", QUADTREE)
    data = bytearray(path.read_bytes())
    at = data.index(b"tileset.json") - 30
    data[at + 22 : at + 26] = struct.pack("<I", 5)
    path.write_bytes(data)
    with pytest.raises(SceneRefused):
        ArchiveSource(path).read("tileset.json")


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8), st.booleans()
)
def test_a_mangled_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], from_end: bool
):
    folder = tmp_path_factory.mktemp("mangled")
    path = indexed(folder / "a.3tz", QUADTREE / "subtrees")
    data = bytearray(path.read_bytes())
    for at, value in changes:
        data[-1 - at % 400 if from_end else at % len(data)] = value
    path.write_bytes(data)
    try:
        source = ArchiveSource(path)
        source.read("0.0.0.subtree")
    except SceneRefused:
        pass
