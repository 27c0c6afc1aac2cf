"""What all cameras see, in one file: SQLite, a row a camera, written as it is found out."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from console.scene.refusal import SceneRefused, broken, refused
from console.scene.sight.seen import Packed, Seen, unpack

_MARK = 0x4F4D5347
"""OMSG: SQLite's application_id."""
_VERSION = 1
_FIELDS = ("record", "lon", "lat", "elevation", "moved", "ground", "cell", "side", "area", "share", "bits")
_TABLE = f"""CREATE TABLE IF NOT EXISTS seen (
    id TEXT PRIMARY KEY, key BLOB NOT NULL, {", ".join(_FIELDS)}, reach REAL NOT NULL, crc INTEGER NOT NULL
) WITHOUT ROWID"""
_DEGREE = 111_320.0


class SightFile:
    """Use as a context manager; from one thread. All of it raises SceneRefused for a file that is damaged."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        """*write*: make it if it is not there."""
        self._path = path
        if not write and not path.is_file():
            raise refused(f"找不到“{path.name}”", f"“{path.name}” is not there")
        with self._told():
            if write:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._data = sqlite3.connect(path, isolation_level=None)
            try:
                self._check(write)
            except BaseException:
                self._data.close()
                raise

    def __enter__(self) -> SightFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._data.close()

    def keys(self) -> dict[str, bytes]:
        """By camera: what its seen area was worked out from."""
        with self._told():
            return dict(self._data.execute("SELECT id, key FROM seen"))

    def put(self, found: Mapping[str, tuple[bytes, float, Packed]]) -> None:
        """Key, range (metres) and seen area of cameras: all of them or none."""
        rows = [_row(name, *each) for name, each in found.items()]
        marks = ", ".join("?" * (len(_FIELDS) + 4))
        with self._told(), self._transaction():
            self._data.executemany(f"INSERT OR REPLACE INTO seen VALUES ({marks})", rows)  # noqa: S608

    def drop(self, names: Iterable[str]) -> None:
        """Forget cameras that are no more."""
        with self._told(), self._transaction():
            self._data.executemany("DELETE FROM seen WHERE id = ?", [(name,) for name in names])

    def seen(self, name: str) -> Seen | None:
        """One camera's; None: not in the file."""
        return next(self._seen("id = ?", (name,)), None)

    def all(self) -> Iterator[Seen]:
        """Every camera's, by id."""
        return self._seen("1 = 1", ())

    def near(self, lon: float, lat: float, around: float = 0.0) -> Iterator[Seen]:
        """Those within whose range a place of WGS84 degrees may lie, or one so many metres *around* it."""
        east = _DEGREE * max(float(np.cos(np.radians(lat))), 1e-3)
        return self._seen(
            "abs(lat - ?) * ? <= reach * 1.01 + ? AND abs(lon - ?) * ? <= reach * 1.01 + ?",
            (lat, _DEGREE, around * 1.01 + 20, lon, east, around * 1.01 + 20),
        )

    def _seen(self, where: str, values: tuple[object, ...]) -> Iterator[Seen]:
        columns = ", ".join(("id", "key", *_FIELDS, "reach", "crc"))
        with self._told():
            query = f"SELECT {columns} FROM seen WHERE {where} ORDER BY id"  # noqa: S608 - texts of ours
            for name, key, *fields, reach, crc in self._data.execute(query, values):
                if crc != _crc(name, key, fields, reach):
                    raise ValueError(name)
                yield unpack(Packed(*fields))

    def _check(self, write: bool) -> None:
        """Raises ValueError for a file of another kind or version."""
        (mark,) = self._data.execute("PRAGMA application_id").fetchone()
        (version,) = self._data.execute("PRAGMA user_version").fetchone()
        if write and (mark, version) == (0, 0):
            (tables,) = self._data.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if tables:
                raise ValueError("another program's")
            self._data.execute(f"PRAGMA application_id = {_MARK}")
            self._data.execute(f"PRAGMA user_version = {_VERSION}")
            self._data.execute(_TABLE)
        elif (mark, version) != (_MARK, _VERSION):
            raise ValueError("version")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._data.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._data.execute("ROLLBACK")
            raise
        self._data.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            raise refused(
                f"无法读写“{self._path.name}”:{error}", f"“{self._path.name}” cannot be used: {error}"
            ) from error
        except (
            sqlite3.Error,
            zlib.error,
            msgspec.MsgspecError,
            ValueError,
            TypeError,
            SceneRefused,
        ) as error:
            raise broken(f"可视域文件“{self._path.name}”", f"the file “{self._path.name}”") from error


def _row(name: str, key: bytes, reach: float, packed: Packed) -> tuple[object, ...]:
    fields = [getattr(packed, field) for field in _FIELDS]
    return (name, key, *fields, reach, _crc(name, key, fields, reach))


def _crc(name: str, key: bytes, fields: list[object], reach: float) -> int:
    *short, bits = fields
    return zlib.crc32(
        bits if isinstance(bits, bytes) else b"", zlib.crc32(repr((name, key, short, reach)).encode())
    )
