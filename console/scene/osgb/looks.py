"""What a file shows, as tiles: looks that refine one another, and the files that refine them further."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.scene.osgb.errors import geometric_error
from console.scene.osgb.model import Level, Mesh, Piece, Tile

DEEPEST = 24
"""Looks within looks of one file."""

Find = Callable[[str], str | None]
"""The key of the file that a name means; None: it is not there."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one tile shows, and what replaces it."""

    meshes: tuple[Mesh, ...] = ()
    error: float = 0.0
    """Metres of geometric error while it isn't refined."""
    finer: tuple[Look, ...] = ()
    files: tuple[str, ...] = ()
    """Keys of files that refine it."""
    center: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Of the sphere around all that refines it, in the model's frame."""
    radius: float = 0.0
    """Metres; 0: not said."""


def looks_of(tile: Tile, find: Find) -> list[Look]:
    """The first looks of a file, the finer ones below them; of several levels of files the finest."""
    return [look for piece in tile.pieces for look in _looks(piece, 0, 0, find)]


def _looks(piece: Piece, at: int, depth: int, find: Find) -> list[Look]:
    """Level *at* as a look, the next one below it."""
    level = piece.levels[at]
    if level.files or at + 1 == len(piece.levels) or depth >= DEEPEST:
        return _last(piece, level, depth, find)
    meshes = (*level.meshes, *(mesh for inner in level.pieces for mesh in _coarse(inner)))
    following = piece.levels[at + 1]
    finer: list[Look] = []
    files: tuple[str, ...] = ()
    if following.meshes or following.pieces:
        finer = _looks(piece, at + 1, depth + 1, find)
    else:
        files = _present([each for each in piece.levels if each.files][-1], find)
    error = geometric_error(piece, following) if finer or files else 0.0
    return [Look(meshes, error, tuple(finer), files, piece.center, piece.radius)]


def _last(piece: Piece, level: Level, depth: int, find: Find) -> list[Look]:
    looks = [Look(level.meshes)] if level.meshes else []
    for inner in level.pieces:
        looks.extend(_looks(inner, 0, depth, find))
    files = _present(level, find)
    return [*looks, *([Look(files=files, center=piece.center, radius=piece.radius)] if files else [])]


def _present(level: Level, find: Find) -> tuple[str, ...]:
    return tuple(key for name in level.files if (key := find(name)) is not None)


def _coarse(piece: Piece) -> list[Mesh]:
    level = piece.levels[0]
    return [*level.meshes, *(mesh for inner in level.pieces for mesh in _coarse(inner))]
