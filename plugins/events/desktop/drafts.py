"""The report that a user is writing: kept for them alone, over a change of user and a restart.

The file holds what was typed: it is the owner's alone (0600) and goes when the report is sent or discarded.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from console.sdk import Context
from console.sdk.records import EventClass, LonLat, Urgency, User

PAUSE = 0.5
"""Seconds of typing between two writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event that is being written down."""

    title: str
    where: LonLat
    kind: EventClass
    urgency: Urgency
    address: str = ""
    detail: str = ""
    reporter: str = ""
    reporter_phone: str = ""
    area: str = ""
    """Code of the grid, as far as this machine knows it."""
    replaces: str = ""
    """Id of the refused entry of the outbox that this takes the place of."""


class Drafts:
    """*on_found* hears of a draft that was left unfinished."""

    def __init__(self, ctx: Context, on_found: Callable[[Draft], None]) -> None:
        self._ctx, self._on_found = ctx, on_found
        self.current: Draft | None = None
        """What is being written now."""
        self._path: Path | None = None
        self._unsaved = False
        ctx.undo(self._save)
        ctx.backend.on_user(self._follow)
        self._follow(ctx.backend.user)

    def keep(self, draft: Draft | None) -> None:
        """What is written now; None: it was sent or discarded."""
        if draft == self.current:
            return
        self.current = draft
        if not self._unsaved:
            self._unsaved = True
            self._ctx.tasks.later(PAUSE, self._save)

    def _follow(self, user: User | None) -> None:
        path = Path(self._ctx.data_dir()) / f"draft-{user.id}.json" if user is not None else None
        if path is not None and path != self._path:
            self._path = path
            self._ctx.tasks.start(self._recall(path))

    async def _recall(self, path: Path) -> None:
        found = await self._ctx.tasks.run(_read, path)
        if found is not None and self.current is None:
            self.current = found
            self._on_found(found)

    def _save(self) -> None:
        """At once, for the plugin may be on its way out; a few hundred bytes."""
        if not self._unsaved or self._path is None:
            return
        self._unsaved = False
        try:
            _write(self._path, self.current)
        except OSError as error:
            self._ctx.log.warning("the draft cannot be kept: %s", error)


def _read(path: Path) -> Draft | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Draft)
    except (OSError, msgspec.MsgspecError):
        return None


def _write(path: Path, draft: Draft | None) -> None:
    """Raises OSError."""
    if draft is None:
        path.unlink(missing_ok=True)
        return
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(draft))
    part.replace(path)
