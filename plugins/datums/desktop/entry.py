"""One line of the ledger: a layer of the district, one of the user's own, or a feed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePath
from urllib.parse import urlsplit

from console.sdk.datums import OwnLayer
from console.sdk.records import CheckState, DatumCheck, DatumLedger, FeedDatum, LayerDatum, LayerInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the table shows."""

    key: str
    """Also what measurements call it: a layer's id, or ``feed/…``."""
    title_zh: str
    title_en: str
    datum: str
    known: str
    layer: LayerInfo | None = None
    """Of the district; None for the others."""
    own: OwnLayer | None = None
    """Of a file or service on this machine."""
    check: DatumCheck | None = None

    @property
    def is_feed(self) -> bool:
        """Whether it is a way in for positions."""
        return self.layer is None and self.own is None

    @property
    def is_wrong(self) -> bool:
        """Whether measuring found another datum."""
        return self.check is not None and self.check.state is CheckState.SHIFTED

    @property
    def kind(self) -> str:
        """``road``, ``building`` …; ``device`` for feeds."""
        if self.layer is not None:
            return self.layer.kind
        return self.own.kind if self.own is not None else "device"

    @property
    def shape(self) -> str:
        """``point``, ``line``, ``polygon``; empty where nobody says."""
        return self.own.shape if self.own is not None else ""

    @property
    def features(self) -> int | None:
        """How many there are; None: nobody knows."""
        if self.layer is not None:
            return self.layer.count
        return self.own.features if self.own is not None else None

    @property
    def has_places(self) -> bool:
        """Whether others can be measured against it."""
        return self.layer is not None or (self.own is not None and bool(self.own.packages))

    @property
    def is_sure(self) -> bool:
        """Whether it may be held to lie right without the user's word."""
        fits = self.check is not None and self.check.state is CheckState.FITS
        return self.has_places and not self.is_wrong and (self.known != "guessed" or fits)


def entries_of(ledger: DatumLedger, own: tuple[OwnLayer, ...]) -> list[Entry]:
    """Layers of the district first, then the user's own, then feeds."""
    found = [*map(_of_layer, ledger.layers), *map(_of_own, own), *map(_of_feed, ledger.feeds)]
    titles = Counter(title for entry in found for title in {entry.title_zh, entry.title_en})
    return [_told_apart(entry) if titles[entry.title_zh] > 1 else entry for entry in found]


def _told_apart(entry: Entry) -> Entry:
    """One of the user's own that is called as another is: with its file or host."""
    if entry.own is None:
        return entry
    origin = entry.own.origin
    title = f"{entry.title_zh} · {urlsplit(origin).netloc or PurePath(origin).name}"
    return replace(entry, title_zh=title, title_en=title)


def _of_layer(line: LayerDatum) -> Entry:
    layer = line.layer
    return Entry(
        key=layer.id,
        title_zh=layer.title_zh,
        title_en=layer.title_en,
        datum=layer.datum,
        known=layer.datum_known,
        layer=layer,
        check=line.check,
    )


def _of_own(own: OwnLayer) -> Entry:
    return Entry(
        key=own.id, title_zh=own.title, title_en=own.title, datum=own.datum, known=own.known, own=own
    )


def _of_feed(feed: FeedDatum) -> Entry:
    return Entry(
        key=f"feed/{feed.id}",
        title_zh=feed.title_zh,
        title_en=feed.title_en,
        datum=feed.datum,
        known=feed.datum_known,
    )
