"""Archives of tiles that lie: refused in bounded time and memory."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from console.map.engine.data_refs import TilesRef
from console.map.render.data.pyramid import open_store
from console.sdk.tile_archives import LARGEST, ODD_LEVELS, SWELLS, TOO_LONG, TileDatabase, open_pmtiles
from plugins.sources.desktop.raster_opener import look_at

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def mbtiles(path: Path, *statements: str) -> str:
    with sqlite3.connect(path) as base:
        for statement in statements:
            base.execute(statement)
    base.close()
    return str(path)


def levels_of(path: str) -> tuple[int, int]:
    _, ref = open_store(TilesRef(id="x", path=path, version="1"))
    return ref.min_zoom, ref.max_zoom


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.sdk.tile_archives.SECONDS", 0.3)


@pytest.mark.usefixtures("impatient")
def test_a_view_that_never_ends_is_stopped(tmp_path: Path) -> None:
    columns = "i AS zoom_level, i AS tile_column, i AS tile_row, x'00' AS tile_data"
    path = mbtiles(tmp_path / "a.mbtiles", f"CREATE VIEW tiles AS {ENDLESS} SELECT {columns} FROM n")
    for ask in (levels_of, look_at):
        with pytest.raises(OSError, match=TOO_LONG):
            ask(path)


def test_a_value_of_a_gigabyte_is_none(tmp_path: Path) -> None:
    """SQLite would make it out of nothing."""
    path = mbtiles(
        tmp_path / "a.mbtiles",
        "CREATE VIEW tiles AS SELECT 3 AS zoom_level, 1 AS tile_column, 1 AS tile_row,"
        " zeroblob(1000000000) AS tile_data",
    )
    with pytest.raises(OSError):
        look_at(path)
    with pytest.raises(OSError):
        open_store(TilesRef(id="x", path=path, version="1"))[0].get((3, 1, 6))


@pytest.mark.parametrize(
    "level", ["1000000000", "-3", "'many'", "2.5", "x'ff'"], ids=["huge", "negative", "text", "half", "blob"]
)
def test_levels_that_cannot_be(tmp_path: Path, level: str) -> None:
    path = mbtiles(
        tmp_path / "a.mbtiles",
        "CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)",
        f"INSERT INTO tiles VALUES ({level}, 0, 0, x'00')",
    )
    for ask in (levels_of, look_at):
        with pytest.raises(OSError, match=ODD_LEVELS):
            ask(path)


def test_nothing_is_written_and_no_other_file_is_opened(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", "CREATE TABLE tiles (zoom_level, tile_data)")
    with closing(TileDatabase(path)) as base:
        for statement in ("INSERT INTO tiles VALUES (1, x'')", "SELECT load_extension('x')"):
            with pytest.raises(OSError):
                base.ask(statement)


def test_metadata_without_end_is_cut(tmp_path: Path) -> None:
    path = mbtiles(
        tmp_path / "a.mbtiles",
        "CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)",
        f"CREATE VIEW metadata AS {ENDLESS} SELECT 'name' || i AS name, 'v' AS value FROM n",
    )
    assert look_at(path).vector is False


def pmtiles(path: Path, facts: dict[str, Any] | None = None) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(3, 1, 1), b"tile")
        header: dict[str, Any] = {
            "tile_type": TileType.PNG, "tile_compression": Compression.NONE,
            "min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 10, "max_lat_e7": 10,
            "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
        }  # fmt: skip
        writer.finalize(header, facts or {})
    return path


def test_a_sound_archive_is_read(tmp_path: Path) -> None:
    path = str(pmtiles(tmp_path / "a.pmtiles", {"attribution": "<b>us</b>"}))
    assert look_at(path).attribution == "us"
    assert levels_of(path) == (3, 3)
    assert open_pmtiles(path).get(3, 1, 1) == b"tile"


def test_metadata_that_swells(tmp_path: Path) -> None:
    path = pmtiles(tmp_path / "a.pmtiles", {"attribution": "x" * 50_000_000})
    assert path.stat().st_size < 200_000
    with pytest.raises(OSError, match=SWELLS):
        look_at(str(path))


def patched(path: Path, offset: int, value: int, size: int = 8) -> str:
    data = bytearray(path.read_bytes())
    data[offset : offset + size] = value.to_bytes(size, "little")
    path.write_bytes(data)
    return str(path)


def test_a_directory_that_swells(tmp_path: Path) -> None:
    """The root directory in the header is pointed to a bomb behind the file."""
    path = pmtiles(tmp_path / "a.pmtiles")
    end = path.stat().st_size
    bomb = gzip.compress(b"\x01" * 100_000_000)
    path.write_bytes(path.read_bytes() + bomb)
    patched(path, 8, end)
    patched(path, 16, len(bomb))
    patched(path, 56, end + len(bomb))
    store, _ = open_store(TilesRef(id="x", path=str(path), version="1"))
    with pytest.raises(OSError):
        store.get((3, 1, 1))


@pytest.mark.parametrize("offset", [100, 101], ids=["least level", "greatest level"])
def test_levels_of_a_header_that_cannot_be(tmp_path: Path, offset: int) -> None:
    path = patched(pmtiles(tmp_path / "a.pmtiles"), offset, 255, 1)
    with pytest.raises(OSError, match=ODD_LEVELS):
        look_at(path)


@given(offset=st.integers(8, 99), value=st.integers(0, 2**64 - 1))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_header_declares_is_read_or_refused(tmp_path: Path, offset: int, value: int) -> None:
    path = patched(pmtiles(tmp_path / "a.pmtiles"), offset, value)
    try:
        look_at(path)
        store, _ = open_store(TilesRef(id="x", path=path, version="1"))
        data = store.get((3, 1, 1))
    except OSError:
        return
    assert data is None or len(data) <= LARGEST
