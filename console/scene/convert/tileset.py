"""Drafts put together into ``tileset.json``: one for the delivery, one for each of its tiles.

Source: OGC 3D Tiles 1.1 (22-025r4), 7 and 8.
"""

from __future__ import annotations

import json
import math
import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from console.scene.convert.draft import Box, DraftTile, FileDraft, Ground, named, write_whole
from console.scene.osgb import joined_error, tops

NAME = "tileset.json"
_ASSET = {"version": "1.1", "generator": "OneMap Console"}
_FLAT = 0.001
"""Half a side that a box has at least, metres: a plane has no volume."""

DEEPEST = 128
"""Tiles within tiles; what lies deeper is left out."""

Json = dict[str, Any]
Built = tuple[Json, Box]


class Assembly:
    """Tilesets of drafts by source file. Every file is used once, however often it is named."""

    def __init__(self, drafts: Mapping[str, FileDraft], roots: Sequence[str]) -> None:
        self._drafts = drafts
        self._roots = tops({file: set(named(draft.tiles)) for file, draft in drafts.items()}, roots)
        self._used = set(self._roots)
        self.tiles = 0

    def write(self, ground: Ground) -> None:
        """Write all tilesets below the target folder, the delivery's own last. Raises OSError."""
        parts: list[Built] = []
        for root in self._roots:
            name = f"{root.removesuffix('.osgb')}.{NAME}"
            built = _joined(self._tiles_of(root, posixpath.dirname(name)))
            if built is None:
                continue
            tile, box = built
            _write(ground.target / name, {"geometricError": tile["geometricError"], "root": tile})
            link = {"boundingVolume": _volume(box), "geometricError": tile["geometricError"]}
            parts.append((link | {"content": {"uri": quote(name)}}, box))
        whole = _joined(parts) or ({"geometricError": 0.0, "boundingVolume": _volume([0.0] * 6)}, [])
        root_tile = whole[0]
        if ground.site.placement.on_earth:
            root_tile = {"transform": ground.site.frame.T.ravel().tolist()} | root_tile
        _write(ground.target / NAME, {"geometricError": root_tile["geometricError"], "root": root_tile})

    def _tiles_of(self, file: str, folder: str, limit: float = math.inf, depth: int = 0) -> list[Built]:
        draft = self._drafts.get(file) if depth < DEEPEST else None
        built = [self._tile(tile, folder, limit, depth) for tile in draft.tiles] if draft else []
        return [each for each in built if each is not None]

    def _tile(self, draft: DraftTile, folder: str, limit: float, depth: int) -> Built | None:
        """A tile with all below it; its error is at most *limit*, its parent's."""
        limit = min(limit, draft.error) if draft.content else limit
        below = [self._tile(child, folder, limit, depth + 1) for child in draft.children]
        children = [each for each in below if each is not None]
        for file in draft.files:
            if file not in self._used:
                self._used.add(file)
                children.extend(self._tiles_of(file, folder, limit, depth + 1))
        if not draft.content:
            return _joined(children, limit)
        self.tiles += 1
        box = _around([*([draft.box] if draft.box else []), *(box for _, box in children)])
        tile: Json = {
            "boundingVolume": _volume(box),
            "geometricError": limit if children else 0.0,
            "refine": "REPLACE",
            "content": {"uri": quote(posixpath.relpath(draft.content, folder or "."))},
        }
        return tile | ({"children": [child for child, _ in children]} if children else {}), box


def _joined(children: list[Built], limit: float = math.inf) -> Built | None:
    """A tile without content around *children*: refined at once."""
    if not children:
        return None
    box = _around([box for _, box in children])
    error = joined_error((child["geometricError"] for child, _ in children), _diagonal(box))
    tile = {"boundingVolume": _volume(box), "geometricError": min(error, limit), "refine": "REPLACE"}
    return tile | {"children": [child for child, _ in children]}, box


def _around(boxes: Sequence[Box]) -> Box:
    sides = np.array(boxes)
    return [*sides[:, :3].min(axis=0).tolist(), *sides[:, 3:].max(axis=0).tolist()]


def _diagonal(box: Box) -> float:
    return float(np.linalg.norm(np.subtract(box[3:], box[:3])))


def _volume(box: Box) -> Json:
    least, greatest = np.array(box[:3]), np.array(box[3:])
    x, y, z = np.maximum((greatest - least) / 2, _FLAT).tolist()
    return {"box": [*((least + greatest) / 2).tolist(), x, 0, 0, 0, y, 0, 0, 0, z]}


def _write(path: Path, tileset: Json) -> None:
    text = json.dumps({"asset": _ASSET} | tileset, separators=(",", ":"), allow_nan=False)
    write_whole(path, text.encode())
