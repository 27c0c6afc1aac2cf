"""Which layers vector tiles have inside (``source-layer`` of styles). Reads files: run it in the worker pool.

tiles = ctx.map.layers.tiles(layer_id)
names = await ctx.tasks.run(read_source_layers, tiles)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, cast

from console.sdk.tile_archives import NEITHER, TileDatabase, open_pmtiles
from console.sdk.tile_stores import LARGEST, unpacked

MOST = 200
"""Layers that are listed."""
LOOKED_AT = 24
"""Tiles of a service that are looked into."""


def read_source_layers(path: str) -> tuple[str, ...]:
    """Names in the order of the file: of PMTiles and MBTiles as they describe themselves, of a folder of
    fetched tiles as they are found there. Empty when nothing tells. Raises OSError."""
    place = Path(path)
    if place.is_dir():
        return tuple(dict.fromkeys(name for tile in _tiles(place) for name in _names_in(tile)))[:MOST]
    with place.open("rb") as file:
        described = _of_mbtiles(place) if file.read(15) == b"SQLite format 3" else _of_pmtiles(place)
    layers = described.get("vector_layers")
    found = [cast(Any, layer).get("id") for layer in _list(layers) if isinstance(layer, dict)]
    return tuple(name for name in found if isinstance(name, str))[:MOST]


def _of_mbtiles(path: Path) -> dict[str, Any]:
    with closing(TileDatabase(str(path))) as base:
        rows = base.ask("SELECT substr(value, 1, ?) FROM metadata WHERE name = 'json'", (LARGEST,))
    return _object(str(rows[0][0])) if rows else {}


def _of_pmtiles(path: Path) -> dict[str, Any]:
    try:
        found: Any = open_pmtiles(str(path)).metadata()
    except OSError:
        raise
    except Exception as error:  # the library raises whatever comes
        raise OSError(NEITHER) from error
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def _object(text: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else []


def _tiles(folder: Path) -> Iterator[bytes]:
    """Some tiles, without gzip around them."""
    for file in islice((path for path in folder.glob("*/*/*") if path.is_file()), LOOKED_AT):
        with file.open("rb") as opened:
            data = opened.read(LARGEST)
        try:
            yield unpacked(data)
        except OSError:
            continue


def _names_in(tile: bytes) -> Iterator[str]:
    """Field 1 (name) of each field 3 (layer) of a Mapbox Vector Tile, version 2."""
    for number, layer in _fields(tile):
        if number == 3:
            for inner, value in _fields(layer):
                if inner == 1:
                    yield value.decode("utf-8", "replace")[:200]
                    break


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Fields with a length of a protobuf message; ends where the message is broken."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            _, at = _varint(data, at)
        elif kind == 2:
            length, at = _varint(data, at)
            yield key >> 3, data[at : at + length]
            at += length
        else:
            at += {1: 8, 5: 4}.get(kind, len(data))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at a place, and where it ends."""
    value = shift = 0
    while at < len(data) and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at
    return value, len(data)
