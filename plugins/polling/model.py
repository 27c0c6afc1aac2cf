"""What both halves of the polling plugin share: groups and rounds as they travel, rights, limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TITLE_LIMIT, WORDS_LIMIT = 80, 500
"""Characters."""
MOST_CAMERAS = 2000
"""In a group, and in a round."""
READ, WRITE = "polling.read", "polling.write"


class Kind(StrEnum):
    """What a group is made by."""

    HAND = "hand"
    """``cameras``, in their order."""
    AREA = "area"
    """``rule`` is the code of an area."""
    NAMES = "names"
    """``rule`` holds words; a camera with one of them in its name belongs to it: a river, a reservoir."""
    EVENT = "event"
    """``rule`` is the id of an event; the cameras nearest to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cameras that are polled together."""

    id: str
    title: str
    kind: Kind = Kind.HAND
    rule: str = ""
    cameras: tuple[str, ...] = ()
    area: str = ""
    """Shared with those of this area; empty: its maker's alone."""
    edition: int = 0
    by: str = ""
    at: float = 0.0


class Finding(StrEnum):
    """Of a camera in a round."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"
    DEAD = "dead"
    """It gave no picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was found at a camera."""

    camera: str
    name: str
    finding: Finding
    words: str = ""
    at: float = 0.0
    event: str = ""
    """Id of the event that was made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One inspection of a group, from the first camera to the last."""

    id: str
    title: str
    began: float
    ended: float
    entries: tuple[Entry, ...]
    area: str = ""
    by: str = ""
