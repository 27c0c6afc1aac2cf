"""Tickets for recordings: asked for, renewed while they are shown or written, given back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from console.sdk import Context
from console.sdk.errors import OneMapError
from console.sdk.media import Recorded
from plugins.cameras.desktop.live.tickets import MISSED, RENEW, signed


@dataclass(slots=True)
class HeldReplay:
    """A ticket that is held. The address in *source* carries the sign-in: it stays in memory alone."""

    id: str = field(repr=False)
    source: Recorded
    on_over: Callable[[str], None]
    """Called once with a stable word: the picture must go."""
    missed: int = 0


class ReplayTickets:
    """Of one console."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._held: dict[str, HeldReplay] = {}
        ctx.tasks.every(RENEW, self._renew)
        ctx.backend.on_user(lambda _: self._drop(list(self._held.values()), "user"))
        ctx.undo(self._held.clear)  # the backend ends them itself

    async def take(
        self, kind: str, camera: str, title: str, wish: dict[str, Any], on_over: Callable[[str], None]
    ) -> HeldReplay:
        """A ticket to ``replay`` or ``export``. Raises OneMapError with why there is none."""
        given = await self._ctx.backend.post(f"/cameras/{quote(camera, safe='')}/{kind}", wish)
        main = signed(given["main"], given.get("user", ""), given.get("password", ""))
        source = Recorded(given["id"], title, main, begin=given["begin"])
        held = HeldReplay(given["id"], source, on_over)
        self._held[held.id] = held
        return held

    def give_back(self, held: HeldReplay) -> None:
        """It is not needed any longer."""
        if self._held.pop(held.id, None) is not None:
            self._ctx.tasks.start(self._end(held.id))

    async def _end(self, ticket: str) -> None:
        try:
            await self._ctx.backend.post("/cameras/replays/end", {"ids": [ticket]})
        except OneMapError as error:  # it ends by itself a minute later
            self._ctx.log.info("a ticket was not given back: %s", type(error).__name__)

    async def _renew(self) -> None:
        held = list(self._held.values())
        if not held:
            return
        try:
            answer: dict[str, Any] = await self._ctx.backend.post(
                "/cameras/replays/renew", {"ids": [each.id for each in held]}
            )
        except OneMapError as error:
            self._ctx.log.warning("tickets were not renewed: %s", error)
            for each in held:
                each.missed += 1
            self._drop([each for each in held if each.missed >= MISSED], "away")
            return
        for each in held:
            each.missed = 0
        self._drop([each for each in held if each.id in answer["over"]], "over")

    def _drop(self, dropped: Sequence[HeldReplay], why: str) -> None:
        for held in dropped:
            if self._held.pop(held.id, None) is not None:
                held.on_over(why)
