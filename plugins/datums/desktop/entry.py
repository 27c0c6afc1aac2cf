"""One line of the ledger: a layer or a feed."""

from __future__ import annotations

from dataclasses import dataclass

from console.sdk.records import CheckState, DatumCheck, DatumLedger, FeedDatum, LayerDatum, LayerInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the table shows."""

    key: str
    title_zh: str
    title_en: str
    datum: str
    known: str
    layer: LayerInfo | None = None
    """None: a feed."""
    check: DatumCheck | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether measuring found another datum."""
        return self.check is not None and self.check.state is CheckState.SHIFTED


def entries_of(ledger: DatumLedger) -> list[Entry]:
    """Layers first, then feeds."""
    return [*map(_of_layer, ledger.layers), *map(_of_feed, ledger.feeds)]


def _of_layer(line: LayerDatum) -> Entry:
    layer = line.layer
    return Entry(
        key=f"layer/{layer.id}",
        title_zh=layer.title_zh,
        title_en=layer.title_en,
        datum=layer.datum,
        known=layer.datum_known,
        layer=layer,
        check=line.check,
    )


def _of_feed(feed: FeedDatum) -> Entry:
    return Entry(
        key=f"feed/{feed.id}",
        title_zh=feed.title_zh,
        title_en=feed.title_en,
        datum=feed.datum,
        known=feed.datum_known,
    )
