"""Which layers are in vector tiles: of archives, of folders of fetched tiles, of what is neither."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pmtiles.reader import MmapSource, all_tiles

from console.sdk.tile_layers import read_source_layers


def test_an_archive_says_so_itself(shared_data: Path):
    assert {"water", "roads", "buildings", "pois"} <= set(
        read_source_layers(str(shared_data / "firenze.pmtiles"))
    )


def test_tiles_in_a_folder_are_looked_into(shared_data: Path, tmp_path: Path):
    with (shared_data / "firenze.pmtiles").open("rb") as file:
        (z, x, y), data = next(found for found in all_tiles(MmapSource(file)) if found[0][0] >= 13)
    place = tmp_path / str(z) / str(x)
    place.mkdir(parents=True)
    (place / str(y)).write_bytes(data)
    found = set(read_source_layers(str(tmp_path)))
    assert {"roads", "landuse"} <= found, "what the archive does not tell is found, too"
    (place / str(y)).write_bytes(gzip.decompress(data))
    assert set(read_source_layers(str(tmp_path))) == found


def mbtiles(path: Path, text: str | None) -> str:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE metadata (name text, value text)")
    if text is not None:
        connection.execute("INSERT INTO metadata VALUES ('json', ?)", [text])
    connection.commit()
    connection.close()
    return str(path)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (json.dumps({"vector_layers": [{"id": "a"}, {"id": "b"}, 3, {"id": 4}]}), ("a", "b")),
        ("[]", ()), ("{", ()), (None, ()), ('{"vector_layers": {}}', ()),
    ],
)  # fmt: skip
def test_mbtiles(tmp_path: Path, text: str | None, names: tuple[str, ...]):
    assert read_source_layers(mbtiles(tmp_path / "a.mbtiles", text)) == names


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_what_is_no_tile_says_nothing_or_is_refused(tmp_path: Path, data: bytes):
    place = tmp_path / "folder" / "1" / "1"
    place.mkdir(parents=True, exist_ok=True)
    (place / "1").write_bytes(data)
    read_source_layers(str(tmp_path / "folder"))
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(OSError):
        read_source_layers(str(tmp_path / "file"))
