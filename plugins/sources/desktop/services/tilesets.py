"""OGC API Tiles: from the list of a collection's tilesets to the address of its tiles.

A tileset is of one tile matrix set; of those that fit our grids the first is taken, Mercator before degrees.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

from console.sdk import Text
from console.sdk.map import TileService
from plugins.sources.desktop.services.address import same_host
from plugins.sources.desktop.services.asking import ServiceRefused, ask, dicts, document, link

Grid = Literal["mercator", "geographic"]
MERCATOR = ("WebMercatorQuad", "GoogleMapsCompatible")
DEGREES = ("WorldCRS84Quad", "GoogleCRS84Quad")
"""Names of tile matrix sets whose levels are known: squares halved from one or from two."""
VECTOR_TYPES = ("vector-tile", "mvt", "x-protobuf", "pbf")
PICTURE_TYPES = ("png", "jpeg", "jpg", "webp")
HIGHEST = 24
OURS = 512
"""Logical pixels of a vector tile's side, as other clients draw them."""
NO_GRID = Text(
    "瓦片服务的网格（瓦片矩阵集）无法识别，或不提供可用的格式",
    "The tiles lie in a grid (tile matrix set) that is not known, or come in no format that can be read",
)


@dataclass(frozen=True, slots=True)
class _Levels:
    """A tile matrix set that fits one of our grids."""

    grid: Grid
    names: Sequence[str]
    """Of the levels by number; empty where it has none."""
    size: int


def service_of(address: str, headers: Mapping[str, str], *, vector: bool) -> TileService:
    """The tiles behind the list of tilesets at *address*. Raises ServiceRefused."""
    listing = document(ask(address, headers, "application/json"))
    entries = dicts(listing.get("tilesets"))
    entries.sort(key=lambda entry: not _is_named(entry, MERCATOR))
    for entry in entries:
        if vector and not _is_named(entry, MERCATOR):
            continue  # vector tiles are drawn in Mercator alone
        found = _tileset(entry, listing, address, headers, vector)
        if found is not None:
            return found
    raise ServiceRefused(NO_GRID)


def _tileset(
    entry: dict[str, Any], listing: dict[str, Any], address: str, headers: Mapping[str, str], vector: bool
) -> TileService | None:
    told = link(entry, "self", address)
    whole = entry | document(ask(told, headers, "application/json")) if told else entry
    levels = _levels(whole, address, headers)
    template = _template(whole, vector) or _template(entry, vector) or _template(listing, vector)
    if levels is None or not template:
        return None
    low, high = _limits(whole, listing, levels, address, headers)
    template = template.replace("{tileMatrixSetId}", _name(whole))
    try:
        url = urljoin(address, template.replace("{", "%7B").replace("}", "%7D"))
    except ValueError as error:
        raise ServiceRefused(NO_GRID) from error
    for theirs, ours in (("tileMatrix", "matrix"), ("tileRow", "y"), ("tileCol", "x")):
        url = url.replace(f"%7B{theirs}%7D", "{" + ours + "}")
    return TileService(
        url=url,
        size=OURS if vector else levels.size,
        min_zoom=low,
        max_zoom=high,
        grid=levels.grid,
        matrices=levels.names,
        headers=same_host(url, address, headers),
    )


def _levels(tileset: dict[str, Any], address: str, headers: Mapping[str, str]) -> _Levels | None:
    """By the name of a well-known set, or as the server describes it."""
    numbers = [str(level) for level in range(HIGHEST + 1)]
    if _is_named(tileset, MERCATOR):
        return _Levels("mercator", numbers, 256)
    if _is_named(tileset, DEGREES):
        return _Levels("geographic", numbers, 256)
    scheme = link(tileset, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", address)
    return _described(document(ask(scheme, headers, "application/json"))) if scheme else None


def _described(scheme: dict[str, Any]) -> _Levels | None:
    """None for a pyramid that is not ours. Raises ServiceRefused."""
    crs = str(scheme.get("crs", ""))
    geographic = crs.endswith(("CRS84", "/4326", "/4490", ":4326", ":4490"))
    if not geographic and not crs.endswith(("/3857", "/900913", ":3857", ":900913")):
        return None
    names: dict[int, str] = {}
    size = 256
    try:
        for matrix in dicts(scheme.get("tileMatrices")):
            rows, columns, size = (int(matrix[k]) for k in ("matrixHeight", "matrixWidth", "tileWidth"))
            level = round(math.log2(rows)) if rows > 0 else -1
            if 0 <= level <= HIGHEST and rows == 1 << level and columns == (2 * rows if geographic else rows):
                names[level] = str(matrix["id"])
    except (TypeError, KeyError, ValueError) as error:
        raise ServiceRefused(NO_GRID) from error
    if not names:
        return None
    grid: Grid = "geographic" if geographic else "mercator"
    return _Levels(grid, [names.get(z, "") for z in range(max(names) + 1)], size)


def _limits(
    tileset: dict[str, Any],
    listing: dict[str, Any],
    levels: _Levels,
    address: str,
    headers: Mapping[str, str],
) -> tuple[int, int]:
    """First and last level with tiles: by the limits of the set, or by its TileJSON, or all there are."""
    there = [level for level, name in enumerate(levels.names) if name]
    wanted = {str(limit.get("tileMatrix")) for limit in dicts(tileset.get("tileMatrixSetLimits"))}
    within = [level for level in there if levels.names[level] in wanted]
    if within:
        return min(within), max(within)
    told = link(tileset, "describedby", address) or link(listing, "describedby", address)
    if told:
        told = told.replace("{tileMatrixSetId}", _name(tileset)).replace("f=json", "f=tilejson")
        try:
            facts = document(ask(told, headers, "application/vnd.mapbox.tile+json, application/json"))
            return max(int(facts["minzoom"]), there[0]), min(int(facts["maxzoom"]), there[-1])
        except (ServiceRefused, KeyError, TypeError, ValueError):
            pass  # a courtesy of some servers
    return there[0], min(there[-1], 20)


def _template(document: dict[str, Any], vector: bool) -> str:
    """Of the tiles; empty when the document has none in a format that can be drawn."""
    kinds = VECTOR_TYPES if vector else PICTURE_TYPES
    for kind in kinds:
        for entry in dicts(document.get("links")):
            told = f"{entry.get('type', entry.get('type_', ''))} {entry.get('href', '')}".lower()
            if entry.get("rel") == "item" and "{tileMatrix}" in str(entry.get("href")) and kind in told:
                return str(entry["href"])
    return ""


def _is_named(tileset: dict[str, Any], names: Sequence[str]) -> bool:
    return _name(tileset) in names


def _name(tileset: dict[str, Any]) -> str:
    """Of its tile matrix set, without what stands before."""
    told = tileset.get("tileMatrixSetURI") or tileset.get("tileMatrixSetId") or tileset.get("tileMatrixSet")
    return str(told or "").rpartition("/")[2]
