"""What the grids plugin offers others as the service ``areas``, and what its two halves share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from console.sdk import Area, Undo


class Areas(Protocol):
    """Names of the user's areas, and a widget to choose one."""

    def name(self, code: str) -> str:
        """Name of an area in the user's language; its code while names are not known."""
        ...

    def all(self) -> Sequence[Area]:
        """All areas that the user may see, by code."""
        ...

    def picker(self, on_change: Callable[[str], Any]) -> Any:
        """A QComboBox that filters while typing; *on_change* gets a code, or an empty text for all."""
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when names became known or changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidFinding:
    """A fault of a draft in words, with its place in WGS84 degrees."""

    fault: str
    codes: list[str]
    where: tuple[float, float]
    text: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """What speaks against a draft, and how many records of each kind get another area by it."""

    findings: list[SaidFinding]
    moves: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A plan that was put in force; ``moved`` counts the records that got another area."""

    id: str
    plan: str
    area: str
    title: str
    reason: str
    author: str
    at: float
    """s since 1970."""
    grids: list[str]
    gone: dict[str, str]
    """Code of a grid that went: its heir."""
    moved: dict[str, int]
