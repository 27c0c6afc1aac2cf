"""Tickets to look through cameras: asked for, renewed while somebody looks, given back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from console.sdk import Context
from console.sdk.errors import OneMapError
from console.sdk.media import Source

RENEW = 20.0
"""Seconds between renewals of all tickets in one request."""
MISSED = 2
"""Renewals that may fail before the picture goes: the backend lets a ticket end after a minute."""
MOST = 256
"""Tickets that the backend renews at once."""


@dataclass(slots=True)
class Held:
    """A ticket that is held. The addresses in *source* carry the sign-in: it stays in memory alone."""

    id: str = field(repr=False)
    camera: str
    source: Source
    on_over: Callable[[str], None]
    """Called once with a stable word: the picture must go. ``away``: the backend did not renew it."""
    missed: int = 0
    """Renewals in a row that the backend did not answer."""


class Tickets:
    """Of one console."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._held: dict[str, Held] = {}
        ctx.tasks.every(RENEW, self._renew)
        ctx.backend.on_user(lambda _: self._drop_all())
        ctx.undo(self._held.clear)  # the backend ends them itself

    async def take(
        self, camera: str, title: str, height: int, reason: str, on_over: Callable[[str], None]
    ) -> Held:
        """A ticket for a picture of *height* pixels. Raises OneMapError with why there is none."""
        wish = {"height": min(max(height, 0), 16_384), "reason": reason}
        given = await self._ctx.backend.post(f"/cameras/{quote(camera, safe='')}/ticket", wish)
        user, password = given.get("user", ""), given.get("password", "")
        main, sub = (signed(given[name], user, password) for name in ("main", "sub"))
        held = Held(
            id=given["id"],
            camera=camera,
            source=Source(camera, title, main, sub),
            on_over=on_over,
        )
        self._held[held.id] = held
        return held

    def give_back(self, held: Held) -> None:
        """Nobody looks any longer."""
        if self._held.pop(held.id, None) is not None:
            self._ctx.tasks.start(self._end([held.id]))

    async def _end(self, ids: Sequence[str]) -> None:
        try:
            await self._ctx.backend.post("/cameras/tickets/end", {"ids": list(ids)})
        except OneMapError as error:  # it ends by itself a minute later
            self._ctx.log.info("tickets were not given back: %s", type(error).__name__)

    async def _renew(self) -> None:
        ids = list(self._held)
        for at in range(0, len(ids), MOST):
            await self._renew_some(ids[at : at + MOST])

    async def _renew_some(self, ids: Sequence[str]) -> None:
        try:
            answer: dict[str, Any] = await self._ctx.backend.post(
                "/cameras/tickets/renew", {"ids": list(ids)}
            )
        except OneMapError as error:
            self._ctx.log.warning("tickets were not renewed: %s", error)
            self._drop_late(ids)
            return
        for held in self._of(answer["renewed"]):
            held.missed = 0
        for held in self._of(answer["over"]):
            self._drop(held, answer["over"][held.id])

    def _of(self, ids: Sequence[str]) -> list[Held]:
        return [self._held[each] for each in ids if each in self._held]

    def _drop_late(self, ids: Sequence[str]) -> None:
        """What cannot be recorded must not be looked at."""
        for held in self._of(ids):
            held.missed += 1
            if held.missed >= MISSED:
                self._drop(held, "away")

    def _drop_all(self) -> None:
        """Somebody else has signed in, or nobody is."""
        for held in list(self._held.values()):
            self._drop(held, "user")

    def _drop(self, held: Held, why: str) -> None:
        self._held.pop(held.id, None)
        held.on_over(why)


def signed(url: str, user: str, password: str) -> str:
    """*url* with the sign-in in it; as it is without one."""
    if not url or not user:
        return url
    parts = urlsplit(url)
    sign_in = f"{quote(user, safe='')}:{quote(password, safe='')}@"
    return urlunsplit(parts._replace(netloc=sign_in + parts.netloc))
