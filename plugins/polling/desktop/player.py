"""Goes from page to page by the clock: the next is opened ahead, and shown when its pictures are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from console.sdk import Context
from plugins.polling.desktop.walk import Page, Walk

PATIENCE = 8
"""Seconds after which a picture that was opened ahead is taken for dead; more where many are opened."""
AT_ONCE = 8
"""Pictures that the engine opens at a time."""


class Fate(StrEnum):
    """Of a picture that was opened."""

    LIVE = "live"
    COMING = "coming"
    DEAD = "dead"


class Player(QObject):
    """Of one console: the panel shows what it says, and tells how the pictures go."""

    started = Signal()
    """Another group, or none."""
    page_changed = Signal()
    """Another page is to be seen; ``page``."""
    coming_changed = Signal()
    """Other cameras are to be opened ahead; ``coming``."""
    ticked = Signal()
    """A second less, or another state."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.title = ""
        self.walk: Walk | None = None
        self.page: Page = ()
        self.coming: Page | None = None
        """The page that is being opened; None: it is not time yet."""
        self.paused = False
        self.held: Callable[[], bool] = lambda: False
        """Whether the page has to stay, as when its cameras are being inspected."""
        self.left = 0
        """Seconds until the turn."""
        self.fate: Callable[[str], Fate] | None = None
        """How a picture goes that was opened ahead; the panel says it. None: nobody looks."""
        self._target = 0
        self._waited = 0
        ctx.tasks.every(1.0, self._tick)

    # ---- what the user does

    def start(self, title: str, cameras: Sequence[str], offline: frozenset[str] = frozenset()) -> None:
        """Show *cameras* from the first on."""
        walk = Walk(cameras, self.ctx.settings.get("tiles"))
        walk.skip, walk.offline = self.ctx.settings.get("skip"), offline
        self.title, self.walk, self.paused = title, walk, False
        self._show(0)
        self.started.emit()

    def stop(self) -> None:
        """Show nothing."""
        self.title, self.walk, self.page, self.coming = "", None, (), None
        self.started.emit()

    def set_offline(self, offline: frozenset[str]) -> None:
        """Those that the backend takes for dead now."""
        if self.walk is not None:
            self.walk.offline = offline
            self.ticked.emit()

    def set_tiles(self, tiles: int) -> None:
        """So many pictures on a page; the first of this one stays the first."""
        self.ctx.settings.set("tiles", tiles)
        if self.walk is not None:
            self.walk.tiles = tiles
            self.walk.pins = {slot: each for slot, each in self.walk.pins.items() if slot < tiles}
            self._show(self.walk.at)

    def set_dwell(self, seconds: int) -> None:
        """How long a page stays."""
        self.ctx.settings.set("dwell", seconds)
        self.left = min(self.left, seconds)
        self.ticked.emit()

    def set_skip(self, skip: bool) -> None:
        """Whether dead ones are left out."""
        self.ctx.settings.set("skip", skip)
        if self.walk is not None:
            self.walk.skip = skip
            self._show(self.walk.at)

    def pause(self, paused: bool) -> None:
        """Stay, or go on."""
        self.paused = paused
        if paused:
            self._prepare(None)
        self.ticked.emit()

    def next(self) -> None:
        """As soon as its pictures are there; asked for twice, at once."""
        if self.walk is not None:
            self._hurry(self.walk.after())

    def previous(self) -> None:
        """As ``next``."""
        if self.walk is not None:
            self._hurry(self.walk.before())

    def pin(self, slot: int) -> None:
        """Let the picture of a tile stay when the page turns, or let it go."""
        camera = self.page[slot] if slot < len(self.page) else None
        if self.walk is None or camera is None:
            return
        if slot not in self.walk.pins and self.walk.free == 0:
            return
        self.walk.pin(slot, camera)
        if self.coming is not None:
            self._prepare(self.walk.page(self._target))
        self.ticked.emit()

    # ---- the clock

    @property
    def turns(self) -> bool:
        """Whether there is more than one page."""
        return self.walk is not None and self.walk.count > 1

    def _tick(self) -> None:
        if self.walk is None or self.fate is None:
            return
        waits = self.paused or self.held() or not self.turns
        if waits and self.coming is None:
            return
        if not waits:
            self.left = max(self.left - 1, 0)
        if self.coming is None and self.left <= self.ctx.settings.get("ahead"):
            self._target, self._waited = self.walk.after(), 0
            self._prepare(self.walk.page(self._target))
        elif self.coming is not None:
            self._waited += 1
            self._look()
        self.ticked.emit()

    def _hurry(self, target: int) -> None:
        assert self.walk is not None
        if self.coming is not None and self._target == target and self.left == 0:
            self._show(target)
            return
        self.left = 0
        if self.coming is None or self._target != target:
            self._target, self._waited = target, 0
            self._prepare(self.walk.page(target))
        self._look()
        self.ticked.emit()

    def _look(self) -> None:
        """Leave out who gives no picture; turn when the time has come and all of the others are there."""
        assert self.walk is not None
        if self.coming is None or self.fate is None:
            return
        fates = {each: self.fate(each) for each in self.coming if each and each not in self.page}
        late = self._waited >= PATIENCE + len(fates) // AT_ONCE
        dead = {each for each, how in fates.items() if how is Fate.DEAD or (late and how is Fate.COMING)}
        if dead - self.walk.silent and self.walk.skip:
            self.walk.silent |= dead
            self._waited = 0
            self._prepare(self.walk.page(self._target))
            if not any(each not in self.walk.pins.values() for each in self.coming if each):
                self._wrap()
            return
        if self.left == 0 and (late or Fate.COMING not in fates.values()):
            self._show(self._target)

    def _wrap(self) -> None:
        """None is left from there to the end: the round begins anew."""
        assert self.walk is not None
        if self._target == 0:
            self._show(0)
            return
        self._target = 0
        self._prepare(self.walk.page(0))

    def _prepare(self, page: Page | None) -> None:
        if page != self.coming:
            self.coming = page
            self.coming_changed.emit()

    def _show(self, at: int) -> None:
        assert self.walk is not None
        self.walk.go(at)
        page = self.walk.page(at)
        if at == 0 and self.walk.forgives:
            self.walk.silent = set()
        self.page, self.coming, self._waited = page, None, 0
        self.left = self.ctx.settings.get("dwell")
        self.page_changed.emit()
        self.ticked.emit()
