"""Features of WFS and OGC API, page by page, into a file that is then read like any other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from console.sdk import Text
from plugins.sources.desktop.services.address import with_query
from plugins.sources.desktop.services.asking import ServiceRefused, ask, link
from plugins.sources.desktop.services.offers import ODD, Offer

PAGE = 5_000
MOST = 1_000_000
"""Features of one layer."""
LARGEST = 64_000_000
"""Bytes of one page."""
Progress = Callable[[int, int | None], object]
"""Hears how many features there are, of how many; raises to stop."""


def fetch_features(offer: Offer, headers: Mapping[str, str], to: Path, progress: Progress) -> int:
    """Write all features as GeoJSON (degrees, WGS84); the file is there whole or not at all.

    Gives their number. Raises ServiceRefused, OSError.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    fresh = to.with_suffix(".part")
    count = 0
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write('{"type": "FeatureCollection", "features": [\n')
            for features, total in _pages(offer, headers):
                for feature in features:
                    file.write((",\n" if count else "") + json.dumps(feature, ensure_ascii=False))
                    count += 1
                progress(count, total)
            file.write("\n]}\n")
        fresh.replace(to)
    finally:
        fresh.unlink(missing_ok=True)
    return count


def _pages(offer: Offer, headers: Mapping[str, str]) -> Any:
    """(features, total or None) page by page, until one is empty or the service names no next one."""
    wfs = "request=getfeature" in offer.items.lower()
    address = _first(offer.items, wfs)
    seen = 0
    before: list[Any] | None = None
    while address:
        page = _page(ask(address, headers, "application/geo+json, application/json", LARGEST))
        features = [f for f in page["features"] if isinstance(f, dict)]
        if not features or features == before:  # a server that knows no pages sends the first for ever
            return
        seen += len(features)
        if seen > MOST:
            raise ServiceRefused(Text("要素过多，请缩小范围或选择其他图层", "Too many features"))
        total = page.get("numberMatched")
        yield features, total if isinstance(total, int) else None
        before = features
        if wfs:
            more = len(features) >= PAGE
            address = _wfs_page(offer.items, seen) if more else ""
        else:
            address = link(page, "next", address)


def _first(items: str, wfs: bool) -> str:
    if wfs:
        return _wfs_page(items, 0)
    return f"{items}{'&' if '?' in items else '?'}f=json&limit=1000"


def _wfs_page(items: str, start: int) -> str:
    """Both names of the number: versions 2 and 1 have one each, and pass over the other."""
    return with_query(items, COUNT=str(PAGE), MAXFEATURES=str(PAGE), STARTINDEX=str(start))


def _page(data: bytes) -> dict[str, Any]:
    try:
        page = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ServiceRefused(ODD) from error
    if not isinstance(page, dict) or not isinstance(page.get("features"), list):
        raise ServiceRefused(ODD)
    return page
