"""Features of WFS and OGC API, page by page, into a file that is then read like any other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from console.sdk import Text
from console.sdk.web import exception_text
from plugins.sources.desktop.services.address import with_query
from plugins.sources.desktop.services.asking import ODD, ServiceRefused, ask, document, link
from plugins.sources.desktop.services.offers import Offer

PAGE = 5_000
MOST = 1_000_000
"""Features of one layer."""
LARGEST = 64_000_000
"""Bytes of one page."""
HEAD = 8_000
"""Bytes in which a page of GML says what it is."""
TOO_MANY = Text("要素过多，请缩小范围或选择其他图层", "Too many features")
_NUMBERS = re.compile(rb"\b(numberReturned|numberMatched|numberOfFeatures)\s*=\s*[\"'](\d{1,12})[\"']")
_MEMBER = re.compile(rb"<(?:[\w.-]+:)?(?:member|featureMember)[\s>]")
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


def fetch_gml(offer: Offer, headers: Mapping[str, str], stem: Path, progress: Progress) -> list[Path]:
    """Write all features as files of GML, one a page, beside *stem*; those of before go first.

    Raises ServiceRefused, OSError.
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    for old in stem.parent.glob(f"{stem.name}-*.gml"):
        old.unlink()
    written: list[Path] = []
    seen = 0
    while seen <= MOST:
        data = ask(_wfs_page(offer.items, seen), headers, "application/gml+xml, text/xml", LARGEST)
        count, total = _counted(data)
        if count == 0:
            break
        written.append(stem.with_name(f"{stem.name}-{len(written)}.gml"))
        written[-1].write_bytes(data)
        seen += count or 0
        progress(seen, total)
        if count is None or count < PAGE:
            break
    if seen > MOST:
        raise ServiceRefused(TOO_MANY)
    if not written:
        raise ServiceRefused(Text("该图层没有要素", "The layer holds no features"))
    return written


def _counted(data: bytes) -> tuple[int | None, int | None]:
    """Features in a page of GML, and of all, as far as the page says. Raises ServiceRefused."""
    head = data[:HEAD]
    if b"Exception" in head:
        reason = exception_text(head)
        raise ServiceRefused(Text(f"服务报错：{reason}", f"The service says: {reason}"))
    if b"FeatureCollection" not in head:
        raise ServiceRefused(ODD)
    numbers = {name.decode(): int(value) for name, value in _NUMBERS.findall(head)}
    count = numbers.get("numberReturned", numbers.get("numberOfFeatures"))
    if count is None:
        members = len(_MEMBER.findall(data))
        count = members or (None if b"featureMembers" in data else 0)
    return count, numbers.get("numberMatched")


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
            raise ServiceRefused(TOO_MANY)
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
    page = document(data)
    if not isinstance(page.get("features"), list):
        raise ServiceRefused(ODD)
    return page
