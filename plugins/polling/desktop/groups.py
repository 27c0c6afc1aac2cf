"""The groups of the console: those of the backend, with what waits to be sent laid over them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import BackendAway, Context, OneMapError, Severity, Waiting
from console.sdk.json_file import JsonFile
from plugins.polling.model import WRITE, Group

PATH = "/polling/groups/"
HINT = "onemap.polling.hint"


class Groups(QObject):
    """Each change goes to the backend through the outbox; without a backend what is known goes on."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self._known: dict[str, Group] = {}
        self._deleted: list[Group] = []
        user = ctx.backend.user
        self._file = JsonFile(ctx, f"groups-{user.id if user else 'nobody'}.json")
        self._file.load(self._recalled)
        ctx.backend.on_waiting(self.changed.emit)
        ctx.backend.on_connection(lambda connected: self.fetch() if connected else None)
        if ctx.backend.connected:
            self.fetch()

    @property
    def may_write(self) -> bool:
        return self.ctx.backend.allowed(WRITE)

    @property
    def can_undo(self) -> bool:
        """Whether a group that was deleted here can be brought back."""
        return bool(self._deleted)

    def all(self) -> list[Group]:
        """By title, as they will be when all that waits has been sent."""
        groups = dict(self._known)
        for entry in self._waiting():
            if entry.method == "DELETE":
                groups.pop(_id(entry), None)
            else:
                groups[_id(entry)] = msgspec.convert({**entry.body, "id": _id(entry)}, Group)
        return sorted(groups.values(), key=lambda group: (group.title, group.id))

    def find(self, group_id: str | None) -> Group | None:
        return next((group for group in self.all() if group.id == group_id), None)

    def waits(self, group_id: str) -> bool:
        """Whether a change of it has not reached the backend."""
        return any(_id(entry) == group_id for entry in self._waiting())

    def fetch(self) -> None:
        """Ask the backend anew: somebody else may have made some."""
        self.ctx.tasks.start(self._fetch())

    def save(self, group: Group) -> None:
        """Send the next edition of a group, made from ``group.edition``."""
        self.ctx.tasks.start(self._save(group))

    def delete(self, group: Group) -> None:
        """Take a group away; ``undo_delete`` brings it back."""
        self.ctx.tasks.start(self._delete(group))

    def undo_delete(self) -> None:
        """Bring back the group that was deleted last."""
        if self._deleted:
            group = self._deleted.pop()
            if group.id in self._known:  # the order to delete it was not sent yet, or refused
                self.ctx.tasks.start(self._bring_back(group))
            else:
                self.save(replace(group, id=str(uuid.uuid4()), edition=0))

    async def _bring_back(self, group: Group) -> None:
        await self._withdraw(group.id)
        self.changed.emit()

    async def _fetch(self) -> None:
        try:
            answer = await self.ctx.backend.get(PATH.rstrip("/"))
        except OneMapError as error:
            if not isinstance(error, BackendAway):
                self.ctx.log.warning("groups were not fetched: %s", error)
            return
        self._know(msgspec.convert(answer, list[Group]))

    async def _save(self, group: Group) -> None:
        title = self.ctx.tr("Group of cameras: {title}", title=group.title)
        await self._withdraw(group.id)
        body = msgspec.to_builtins(group)
        names = ("edition", "title", "kind", "rule", "cameras", "area")
        try:
            answer = await self.ctx.backend.submit(
                title, "PUT", f"{PATH}{group.id}", {name: body[name] for name in names}
            )
        except OneMapError as error:
            self.ctx.notify(title, Severity.ERROR, key=HINT, detail=str(error))
            self.fetch()
            return
        saved = msgspec.convert(answer, Group)
        self._know([*(each for each in self._known.values() if each.id != saved.id), saved])

    async def _delete(self, group: Group) -> None:
        await self._withdraw(group.id)
        self._deleted.append(group)
        self.changed.emit()
        if group.id not in self._known:
            return
        title = self.ctx.tr("Delete the group: {title}", title=group.title)
        try:
            await self.ctx.backend.submit(title, "DELETE", f"{PATH}{group.id}")
        except OneMapError as error:
            self._deleted.remove(group)
            self.ctx.notify(title, Severity.ERROR, key=HINT, detail=str(error))
            return
        self._know([each for each in self._known.values() if each.id != group.id])

    async def _withdraw(self, group_id: str) -> None:
        """What was not sent yet gives way."""
        for entry in self._waiting():
            if _id(entry) == group_id and not entry.under_way:
                await self.ctx.backend.withdraw(entry.id)

    def _waiting(self) -> list[Waiting]:
        entries = self.ctx.backend.waiting()
        return [entry for entry in entries if entry.path.startswith(PATH) and not entry.error]

    def _know(self, groups: Sequence[Group]) -> None:
        self._known = {group.id: group for group in groups}
        self._file.save([msgspec.to_builtins(group) for group in groups])
        self.changed.emit()

    def _recalled(self, rows: list[Any]) -> None:
        """What was known at the last sign-in; the backend's answer, if it is there already, is newer."""
        if not self._known:
            try:
                self._known = {group.id: group for group in msgspec.convert(rows, list[Group])}
            except msgspec.ValidationError as error:
                self.ctx.log.warning("kept groups are not readable: %s", error)
            self.changed.emit()


def new_group(**content: Any) -> Group:
    """One that is not saved yet."""
    return Group(id=str(uuid.uuid4()), at=time.time(), **content)


def _id(entry: Waiting) -> str:
    return entry.path.removeprefix(PATH)
