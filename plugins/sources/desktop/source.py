"""One data source, and what whoever opens a kind of them has to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from console.sdk.datums import OwnLayer

Report = Callable[[float, str], object]
"""Gets the share done (0..1) and what is being read."""


class State(StrEnum):
    """How a source is."""

    WAITING = "waiting"
    READING = "reading"
    SHOWN = "shown"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MapHandle(Protocol):
    """A layer on the map."""

    layer_id: str

    def remove(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Attributes that can be looked at as a table."""

    title: str
    path: str
    """Of a layer package."""
    fields: tuple[str, ...]
    """Columns in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What came of opening a source."""

    show: Callable[[], Sequence[MapHandle]]
    """Puts its layers on the map."""
    features: int | None = None
    """None: nobody knows, as of a service."""
    datum: str = ""
    datum_known: str = ""
    bounds: tuple[float, float, float, float] | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    """What the user should know, such as features left out."""
    ledger: tuple[OwnLayer, ...] = ()
    """Its layers as the datum ledger shows them."""


class Unopened(Exception):
    """A source cannot be opened; the text is for the user."""

    def __init__(self, text: str, *, asks: bool = False, found: Any = None) -> None:
        """*asks*: its form can help; *found*: what is known all the same, for the form."""
        super().__init__(text)
        self.asks = asks
        self.found = found


@dataclass(slots=True, kw_only=True, eq=False)
class Source:
    """One source in the list. The first five are kept from start to start."""

    id: str
    kind: str
    where: str
    """Path or address."""
    title: str
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the user declared; only the opener of its kind knows what is in it."""
    state: State = State.WAITING
    done: float = 0.0
    error: str = ""
    asks: bool = False
    """The form should be shown: something must be chosen."""
    gone: bool = False
    """What it came from is not there any more."""
    found: Any = None
    """What the opener found, for its form."""
    opened: Opened | None = None
    layers: Sequence[MapHandle] = ()
    fault: str = ""
    """What the map says is wrong with its layers, such as a service that is away."""
    stamp: str = ""
    """Of the content that is shown."""
    seen: str = ""
    """The stamp at the last look: a file that is still being written is not read."""

    def kept(self) -> dict[str, Any]:
        """As it is remembered."""
        return {name: getattr(self, name) for name in ("id", "kind", "where", "title", "options")}


def stamp_of(where: str) -> str:
    """Size and time of a file; empty when there is none."""
    try:
        stat = Path(where).stat()
    except OSError:
        return ""
    return f"{stat.st_size}:{stat.st_mtime_ns}"


class Opener(Protocol):
    """Opens the sources of one kind."""

    kind: str

    def name(self) -> str:
        """What the kind is called, in the user's language."""
        ...

    def takes(self, where: str) -> bool:
        """Whether this is how its sources are named."""
        ...

    def kept_as(self, where: str) -> str:
        """Path or address as it may be remembered: without what is secret in it."""
        ...

    def title_of(self, where: str) -> str: ...

    async def forget(self, source: Source) -> None:
        """It was taken off the list; what is kept of it elsewhere may go, until it is put back."""
        ...

    async def stamp(self, source: Source) -> str:
        """Another text when the content is another; empty when it is gone."""
        ...

    async def open(self, source: Source, report: Report) -> Opened:
        """Read it, off the GUI thread; sets ``source.found``. Raises Unopened."""
        ...

    def has_form(self, source: Source) -> bool:
        """Whether there is anything that the user can declare."""
        ...

    def form(self, source: Source, apply: Callable[[dict[str, Any]], None]) -> QWidget:
        """Fields for what the user can declare; *apply* takes the new options."""
        ...
