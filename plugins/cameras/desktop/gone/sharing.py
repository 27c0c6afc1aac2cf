"""The list for others: as text for a message, grouped by unit, and as the rows of a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import groupby

from plugins.cameras.desktop.gone.report import Gone
from plugins.cameras.desktop.gone.words import fault_text, length_text, moment_text
from plugins.cameras.desktop.words import Tr

HEADINGS = ("Owner", "Name", "Number", "Fault", "Gone since", "For", "Address", "Last checked")
PlaceName = Callable[[str], str]
"""Words for the code of an area."""


def message(gone: Sequence[Gone], place: PlaceName, tr: Tr) -> str:
    """One paragraph a unit."""
    parts = list[str]()
    by_owner = sorted(gone, key=lambda each: each.owner)
    for owner, group in groupby(by_owner, lambda each: each.owner):
        its = list(group)
        title = tr("{owner}: {n} cameras gone", owner=owner or tr("Without a unit"), n=len(its))
        parts.append("\n".join([title, *(_line(each, place, tr) for each in its)]))
    return "\n\n".join(parts)


def _line(each: Gone, place: PlaceName, tr: Tr) -> str:
    since = tr("Since {time}", time=moment_text(each.since, tr)) if each.since else ""
    words = (each.name, fault_text(each, tr), since, place(each.area))
    return "  " + " · ".join(word for word in words if word)


def table(gone: Sequence[Gone], place: PlaceName, tr: Tr) -> list[list[str]]:
    """Headings, then a row each; times whole, so that a sheet can sort them."""
    now = time.time()
    rows = [[tr(heading) for heading in HEADINGS]]
    for each in gone:
        lasts = length_text(now - each.since, tr) if each.since else ""
        told = [each.owner, each.name, each.camera, fault_text(each, tr)]
        rows.append([*told, _whole(each.since), lasts, place(each.area), _whole(each.checked)])
    return rows


def _whole(when: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(when)) if when else ""
