"""Which layers tell where another should lie: features of one kind lie on one another, others only beside."""

from __future__ import annotations

from collections.abc import Sequence

from console.sdk.datums import TILES
from plugins.datums.desktop.entry import Entry

MOST = 3
"""References that one layer is measured against, until one gives a clear result."""
SUITED: dict[str, tuple[str, ...]] = {
    "road": ("road",),
    "railway": ("railway", "road"),
    "waterway": ("waterway", "water", "road"),
    "water": ("water", "waterway", "road"),
    "green": ("green", "road"),
    "landuse": ("landuse", "road"),
    "boundary": ("boundary", "road"),
    "grid": ("grid", "road"),
    "building": ("building", "road"),
    "address": ("building", "address", "road"),
    "poi": ("building", "address", "poi", "road"),
    "device": ("road",),
    TILES: ("road", "building"),
}
"""Kind to kinds of references, the most telling first."""
BY_SHAPE: dict[str, tuple[str, ...]] = {
    "line": ("road", "railway", "waterway"),
    "polygon": ("building", "road"),
    "point": ("building", "address", "road"),
}
"""The same of layers whose kind nobody knows."""
ADVICE: dict[str, str] = {
    "road": "Only another layer of roads tells where roads lie: open one in the data sources.",
    "building": "Buildings stand beside roads, which decides little: open another layer of buildings in the"
    " data sources.",
    "poi": "Places are best measured against buildings: open a layer of buildings in the data sources.",
    "address": "Places are best measured against buildings: open a layer of buildings in the data sources.",
    "device": "Devices are measured against roads: there is no layer of roads whose datum is known.",
    TILES: "Tiles are measured by the roads in them, of a service as far as the map has fetched them: open"
    " roads whose datum is known, look at their streets on the map, then measure.",
    "": "Open a layer of roads, or of the same features from another source, in the data sources.",
}
"""What would help when no reference there is gives a clear result; by kind, without one for all others."""


def references(entry: Entry, entries: Sequence[Entry]) -> list[Entry]:
    """Layers that may be held to lie right, the most telling for *entry* first; at most ``MOST``."""
    kinds = SUITED.get(entry.kind) or BY_SHAPE.get(entry.shape) or ("road",)
    found = [e for e in entries if e.kind in kinds and e.is_sure and e.key != entry.key]
    found.sort(key=lambda e: (kinds.index(e.kind), e.known == "guessed", e.layer is None, e.key))
    return found[:MOST]


def advice(entry: Entry) -> str:
    """What would help, as English source text."""
    return ADVICE.get(entry.kind, ADVICE[""])
