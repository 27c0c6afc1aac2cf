"""Which stream of a camera is decoded, and how, for the size at which it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from console.model.streams import Source

TINY, LARGE = 120, 400
"""Pixels of height: below the first, key frames of the small picture; above the second, the full picture."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``until``: what is shown until the first picture of *url* is there; empty: nothing."""

    url: str
    keys_only: bool = False
    until: str = ""


def plan(source: Source, height: int) -> Plan | None:
    """For a tile of *height* device pixels; None: it is not seen, so nothing is decoded."""
    if height <= 0:
        return None
    if height > LARGE and source.main:
        return Plan(source.main, until=source.sub)
    return Plan(source.sub or source.main, keys_only=height < TINY)
