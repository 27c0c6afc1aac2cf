"""Which cameras this console steers or waits for, and who else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from console.sdk import Change, Context, Severity, Undo
from console.sdk.errors import OneMapError
from console.sdk.records import Steering
from plugins.cameras.desktop.steering.joystick import Joystick
from plugins.cameras.model import steering_rank

RECORD, ACTION = "steering", "camera.steer"
STAY = 4.0
"""Seconds between words that this console is still there."""
UNTOLD = 5.0
"""Seconds in which the feed must tell of what the backend has granted."""


class Turn(StrEnum):
    """Of this console, with one camera."""

    FREE = "free"
    OTHER = "other"
    ASKING = "asking"
    WAITING = "waiting"
    MINE = "mine"


@dataclass(slots=True)
class Claim:
    """What this console was granted. ``id`` is empty while it is asked for."""

    id: str = ""
    holding: bool = False
    told: bool = False
    """Whether the feed has told of it."""


class Holds:
    """Of one console. Tiles of the same camera share a hold."""

    def __init__(self, ctx: Context, name: Callable[[str], str]) -> None:
        """*name*: what a camera is called."""
        self.ctx = ctx
        self.joystick = Joystick(ctx)
        self._name = name
        self._records = ctx.live.collection(RECORD)
        self._claims: dict[str, Claim] = {}
        self._shown: dict[str, set[object]] = {}
        """Cameras, and the tiles that show them."""
        self._handlers: list[Callable[[str], None]] = []
        self._records.on_change(self._on_records)
        ctx.tasks.every(STAY, self._stay)
        ctx.backend.on_user(lambda _: self._forget_all())
        ctx.undo(self._claims.clear)  # the backend ends them itself

    def on_change(self, handler: Callable[[str], None]) -> Undo:
        """*handler* gets the camera whose turn is another."""
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler) if handler in self._handlers else None

    def enter(self, camera: str, tile: object) -> None:
        """*tile* shows a camera."""
        self._shown.setdefault(camera, set()).add(tile)

    def leave(self, camera: str, tile: object) -> None:
        """It does no longer; without any, the camera is let go."""
        tiles = self._shown.get(camera, set[object]())
        tiles.discard(tile)
        if not tiles:
            self._shown.pop(camera, None)
            self.release(camera)

    @property
    def allowed(self) -> bool:
        """Whether the user may steer at all."""
        return self.ctx.backend.allowed(ACTION)

    def record(self, camera: str) -> Steering | None:
        """Who steers, and who waits."""
        return self._records.get(camera)

    def turn(self, camera: str) -> Turn:
        """How this console stands with a camera."""
        claim = self._claims.get(camera)
        if claim is None:
            return Turn.OTHER if self.record(camera) else Turn.FREE
        if not claim.id:
            return Turn.ASKING
        return Turn.MINE if claim.holding else Turn.WAITING

    def claim(self, camera: str) -> str:
        """The claim under which this console steers now; empty: it does not."""
        claim = self._claims.get(camera)
        return claim.id if claim is not None and claim.holding else ""

    def claim_id(self, camera: str) -> str:
        """That of a claim which holds or waits; empty: there is none."""
        claim = self._claims.get(camera)
        return claim.id if claim is not None else ""

    def place(self, camera: str) -> int:
        """Place in the queue, from 1; 0: in none."""
        claim, record = self._claims.get(camera), self.record(camera)
        ids = [each.claim for each in record.waiting] if record else []
        return ids.index(claim.id) + 1 if claim is not None and claim.id in ids else 0

    def outranks(self, camera: str) -> bool:
        """Whether taking it takes it over at once."""
        user, record = self.ctx.backend.user, self.record(camera)
        if user is None or record is None:
            return False
        return steering_rank(user.role, user.areas) > record.holder.rank

    async def take(self, camera: str) -> None:
        """Steer, or wait. Raises OneMapError."""
        if camera in self._claims:
            return
        mine = self._claims[camera] = Claim()
        self._tell(camera)
        try:
            answer = await self.ctx.backend.post(f"/cameras/{quote(camera, safe='')}/steering", {})
        except OneMapError:
            self._drop(camera, mine)
            raise
        if self._claims.get(camera) is not mine:  # let go meanwhile
            self.ctx.tasks.start(self._release(answer["claim"]))
            return
        mine.id, mine.holding = answer["claim"], answer["holding"]
        self.ctx.tasks.later(UNTOLD, lambda: None if mine.told else self._drop(camera, mine))
        self._follow(camera)
        self._tell(camera)

    def release(self, camera: str) -> None:
        """Let go, or wait no longer."""
        claim = self._claims.pop(camera, None)
        if claim is not None:
            if claim.id:
                self.ctx.tasks.start(self._release(claim.id))
            self._tell(camera)

    def look(self) -> None:
        """The backend says that it is not this console's turn: the feed will tell, unless it has told."""
        self.ctx.tasks.start(self._stay())

    async def _release(self, claim: str) -> None:
        try:
            await self.ctx.backend.post("/cameras/steering/release", {"ids": [claim]})
        except OneMapError as error:  # the backend notices by itself that nobody is there
            self.ctx.log.info("a camera was not let go: %s", type(error).__name__)

    async def _stay(self) -> None:
        asked = {claim.id: camera for camera, claim in self._claims.items() if claim.id}
        if not asked:
            return
        try:
            answer: Any = await self.ctx.backend.post("/cameras/steering/stay", {"ids": list(asked)})
        except OneMapError as error:
            self.ctx.log.info("holds of cameras were not renewed: %s", type(error).__name__)
            return
        for claim in asked.keys() - set(answer["ids"]):
            if self.claim_id(asked[claim]) == claim:
                self._drop(asked[claim], self._claims[asked[claim]])

    def _on_records(self, change: Change) -> None:
        told = set(self._claims) if change.reset else set[str]()
        for camera in told | change.put | change.gone:
            self._follow(camera)
            self._tell(camera)

    def _follow(self, camera: str) -> None:
        """What the feed says of this console's claim."""
        claim, record = self._claims.get(camera), self.record(camera)
        if claim is None or not claim.id:
            return
        if record is not None and record.holder.claim == claim.id:
            if claim.told and not claim.holding:
                self._notify(camera, "Your turn: you steer {name} now", Severity.SUCCESS)
            claim.told = claim.holding = True
        elif record is not None and self.place(camera):
            if claim.told and claim.holding:
                words = "{who} steers {name} now; you are next after that"
                self._notify(camera, words, Severity.WARNING, who=record.holder.name)
            claim.told, claim.holding = True, False
        elif claim.told:
            self._drop(camera, claim)
            user = self.ctx.backend.user
            if record is not None and user is not None and record.holder.name == user.name:
                self._notify(camera, "You steer {name} from another console now", Severity.INFO)
            else:
                words = "{name}: you steer no longer, as nobody moved it or rights changed"
                self._notify(camera, words, Severity.INFO)

    def _notify(self, camera: str, words: str, severity: Severity, **more: str) -> None:
        text = self.ctx.tr(words, name=self._name(camera), **more)
        self.ctx.notify(text, severity, key=f"onemap.cameras.steering.{camera}")

    def _drop(self, camera: str, claim: Claim) -> None:
        if self._claims.get(camera) is claim:
            del self._claims[camera]
            self._tell(camera)

    def _forget_all(self) -> None:
        """Somebody else has signed in, or nobody is."""
        cameras = list(self._claims)
        self._claims.clear()
        for camera in cameras:
            self._tell(camera)

    def _tell(self, camera: str) -> None:
        for handler in list(self._handlers):
            handler(camera)
