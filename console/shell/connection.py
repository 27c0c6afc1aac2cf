"""What the window knows of backend and user; the composition root keeps it up to date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from console.model.records import User
from console.model.text import Text
from console.plugin_host.listeners import Listeners
from console.sdk.context import Waiting
from console.sdk.map import Undo


class Link(StrEnum):
    """State of the connection to the backend."""

    SIGNED_OUT = "signed_out"
    CONNECTING = "connecting"
    STARTING = "starting"
    """The console's own backend is still coming up: what is shown is of the last time, nothing is broken."""
    ONLINE = "online"
    AWAY = "away"
    EXPIRED = "expired"
    """The backend has ended the sign-in; the window stays, nothing in it is live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHere:
    """What lies on this machine for who was signed in last."""

    username: str = ""
    waiting: int = 0
    refused: int = 0
    map: bool = False


class Connection:
    """Link, latency, user and what waits to be sent, told as one when any of them changes."""

    def __init__(self) -> None:
        self.link = Link.SIGNED_OUT
        self.latency: float | None = None
        """Seconds from asking to answer; None when unknown."""
        self.user: User | None = None
        self.area_names: dict[str, Text] = {}
        self.waiting: tuple[Waiting, ...] = ()
        self.kept = KeptHere()
        self.away_since: float | None = None
        """Backend's time of what is shown while it is not live; None when unknown."""
        self._changed: Listeners[[]] = Listeners()

    def set(
        self,
        *,
        link: Link | None = None,
        latency: float | None = None,
        user: User | None = None,
        away_since: float | None = None,
    ) -> None:
        """Change what is given; signing out forgets the user."""
        if link is not None:
            self.link = link
            if link is Link.SIGNED_OUT:
                self.user, self.latency = None, None
            self.away_since = away_since if link in (Link.AWAY, Link.EXPIRED) else None
        if latency is not None:
            self.latency = latency
        if user is not None:
            self.user = user
        self._changed.fire()

    def set_waiting(self, waiting: tuple[Waiting, ...]) -> None:
        """Show what the outbox holds."""
        if waiting != self.waiting:
            self.waiting = waiting
            self._changed.fire()

    def set_kept(self, kept: KeptHere) -> None:
        """Show what is kept on this machine."""
        if kept != self.kept:
            self.kept = kept
            self._changed.fire()

    @property
    def unsent(self) -> list[Waiting]:
        """What waits to be sent."""
        return [entry for entry in self.waiting if not entry.error]

    @property
    def refused(self) -> list[Waiting]:
        """What the backend refused and nobody has looked after yet."""
        return [entry for entry in self.waiting if entry.error]

    def set_areas(self, names: dict[str, Text]) -> None:
        """Names of areas by code."""
        self.area_names = names
        self._changed.fire()

    def area_name(self, language: str) -> str:
        """Where the user works, in words; codes while names are not known."""
        codes = self.user.areas if self.user else ()
        return "、".join(self.area_names.get(code, Text(code, code)).get(language) for code in codes)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called after each change."""
        return self._changed.add(handler)
