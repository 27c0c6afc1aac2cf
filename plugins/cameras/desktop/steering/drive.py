"""Movements on their way to the backend: one at a time, so that none overtakes another; the newest wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from console.sdk import Context, Undo
from console.sdk.errors import BackendAway, BackendError, OneMapError
from console.sdk.media import Look

AGAIN = 0.5
"""Seconds after which a movement that goes on is said again: the backend stops what falls silent."""
PACE = 0.06
"""Seconds at least between two movements."""
STEP = 0.05
"""Speeds are told in steps of this."""

Speed = tuple[float, float, float]
"""Right, up, closer: -1 to 1 each."""
STILL: Speed = (0.0, 0.0, 0.0)


class Drive:
    """Of one tile."""

    def __init__(self, ctx: Context, on_trouble: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        """*on_trouble* gets words for why a camera does not move, empty when it does."""
        self._ctx, self._on_trouble, self._on_lost = ctx, on_trouble, on_lost
        self._path = ""
        self.look = Look()
        """How the picture is turned over which one steers: right is what is seen on the right."""
        self._speed = self._sent = STILL
        self._flying = self._resting = False
        """A movement is on its way; one has just arrived."""
        self._again: Undo = lambda: None

    def hold(self, camera: str, claim: str) -> None:
        """Whom to move, under which claim; an empty one: nothing."""
        path = f"/cameras/{quote(camera, safe='')}/steering/{claim}" if claim else ""
        if path != self._path:
            self._path, self._speed, self._sent = path, STILL, STILL
            self._again()
            self._resting = False

    @property
    def speed(self) -> Speed:
        """What is wanted now."""
        return self._speed

    def move(self, speed: Speed) -> None:
        """Go on at *speed*, as it is seen; STILL stops."""
        pan, tilt, zoom = (min(max(round(each / STEP) * STEP, -1.0), 1.0) for each in self._seen(speed))
        if (pan, tilt, zoom) != self._speed and self._path:
            self._speed = (pan, tilt, zoom)
            if not self._flying and (not self._resting or self._speed == STILL):
                self._send()

    def _seen(self, speed: Speed) -> Speed:
        """In the camera's own directions."""
        if self.look.plain:
            return speed
        turned = Look(turns=self.look.turns, mirrored=self.look.mirrored)
        x, y = turned.to_camera(0.5 + speed[0] / 2, 0.5 - speed[1] / 2)
        return 2 * float(x) - 1, 1 - 2 * float(y), speed[2]

    def order(self, what: str, body: dict[str, Any]) -> None:
        """``go``, ``aim``, ``point``: a movement that ends by itself."""
        if self._path:
            self._speed = self._sent = STILL
            self._again()
            self._resting = False
            self._ctx.tasks.start(self._order(f"{self._path}/{what}", body))

    async def ask(self, what: str, body: dict[str, Any]) -> Any:
        """What else is said under the claim. Raises OneMapError."""
        return await self._ctx.backend.post(f"{self._path}/{what}", body)

    async def _order(self, path: str, body: dict[str, Any]) -> None:
        try:
            await self._ctx.backend.post(path, body)
        except OneMapError as error:
            self._refused(error)
        else:
            self._on_trouble("")

    def _send(self) -> None:
        self._again()
        self._resting = False
        if not self._path or (self._speed == self._sent == STILL):
            return
        self._flying, self._sent = True, self._speed
        self._ctx.tasks.start(self._move(self._path, self._speed))

    async def _move(self, path: str, speed: Speed) -> None:
        body = dict(zip(("pan", "tilt", "zoom"), speed, strict=True))
        try:
            answer = await self._ctx.backend.post(f"{path}/move", body)
        except OneMapError as error:
            self._refused(error)
        else:
            words = "message_zh" if self._ctx.language.startswith("zh") else "message"
            self._on_trouble(answer.get(words, "") if answer.get("code") else "")
        finally:
            self._flying = False
        self._again()
        if self._speed == STILL != self._sent:
            self._send()
        else:
            self._resting = True
            self._again = self._ctx.tasks.later(PACE, self._rested)

    def _rested(self) -> None:
        self._resting = False
        if self._speed != self._sent:
            self._send()
        elif self._speed != STILL:
            self._again = self._ctx.tasks.later(AGAIN - PACE, self._send)

    def _refused(self, error: OneMapError) -> None:
        if isinstance(error, BackendError) and error.code == "not_holder":
            self._on_lost()
        elif isinstance(error, BackendAway):
            self._on_trouble(self._ctx.tr("The backend cannot be reached"))
        elif not (isinstance(error, BackendError) and error.status == 429):
            self._on_trouble(str(error))
