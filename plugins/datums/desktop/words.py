"""Datums, how they are known, and what measuring found, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.sdk.records import CheckState, DatumCheck, LocalDatum
from plugins.datums.desktop.entry import Entry

Tr = Callable[..., str]

DATUMS: dict[str, str] = {
    "wgs84": "WGS 84",
    "cgcs2000": "CGCS2000, degrees",
    "gcj02": "GCJ-02 (Amap, Tencent)",
    "bd09": "BD-09 (Baidu)",
    "gcj02+gcj02": "GCJ-02 twice",
    "wgs84-gcj02": "WGS 84 less a GCJ-02 shift",
}
KNOWN: dict[str, str] = {"declared": "Declared", "detected": "Measured", "guessed": "Guessed"}
KNOWN_HELP: dict[str, str] = {
    "declared": "By the file, the protocol or whoever imported it",
    "detected": "By measuring against a reference",
    "guessed": "Nobody said, so WGS 84 was taken",
}
FOUND: dict[tuple[str, str], str] = {
    ("wgs84", "gcj02"): "GCJ-02 shift was probably not taken off",
    ("wgs84", "bd09"): "Probably still in BD-09",
    ("wgs84", "gcj02+gcj02"): "Probably shifted by GCJ-02 twice, none taken off",
    ("wgs84", "wgs84-gcj02"): "GCJ-02 shift was probably taken off once too often",
    ("gcj02", "wgs84"): "GCJ-02 shift was probably taken off though it had none",
    ("gcj02", "gcj02+gcj02"): "Probably shifted by GCJ-02 once too often",
    ("gcj02", "bd09"): "Probably BD-09, not GCJ-02",
    ("bd09", "gcj02"): "Probably GCJ-02, not BD-09",
    ("bd09", "wgs84"): "BD-09 shift was probably taken off though it had none",
}
"""(datum that it was read as, datum that fits) to what happened."""
STATES: dict[str, str] = {
    CheckState.FITS: "Fits the reference",
    CheckState.UNCLEAR: "Unclear: no datum fits clearly",
    CheckState.APART: "No overlap with the reference, or too few places",
}
TONES: dict[str, str] = {
    CheckState.FITS: "success",
    CheckState.SHIFTED: "error",
    CheckState.UNCLEAR: "warning",
    CheckState.APART: "text.muted",
}
_ZONES: tuple[tuple[range, int, int, int], ...] = (
    (range(4491, 4502), 6, 75, 13),
    (range(4502, 4513), 6, 75, 0),
    (range(4513, 4534), 3, 75, 25),
    (range(4534, 4555), 3, 75, 0),
)
"""EPSG codes of CGCS2000's zones: width, first meridian, first zone number (0: eastings without it)."""


def datum_text(name: str, tr: Tr, locals_known: Sequence[LocalDatum] = (), language: str = "zh_CN") -> str:
    """A datum as an officer calls it."""
    if name in DATUMS:
        return tr(DATUMS[name])
    for local in locals_known:
        if name == f"local:{local.name}":
            return local.title_zh if language == "zh_CN" else local.title_en or local.title_zh
    return _zone_text(name, tr) or name


def _zone_text(name: str, tr: Tr) -> str:
    code = int(name[5:]) if name.startswith("EPSG:") and name[5:].isdigit() else 0
    for codes, width, first, number in _ZONES:
        if code in codes:
            at = codes.index(code)
            meridian = first + width * at
            if number:
                zone = number + at
                return tr(
                    "CGCS2000, {width}° zone {zone} ({meridian}°E)", width=width, zone=zone, meridian=meridian
                )
            return tr("CGCS2000, {width}° zone of {meridian}°E", width=width, meridian=meridian)
    return ""


def state_text(entry: Entry, tr: Tr) -> str:
    """What is known of the line, in one sentence."""
    if entry.check is None:
        return tr("As its protocol says") if entry.is_feed else tr("Not measured")
    if entry.is_wrong:
        return found_text(entry.datum, entry.check, tr)
    return tr(STATES[entry.check.state])


def found_text(declared: str, check: DatumCheck, tr: Tr) -> str:
    """What happened to a layer that lies wrong."""
    read_as = "wgs84" if declared not in DATUMS or declared == "cgcs2000" else declared
    words = FOUND.get((read_as, check.datum))
    return tr(words) if words else tr("Would fit as {datum}", datum=datum_text(check.datum, tr))


def known_text(known: str, tr: Tr) -> str:
    """How a datum is known."""
    return tr(KNOWN[known]) if known in KNOWN else known


def state_tone(entry: Entry) -> str:
    """Token of the state's colour; empty for plain text."""
    return TONES[entry.check.state] if entry.check else "text.muted"


def metres_text(metres: float | None) -> str:
    """Metres to a tenth below ten; empty when unknown."""
    if metres is None:
        return ""
    return f"{metres:.1f}" if metres < 10 else f"{metres:,.0f}"
