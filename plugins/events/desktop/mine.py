"""Events that the user reported or acted on: a list for each user of this machine, for the filter 我的."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from console.sdk import Context
from console.sdk.records import User

KEPT = 2000


class Mine:
    """Known once the user is; what is added before that is not lost, nor is what stands in the file."""

    def __init__(self, ctx: Context, on_change: Callable[[], None]) -> None:
        self._ctx, self._on_change = ctx, on_change
        self._ids: dict[str, None] = {}
        self._path: Path | None = None
        """The user's file, once it was read; None: it must not be written."""
        self._asked = ""
        self._unsaved = self._saving = False
        ctx.backend.on_user(self._follow)
        self._follow(ctx.backend.user)

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._ids

    def add(self, event_id: str) -> None:
        """Note an event as the newest; the newest are kept."""
        self._ids.pop(event_id, None)
        self._ids[event_id] = None
        while len(self._ids) > KEPT:
            del self._ids[next(iter(self._ids))]
        self._unsaved = True
        self._save_soon()

    def _follow(self, user: User | None) -> None:
        if user is not None and user.id != self._asked:
            self._asked = user.id
            path = Path(self._ctx.data_dir()) / f"mine-{user.id}.json"
            self._ctx.tasks.start(self._recall(path))

    async def _recall(self, path: Path) -> None:
        try:
            kept = await self._ctx.tasks.run(_read, path)
        except OSError as error:
            self._ctx.log.warning("the list of own events cannot be read, so it is left alone: %s", error)
            return
        self._ids = dict.fromkeys(kept) | self._ids
        self._path = path
        self._on_change()
        self._save_soon()

    def _save_soon(self) -> None:
        if self._path is not None and self._unsaved and not self._saving:
            self._saving = True
            self._ctx.tasks.start(self._save(self._path))

    async def _save(self, path: Path) -> None:
        """One write at a time, the last one wins."""
        try:
            while self._unsaved:
                self._unsaved = False
                await self._ctx.tasks.run(_write, path, list(self._ids))
        except OSError as error:
            self._ctx.log.warning("the list of own events cannot be kept: %s", error)
        finally:
            self._saving = False


def _read(path: Path) -> list[str]:
    """Ids, oldest first; none when there is no file. What is no list is put aside. Raises OSError."""
    try:
        found = json.loads(path.read_text("utf-8"))
        if isinstance(found, list):
            return [str(event_id) for event_id in found]
    except FileNotFoundError:
        return []
    except ValueError:
        pass
    path.replace(path.with_suffix(".unreadable"))
    return []


def _write(path: Path, ids: list[str]) -> None:
    """Replace the file as a whole. Raises OSError."""
    part = path.with_suffix(".part")
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(ids, file)
    part.replace(path)
