"""Sources in the user's words."""

from __future__ import annotations

from collections.abc import Callable

from console.sdk.datums import LOCAL
from plugins.sources.desktop.local_datums import definition_in, title_of
from plugins.sources.desktop.source import Source, State

Tr = Callable[..., str]

DATUMS = {
    "wgs84": "WGS84",
    "cgcs2000": "CGCS2000",
    "gcj02": "GCJ-02 (Amap, Tencent)",
    "bd09": "BD-09 (Baidu)",
}
KNOWN = {"declared": "Declared", "guessed": "Guessed"}
SHAPES = {"point": "Points", "line": "Lines", "polygon": "Areas"}
FILTER_FAULTS = {
    "syntax": "The filter is not complete or not understood",
    "column": "There is no column “{what}”",
    "types": "Numbers and texts cannot be compared",
}
STATES = {
    State.WAITING: "Waiting",
    State.READING: "Reading",
    State.SHOWN: "Shown",
    State.FAILED: "Unreadable",
    State.CANCELLED: "Cancelled",
}
TONES = {
    State.WAITING: "muted",
    State.READING: "info",
    State.SHOWN: "success",
    State.FAILED: "error",
    State.CANCELLED: "muted",
}


def zone_text(middle: int, tr: Tr) -> str:
    """A zone of CGCS2000 by its middle meridian."""
    return tr("CGCS2000, 3° zone of {degrees}°E", degrees=middle)


def state_text(source: Source, tr: Tr) -> str:
    """How it is, with the share read."""
    if source.state is State.READING and source.done:
        return tr("Reading {percent} %", percent=round(100 * source.done))
    if source.state is State.SHOWN and source.gone:
        return tr("File gone")
    if source.state is State.SHOWN and source.fault:
        return tr("Faulty")
    return tr(STATES[source.state])


def state_tone(source: Source) -> str:
    """Token of the state's colour."""
    ails = source.state is State.SHOWN and (source.gone or bool(source.fault))
    return "warning" if ails else TONES[source.state]


def datum_text(source: Source, tr: Tr, language: str) -> str:
    """The datum, and how it is known."""
    if source.opened is None or not source.opened.datum:
        return ""
    datum, local = source.opened.datum, definition_in(source.options)
    name = title_of(local, language) if local and datum == LOCAL + local.name else datum
    known = KNOWN.get(source.opened.datum_known)
    parts = (tr(DATUMS[datum]) if datum in DATUMS else name, tr(known) if known else "")
    return " · ".join(filter(None, parts))


def size_text(stamp: str) -> str:
    """Size of a file, by its stamp; empty for what is no file."""
    digits = stamp.partition(":")[0]
    if not digits.isdigit():
        return ""
    size = float(digits)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "B" or size >= 10 else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"
