"""Tilesets of any size for tests and benchmarks: a hilly town of small textured meshes, made when asked for.

Both are Sources: give them to `open_tileset`, or serve what they `read` over HTTP. Nothing is on disk.
"""

from __future__ import annotations

import json
import re
import struct
from functools import lru_cache
from typing import Any

import numpy as np
import simplejpeg

from console.scene.ellipsoid import east_north_up, to_ecef
from console.scene.tiles.paths import resolve
from console.scene.tiles.source import missing
from tests.support.glb import Glb

PLACE = (108.9594, 34.2195)
"""Degrees east and north of the middle."""
LEAF = 20.0
"""Metres of the smallest tiles' sides."""
HEIGHT = 64.0
"""Of all volumes, metres above the ellipsoid."""
ERROR = 1 / 16
"""Geometric error, in sides of a tile: at 16 pixels a tile is drawn 128 to 256 pixels wide."""
_CELLS = 16
_PIXELS = 128
_TILE = re.compile(r"(\d+)/(\d+)/(\d+)\.glb")
_BLOCK = re.compile(r"b(\d+)_(\d+)\.json")
BLOCK_LEVELS = 4


def frame() -> np.ndarray:
    """(4, 4): the town's east, north, up to Earth-centred metres."""
    lon, lat = np.radians(PLACE)
    matrix = np.identity(4)
    matrix[:3, :3] = east_north_up(np.asarray(lon), np.asarray(lat)).T
    matrix[:3, 3] = to_ecef(lon, lat, np.asarray(0.0))
    return matrix


class Quadtree:
    """An implicit quadtree: 10 levels are 349,525 tiles. Each is there and has a mesh."""

    start = "tileset.json"
    resolve = staticmethod(resolve)

    def __init__(self, levels: int = 10, subtree_levels: int = 5) -> None:
        """*levels* is a multiple of *subtree_levels*."""
        self.levels, self.subtree_levels = levels, subtree_levels
        self.side = LEAF * 2 ** (levels - 1)

    def read(self, key: str) -> bytes:
        if key == self.start:
            return json.dumps(self._document()).encode()
        if key.endswith(".subtree"):
            deeper = int(key.split("/")[1]) + self.subtree_levels < self.levels
            return _subtree(deeper)
        level, x, y = _numbers(_TILE, key)
        side = self.side / 2**level
        return _mesh(x * side - self.side / 2, y * side - self.side / 2, side)

    def _document(self) -> dict[str, Any]:
        root = {
            "transform": frame().T.ravel().tolist(),
            "boundingVolume": _box(0.0, 0.0, self.side),
            "geometricError": self.side * ERROR,
            "refine": "REPLACE",
            "content": {"uri": "{level}/{x}/{y}.glb"},
            "implicitTiling": {
                "subdivisionScheme": "QUADTREE",
                "subtreeLevels": self.subtree_levels,
                "availableLevels": self.levels,
                "subtrees": {"uri": "s/{level}/{x}/{y}.subtree"},
            },
        }
        return {"asset": {"version": "1.1"}, "geometricError": self.side, "root": root}


class Blocks:
    """*columns* x *rows* blocks of 85 tiles, each a tileset of its own, as photogrammetry is delivered."""

    start = "tileset.json"
    resolve = staticmethod(resolve)

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.side = LEAF * 2 ** (BLOCK_LEVELS - 1)

    def __len__(self) -> int:
        """Tiles with a mesh."""
        return self.columns * self.rows * (4**BLOCK_LEVELS - 1) // 3

    def read(self, key: str) -> bytes:
        if key == self.start:
            return json.dumps(self._document()).encode()
        if key.endswith(".json"):
            column, row = _numbers(_BLOCK, key)
            return json.dumps({**self._head(), "root": self._tile(0, column, row)}).encode()
        level, x, y = _numbers(_TILE, key)
        west, south = self._corner(level, x, y)
        return _mesh(west, south, self.side / 2**level)

    def _head(self) -> dict[str, Any]:
        return {"asset": {"version": "1.1"}, "geometricError": self.side}

    def _document(self) -> dict[str, Any]:
        places = [(column, row) for row in range(self.rows) for column in range(self.columns)]
        children = [
            self._head_of(0, *place) | {"content": {"uri": f"b{place[0]}_{place[1]}.json"}}
            for place in places
        ]
        root = {
            "transform": frame().T.ravel().tolist(),
            "boundingVolume": _box(0.0, 0.0, self.columns * self.side, self.rows * self.side),
            "geometricError": self.side * max(self.columns, self.rows),
            "refine": "REPLACE",
            "children": children,
        }
        return self._head() | {"root": root}

    def _corner(self, level: int, x: int, y: int) -> tuple[float, float]:
        side = self.side / 2**level
        return x * side - self.columns * self.side / 2, y * side - self.rows * self.side / 2

    def _head_of(self, level: int, x: int, y: int) -> dict[str, Any]:
        side = self.side / 2**level
        west, south = self._corner(level, x, y)
        volume = _box(west + side / 2, south + side / 2, side)
        return {"boundingVolume": volume, "geometricError": side * ERROR, "refine": "REPLACE"}

    def _tile(self, level: int, x: int, y: int) -> dict[str, Any]:
        tile = self._head_of(level, x, y) | {"content": {"uri": f"{level}/{x}/{y}.glb"}}
        if level + 1 < BLOCK_LEVELS:
            places = [(2 * x + east, 2 * y + north) for north in (0, 1) for east in (0, 1)]
            tile["children"] = [self._tile(level + 1, *place) for place in places]
        else:
            tile["geometricError"] = 0.0
        return tile


