"""How reading geodata goes: what is left out, how far it has come, and how it fails.

Two ways to fail: ``ImportFailed`` (nothing could be taken, with a message in both
languages) and ``ImportCancelled`` (the caller asked to stop).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from console.model.records import ImportReport

MAX_EXAMPLES = 12


class ImportFailed(Exception):
    """Nothing can be imported; the messages are for the user."""

    def __init__(self, message_en: str, message_zh: str) -> None:
        super().__init__(message_en)
        self.message_en = message_en
        self.message_zh = message_zh

    def __reduce__(self) -> tuple[type[ImportFailed], tuple[str, str]]:
        """Both messages survive the way out of a child process."""
        return type(self), (self.message_en, self.message_zh)


class ImportCancelled(Exception):
    """The caller's ``cancelled()`` became true."""


@dataclass(slots=True)
class Tally:
    """Counts what is read and rejected, with a few examples; the rest is kept."""

    read: int = 0
    rejected: Counter[str] = field(default_factory=Counter[str])
    mended: int = 0
    examples: list[str] = field(default_factory=list[str])

    def reject(self, reason: str, count: int = 1, example: str = "") -> None:
        """Count *count* features left out for *reason* (English, see ``REASONS``)."""
        if count <= 0:
            return
        self.rejected[reason] += count
        if example and len(self.examples) < MAX_EXAMPLES:
            self.examples.append(f"{reason}: {example}")

    def report(self) -> ImportReport:
        """The record for the user. Mended features are kept, and counted all the same."""
        rejected = dict(sorted(self.rejected.items()))
        if self.mended:
            rejected[MENDED] = self.mended
        return ImportReport(
            read=self.read,
            kept=self.read - self.rejected.total(),
            rejected=rejected,
            examples=tuple(self.examples),
        )


EMPTY = "empty geometry"
BAD_COORDINATES = "coordinates out of range"
BROKEN = "broken geometry"
MISSING_NODES = "nodes missing from the file"
NOT_BUILT = "road planned or under construction"
UNKNOWN_SHAPE = "geometry that is neither point, line nor polygon"
MENDED = "mended (kept)"

REASONS: dict[str, str] = {
    EMPTY: "几何为空",
    BAD_COORDINATES: "坐标超出范围",
    BROKEN: "几何损坏",
    MISSING_NODES: "文件缺少节点",
    NOT_BUILT: "规划或在建道路",
    UNKNOWN_SHAPE: "不是点、线或面",
    MENDED: "已修复(保留)",
}
"""Reasons of rejection: English to Chinese."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Progress and cancelling, handed down to every step; spans part of 0..1."""

    progress: Callable[[float, str], None]
    cancelled: Callable[[], bool]
    start: float = 0.0
    end: float = 1.0

    def at(self, fraction: float, text: str) -> None:
        """Report *fraction* of this span; raises ImportCancelled if asked to stop."""
        if self.cancelled():
            raise ImportCancelled
        fraction = min(max(fraction, 0.0), 1.0)
        self.progress(self.start + (self.end - self.start) * fraction, text)

    def part(self, start: float, end: float) -> Watch:
        """A watch of the part from *start* to *end* (fractions of this span)."""
        width = self.end - self.start
        return Watch(self.progress, self.cancelled, self.start + width * start, self.start + width * end)
