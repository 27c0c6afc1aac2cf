"""The fixed fine level: blocks of triangles in one frame, kept in a file and read as they are needed."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.refusal import broken, refused
from console.scene.sight.rays import Rays
from console.scene.sight.soup import Soup, Square, merged, parted, soup_of
from console.scene.transforms import Matrix

VERSION = 1
"""Of the file; another one is made anew."""
SIDE = 256.0
"""Metres of a block's side."""
MARGIN = 16.0
"""Metres by which more is taken around a place than is asked for."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a mesh may take."""

    triangles: int = 60_000_000
    size: int = 2 << 30
    """Bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A square's triangles, or a thing that was put there by itself."""

    name: str
    low: NDArray[np.float64]
    """(3,): least x, y, z of the frame."""
    high: NDArray[np.float64]
    fingerprint: str
    triangles: int
    held: Soup | None = None
    """None: in the file."""


class MeshBuilder:
    """Takes triangles square by square. Raises SceneRefused when there are more than there is room for."""

    def __init__(self, frame: Frame, room: Room | None = None, side: float = SIDE) -> None:
        self.frame, self._side = frame, side
        self._room = room or Room()
        self._squares: dict[Square, list[Soup]] = {}
        self.triangles, self._size = 0, 0

    def add(self, positions: NDArray[np.floating], indices: NDArray[np.integer], matrix: Matrix) -> None:
        """*positions* (n, 3), *indices* three a triangle; *matrix* (4, 4): their axes to Earth-centred."""
        whole = self.frame.from_ecef @ matrix
        with np.errstate(invalid="ignore", over="ignore"):  # what is not finite is left out
            self.add_local(positions.astype(np.float64) @ whole[:3, :3].T + whole[:3, 3], indices)

    def add_local(self, points: NDArray[np.float64], indices: NDArray[np.integer]) -> None:
        """*points* (n, 3) in the frame."""
        soup = soup_of(points, indices)
        self.triangles += len(soup.triangles)
        self._size += soup.size
        if self.triangles > self._room.triangles or self._size > self._room.size:
            raise TooFine
        for square, part in parted(soup, self._side).items():
            self._squares.setdefault(square, []).append(part)

    def soups(self) -> Iterator[Soup]:
        """All that was added."""
        for soups in self._squares.values():
            yield from soups

    def bounds(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(3,), (3,): least and greatest x, y, z of what was added; zeros if nothing was."""
        edges = [np.zeros((0, 3), np.float32)]
        edges += [np.stack([soup.points.min(axis=0), soup.points.max(axis=0)]) for soup in self.soups()]
        found = np.concatenate(edges) if len(edges) > 1 else np.zeros((1, 3), np.float32)
        return found.min(axis=0), found.max(axis=0)

    def build(self, source: str = "") -> FineMesh:
        """*source*: what it was made of, for ``FineMesh.source``."""
        blocks = [
            block_of(f"{column},{row}", merged(self._squares[column, row]))
            for column, row in sorted(self._squares)
        ]
        return FineMesh(self.frame, blocks, source)


class TooFine(Exception):
    """More triangles than there is room for: a coarser level is to be taken."""


class FineMesh:
    """Blocks of triangles. Never changed: an obstacle gives another mesh that shares the rest."""

    def __init__(
        self, frame: Frame, blocks: Sequence[Block], source: str = "", path: Path | None = None
    ) -> None:
        """*path*: the file that holds what the blocks don't hold themselves."""
        self.frame, self.blocks, self.source = frame, tuple(blocks), source
        self._path = path
        self._low = np.array([block.low for block in blocks]).reshape(-1, 3)
        self._high = np.array([block.high for block in blocks]).reshape(-1, 3)

    @property
    def triangles(self) -> int:
        return sum(block.triangles for block in self.blocks)

    @property
    def version(self) -> str:
        """Of its content."""
        marks = [repr(_numbers(self.frame)), *(f"{block.name} {block.fingerprint}" for block in self.blocks)]
        return hashlib.blake2b("\n".join(marks).encode(), digest_size=16).hexdigest()

    def near(self, point: NDArray[np.float64], reach: float) -> NDArray[np.intp]:
        """Rows of blocks of which any part may be within *reach* metres of *point* (3,), seen from above."""
        if not self.blocks:
            return np.empty(0, np.intp)
        off = np.maximum(np.maximum(self._low[:, :2] - point[:2], point[:2] - self._high[:, :2]), 0.0)
        return np.flatnonzero(np.hypot(off[:, 0], off[:, 1]) <= reach + MARGIN)

    def soups(self, rows: Iterable[int]) -> list[Soup]:
        """The triangles of blocks. Raises SceneRefused when the file is damaged."""
        wanted = [self.blocks[row] for row in rows]
        held = {block.name: block.held for block in wanted if block.held is not None}
        if self._path is not None and len(held) < len(wanted):
            with _told(self._path), np.load(self._path) as file:
                held |= {block.name: _read(file, block) for block in wanted if block.held is None}
        return [held[block.name] for block in wanted]

    def rays(self, rows: Iterable[int] | None = None) -> Rays:
        """Over some blocks, or all. Raises SceneRefused."""
        return Rays(self.frame, self.soups(range(len(self.blocks)) if rows is None else rows))

    def with_block(self, block: Block) -> FineMesh:
        """Also *block*, in place of one of its name."""
        return FineMesh(self.frame, [*self.without_block(block.name).blocks, block], self.source, self._path)

    def without_block(self, name: str) -> FineMesh:
        """All but the block of that *name*."""
        kept = [block for block in self.blocks if block.name != name]
        return FineMesh(self.frame, kept, self.source, self._path)

    def save(self, path: Path) -> FineMesh:
        """Write it whole or not at all: the mesh that lives in the file. Raises OSError, SceneRefused."""
        arrays: dict[str, Any] = {
            "version": np.array(VERSION),
            "frame": np.array(_numbers(self.frame)),
            "source": np.array(self.source),
            "names": np.array([block.name for block in self.blocks], str),
            "prints": np.array([block.fingerprint for block in self.blocks], str),
            "counts": np.array([block.triangles for block in self.blocks], np.int64),
            "low": self._low,
            "high": self._high,
        }
        for block, soup in zip(self.blocks, self.soups(range(len(self.blocks))), strict=True):
            arrays[f"p{block.fingerprint}"], arrays[f"t{block.fingerprint}"] = soup.points, soup.triangles
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        try:
            with part.open("wb") as file:
                np.savez(file, **arrays)
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return FineMesh(self.frame, [replace(block, held=None) for block in self.blocks], self.source, path)


def open_mesh(path: Path) -> FineMesh:
    """A mesh that was saved; triangles are read when they are asked for. Raises SceneRefused."""
    with _told(path), np.load(path) as file:
        if int(file["version"]) != VERSION:
            raise ValueError("version")
        names, prints, counts = file["names"].tolist(), file["prints"].tolist(), file["counts"].tolist()
        low, high = file["low"], file["high"]
        if low.shape != (len(names), 3) or high.shape != low.shape:
            raise ValueError("bounds")
        rows = zip(names, low, high, prints, counts, strict=True)
        lon, lat, height = file["frame"].tolist()
        return FineMesh(Frame(lon, lat, height), [Block(*row) for row in rows], str(file["source"]), path)


def block_of(name: str, soup: Soup) -> Block:
    """*soup* as a block by itself; it has a triangle at least."""
    low, high = soup.points.min(axis=0), soup.points.max(axis=0)
    return Block(
        name,
        low.astype(np.float64),
        high.astype(np.float64),
        soup.fingerprint,
        len(soup.triangles),
        soup,
    )


def _numbers(frame: Frame) -> list[float]:
    return [float(frame.lon), float(frame.lat), float(frame.height)]


def _read(file: Any, block: Block) -> Soup:
    """*file*: of numpy.load. Embree is given nothing that would lead it astray."""
    soup = Soup(file[f"p{block.fingerprint}"], file[f"t{block.fingerprint}"])
    if not soup.is_sound() or soup.fingerprint != block.fingerprint:
        raise ValueError(block.name)
    return soup


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What numpy and zip files raise, in the user's words."""
    try:
        yield
    except FileNotFoundError as error:
        raise refused(f"找不到“{path.name}”", f"“{path.name}” is not there") from error
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, MemoryError) as error:
        raise broken(f"通视底图“{path.name}”", f"the mesh “{path.name}”") from error
