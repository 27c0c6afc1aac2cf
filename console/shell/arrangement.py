"""Saved arrangements of docks, read so that one like the present need not be built anew.

QtAds restores by taking every dock out of the window and back in, and each is dressed by the
style sheet as often: a second or more with twenty panels. Mostly only other panels are open.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

CENTRE = "map"
"""Name of the dock in the middle."""
Frame = tuple[Any, ...] | None
"""Nested: names of an area's tabs, or a splitter's orientation and its parts; None: nothing."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What QtAds wrote of one window."""

    root: Element

    @property
    def names(self) -> set[str]:
        """Docks that it knows, open or closed."""
        return {dock.get("Name", "") for dock in self.root.iter("Widget")}

    @property
    def open(self) -> set[str]:
        """Docks that are open, perhaps as a tab behind another."""
        return {dock.get("Name", "") for dock in self.root.iter("Widget") if dock.get("Closed") == "0"}

    @property
    def fronts(self) -> list[str]:
        """Docks that lie in front in their area."""
        return [area.get("Current", "") for area in self.root.iter("Area")]

    def frame(self, names: set[str]) -> Frame:
        """How the docks *names* lie; None also where one floats."""
        containers = self.root.findall("Container")
        return _frame(containers[0], names) if len(containers) == 1 else None

    def sizes(self) -> Iterator[list[tuple[str, int]]]:
        """Of each splitter its parts: a dock inside of it, and its width or height in pixels."""
        for splitter in self.root.iter("Splitter"):
            parts = [next(part.iter("Widget"), None) for part in splitter if part.tag != "Sizes"]
            sizes = (splitter.findtext("Sizes") or "").split()
            if len(sizes) == len(parts) > 1 and all(size.isdecimal() for size in sizes):
                shares = zip(parts, map(int, sizes), strict=True)
                yield [(dock.get("Name", ""), size) for dock, size in shares if dock is not None]


def read(state: bytes) -> Arrangement | None:
    """From what ``CDockManager.saveState`` gave; None when it is something else."""
    try:
        return Arrangement(fromstring(zlib.decompress(state[4:]), forbid_dtd=True))
    except (zlib.error, ParseError, DefusedXmlException, ValueError):
        return None


def _frame(part: Element, names: set[str]) -> Frame:
    """Areas and splitters without what *names* leaves empty."""
    if part.tag == "Area":
        return tuple(n for dock in part.iter("Widget") if (n := dock.get("Name", "")) in names) or None
    parts = [frame for child in part if (frame := _frame(child, names))]
    if len(parts) < 2:
        return parts[0] if parts else None
    return (part.get("Orientation"), *parts)


def side_of(place: QWidget, centre: QWidget) -> str:
    """``left``, ``right``, ``top`` or ``bottom``: how *place* lies to *centre* in one window, else empty."""
    around = dict(_splitters(centre))
    for splitter, part in _splitters(place):
        if splitter in around:
            before = splitter.indexOf(part) < splitter.indexOf(around[splitter])
            if splitter.orientation() is Qt.Orientation.Horizontal:
                return "left" if before else "right"
            return "top" if before else "bottom"
    return ""


def set_sizes(parts: list[tuple[str, int]], places: Mapping[str, QWidget]) -> None:
    """Size the splitter that holds *parts* (dock's name, pixels) apart; *places* are the areas of docks."""
    known = [(dict(_splitters(places[name])), size) for name, size in parts if name in places]
    if len(known) < 2:
        return
    first, second = known[0][0], known[1][0]
    common = next((splitter for splitter in first if splitter in second), None)
    if common is None:
        return
    sizes = [0] * common.count()
    for chain, size in known:
        if common in chain:
            sizes[common.indexOf(chain[common])] = size
    common.setSizes(sizes)


def _splitters(widget: QWidget) -> Iterator[tuple[QSplitter, QWidget]]:
    """The splitters around a widget from inside out, each with its part that holds it."""
    part, parent = widget, widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QSplitter):
            yield parent, part
        part, parent = parent, parent.parentWidget()