def _numbers(pattern: re.Pattern[str], key: str) -> tuple[int, ...]:
    found = pattern.fullmatch(key)
    if found is None:
        raise missing(key)
    return tuple(int(number) for number in found.groups())


def _box(x: float, y: float, width: float, depth: float | None = None) -> dict[str, list[float]]:
    half = (depth or width) / 2
    return {
        "box": [x, y, HEIGHT / 2, width / 2, 0.0, 0.0, 0.0, half, 0.0, 0.0, 0.0, HEIGHT / 2],
    }


def _subtree(deeper: bool) -> bytes:
    """All of it is there; *deeper*: below it, too."""
    record = {
        "tileAvailability": {"constant": 1},
        "contentAvailability": [{"constant": 1}],
        "childSubtreeAvailability": {"constant": int(deeper)},
    }
    text = json.dumps(record).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<4sIQQ", b"subt", 1, len(text), 0) + text


def ground(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Metres above the ellipsoid: hills with houses on them."""
    hills = 12 + 8 * np.sin(x / 310) * np.cos(y / 270)
    houses = np.maximum(np.sin(x / 9) * np.sin(y / 11), 0) * (14 + 10 * np.sin(x / 130 + y / 90))
    return hills + houses


@lru_cache(maxsize=8192)
def _mesh(west: float, south: float, side: float) -> bytes:
    """A glb in metres east, up, south of its tileset's frame, unlit."""
    steps = np.linspace(0.0, 1.0, _CELLS + 1)
    u, v = (grid.ravel() for grid in np.meshgrid(steps, steps))
    x, y = west + u * side, south + v * side
    middle = np.array([west + side / 2, 0.0, -south - side / 2])
    positions = (np.stack([x, ground(x, y), -y], axis=1) - middle).astype("f4")
    glb = Glb()
    bounds = {"min": positions.min(axis=0).tolist(), "max": positions.max(axis=0).tolist()}
    attributes = {
        "POSITION": glb.accessor(positions, **bounds),
        "TEXCOORD_0": glb.accessor(np.stack([u, 1 - v], axis=1).astype("f4")),
    }
    glb.primitive(attributes, indices=glb.accessor(_triangles()), material=0)
    image = {"bufferView": glb.view(_picture(int(abs(west + 3 * south)) % 32)), "mimeType": "image/jpeg"}
    material = {
        "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "metallicFactor": 0.0},
        "extensions": {"KHR_materials_unlit": {}},
    }
    glb.json |= {
        "nodes": [{"mesh": 0, "translation": middle.tolist()}],
        "scene": 0,
        "materials": [material],
        "textures": [{"source": 0}],
        "images": [image],
        "extensionsUsed": ["KHR_materials_unlit"],
    }
    return glb.build()


def _triangles() -> np.ndarray:
    """Two a cell, seen from above."""
    corner = (np.arange(_CELLS)[:, None] * (_CELLS + 1) + np.arange(_CELLS)).ravel()
    right, up = corner + 1, corner + _CELLS + 1
    return np.stack([corner, right, up, right, up + 1, up], axis=1).ravel().astype("u2")


@lru_cache(maxsize=32)
def _picture(number: int) -> bytes:
    """A JPEG: roofs in a colour of their own."""
    rng = np.random.default_rng(number)
    roofs = np.kron(rng.integers(60, 200, (16, 16, 3)), np.ones((8, 8, 1)))
    noise = rng.integers(-12, 12, (_PIXELS, _PIXELS, 1))
    return simplejpeg.encode_jpeg(np.clip(roofs + noise, 0, 255).astype(np.uint8), 80)
