"""Search entries of layers and areas, and their words: Chinese split into characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from console.model.layers import DEGREE, LayerKind, LayerPackage
from console.model.records import LayerInfo
from console.server.layer_types import AreaShape
from console.server.tables import SearchEntry

_CHUNK = 10_000
_WORD = re.compile(r"[㐀-鿿豈-﫿]|[^\W_㐀-鿿豈-﫿]+")
AREAS_LAYER = "area:"
"""Prefix of the ``layer_id`` of entries that stand for areas."""


def split_words(text: str) -> list[str]:
    """Words in lower case; each Chinese character is a word."""
    return _WORD.findall(text.lower())


def kind_word(kind: str) -> str:
    """The word that every entry of *kind* bears, so that the index can narrow by kind."""
    return f"kind{kind}"


def index_layer(session: Session, info: LayerInfo, package: LayerPackage) -> None:
    """Replace the entries of a layer by those of *package*."""
    session.execute(delete(SearchEntry).where(SearchEntry.layer_id == info.id))
    make = _MAKERS.get(info.kind)
    if make:
        _store(session, info.id, info.kind, make(package))


def index_areas(session: Session, areas: Sequence[AreaShape]) -> None:
    """Replace the entries of the areas' districts and levels."""
    for group, members in _grouped(areas).items():
        session.execute(delete(SearchEntry).where(SearchEntry.layer_id == group))
        _store(session, group, "area", map(_area_entry, members))


def reindex_areas(session: Session, areas: Sequence[AreaShape], gone: Sequence[str]) -> None:
    """Renew the entries of some areas, and take away those of areas that are gone."""
    codes = [*(area.code for area in areas), *gone]
    of_area = SearchEntry.kind == "area"
    session.execute(delete(SearchEntry).where(of_area, SearchEntry.area.in_(codes)))
    for group, members in _grouped(areas).items():
        _store(session, group, "area", map(_area_entry, members))


def _grouped(areas: Sequence[AreaShape]) -> dict[str, list[AreaShape]]:
    """By district and level, which is what an import replaces."""
    groups: dict[str, list[AreaShape]] = {}
    for area in areas:
        groups.setdefault(f"{AREAS_LAYER}{area.code[:6]}:{len(area.code)}", []).append(area)
    return groups


def _area_entry(area: AreaShape) -> dict[str, Any]:
    point = area.geometry.representative_point()
    return _entry(
        area.name or area.code, f"{area.name_en} {area.code}".strip(), point.x, point.y, area=area.code
    )


def _entry(
    title: str, detail: str, lon: float, lat: float, *, area: str = "", weight: float = 0.0
) -> dict[str, Any]:
    return {
        "title": title[:256],
        "detail": detail[:256],
        "lon": lon,
        "lat": lat,
        "area": area,
        "weight": weight,
    }


def _store(session: Session, layer_id: str, kind: str, entries: Iterable[dict[str, Any]]) -> None:
    source = iter(entries)
    while chunk := list(islice(source, _CHUNK)):
        for entry in chunk:
            words = [kind_word(kind), *split_words(entry["title"]), *split_words(entry["detail"])]
            entry |= {"layer_id": layer_id, "kind": kind, "words": " ".join(words)}
        session.execute(insert(SearchEntry), chunk)


def _roads(package: LayerPackage) -> Iterator[dict[str, Any]]:
    """One entry a road name, at the middle of its longest piece."""
    longest: dict[str, tuple[int, int]] = {}
    starts = package.part_start[package.feature_start]
    for feature, size in enumerate(np.diff(starts).tolist()):
        name = package.text("name", feature)
        if name and size > longest.get(name, (0, 0))[0]:
            longest[name] = (size, feature)
    counts = len(longest)
    for name, (size, feature) in longest.items():
        lon, lat = _middle(package, starts, feature)
        yield _entry(name, package.text("class", feature), lon, lat, weight=size / max(counts, 1))


def _points(package: LayerPackage) -> Iterator[dict[str, Any]]:
    starts = package.part_start[package.feature_start]
    for feature in range(len(package)):
        if name := package.text("name", feature):
            yield _entry(name, package.text("class", feature), *_middle(package, starts, feature))


def _addresses(package: LayerPackage) -> Iterator[dict[str, Any]]:
    """Named addresses, or street and number as people write them."""
    starts = package.part_start[package.feature_start]
    for feature in range(len(package)):
        street, number = package.text("street", feature), package.text("housenumber", feature)
        name = package.text("name", feature)
        written = join_address(street, number) if street and number else ""
        if title := written or name:
            yield _entry(title, name if written else "", *_middle(package, starts, feature))


def join_address(street: str, number: str) -> str:
    """中山北路 and 100 make 中山北路100号; other scripts get a space."""
    if "一" <= street[-1] <= "鿿":
        return f"{street}{number}" if number.endswith("号") else f"{street}{number}号"
    return f"{street} {number}"


def _middle(package: LayerPackage, starts: np.ndarray, feature: int) -> tuple[float, float]:
    lon, lat = package.xy[(int(starts[feature]) + int(starts[feature + 1]) - 1) // 2]
    return float(lon) / DEGREE, float(lat) / DEGREE


_MAKERS: dict[str, Callable[[LayerPackage], Iterator[dict[str, Any]]]] = {
    LayerKind.ROAD: _roads,
    LayerKind.POI: _points,
    LayerKind.ADDRESS: _addresses,
}
