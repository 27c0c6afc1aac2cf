"""A camera that is looked at: decoded once whatever the number of those who look, for the largest of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from console.media.backlog import BEHIND
from console.media.budget import Load
from console.media.feed import Feed
from console.media.memory import Picture
from console.media.messages import Patience
from console.media.policy import Plan, plan
from console.media.workers import Workers
from console.model.looks import Look
from console.model.streams import Metadata, Reason, Saving, Sound, Source, State, Status

GRACE = 4.0
"""Seconds that a stream is kept after nobody looks: who goes back a page finds it live."""
PACE = 0.5
"""Seconds after which those who look are called anyhow: ages and countdowns go on."""


class Barred(NamedTuple):
    """An address that is not to be tried before *until* (``time.monotonic``), and why."""

    until: float
    state: State
    reason: Reason


class Viewing:
    """One who looks at a camera; ``close`` when it does not any more."""

    def __init__(self, session: Session, on_change: Callable[[], None]) -> None:
        self._session = session
        self.on_change = on_change
        self.size = (0, 0)
        self.sound = Sound.OFF
        """Set by the engine: whether its sound is to be heard, and can be."""
        self.keep = 0.0
        """Seconds of what comes that are kept for one who may save them."""
        self.focused_at = 0.0
        """When it got the focus: who had it last goes on in full when others have to do with less."""

    @property
    def status(self) -> Status:
        """How it goes."""
        return self._session.status

    @property
    def metadata(self) -> Metadata | None:
        """The newest that came beside the picture."""
        return self._session.metadata

    def show_at(self, width: int, height: int) -> None:
        """In so many device pixels; 0: it is hidden."""
        if self.size != (width, height):
            self.size = (width, height)
            self._session.retune()

    def newest(self) -> Picture | None:
        """The newest picture; ask ``holds`` after it was painted."""
        return self._session.newest()

    def holds(self, picture: Picture) -> bool:
        """Whether it was not written over while it was painted."""
        return self._session.holds(picture)

    def look_so(self, look: Look) -> None:
        """Have the pictures turned, for all who look at the camera."""
        if look != self._session.look:
            self._session.look = look
            self._session.retune()

    def retry(self) -> None:
        """Try at once, whatever was refused before."""
        self._session.retry()

    @property
    def session(self) -> Session:
        """Of its camera."""
        return self._session

    def close(self) -> None:
        """Not looked at any more."""
        self._session.leave(self)


class Session:
    """Holds the feed that is shown, and while that changes the one that comes."""

    def __init__(
        self, source: Source, workers: Workers, patience: Patience, barred: dict[str, Barred]
    ) -> None:
        """*barred*: by address, shared by all sessions."""
        self.source = source
        self.status = Status()
        self._workers, self._patience, self._barred = workers, patience, barred
        self._viewers: list[Viewing] = []
        self._shown: Feed | None = None
        self._coming: Feed | None = None
        self._plan: Plan | None = None
        self.look = Look()
        """How its pictures are turned, for all who look; set it by ``Viewing.look_so``."""
        self._size = (0, 0)
        self._unseen_at = time.monotonic()
        self._last, self._told_at = (0, 0), 0.0

    @property
    def over(self) -> bool:
        """Whether nobody looks and nothing is decoded any more."""
        return not self._viewers and self._shown is None and self._coming is None

    @property
    def sound(self) -> Sound:
        """Whether it is heard by one who sees it."""
        asked = [viewer.sound for viewer in self._viewers if viewer.sound and any(viewer.size)]
        return asked[0] if asked else Sound.OFF

    @property
    def _kept(self) -> float:
        return max((viewer.keep for viewer in self._viewers), default=0.0)

    @property
    def shown(self) -> Feed | None:
        """That whose pictures are painted."""
        return self._shown

    def join(self, on_change: Callable[[], None]) -> Viewing:
        """*on_change*: called when there is another picture or another state."""
        viewing = Viewing(self, on_change)
        self._viewers.append(viewing)
        return viewing

    def leave(self, viewing: Viewing) -> None:
        """One looks no more."""
        if viewing in self._viewers:
            self._viewers.remove(viewing)
            self.retune()

    @property
    def metadata(self) -> Metadata | None:
        """What is said beside the picture, by whichever stream says it."""
        return next((feed.metadata for feed in self._feeds() if feed.metadata), None)

    def newest(self) -> Picture | None:
        return self._shown.newest() if self._shown else None

    def holds(self, picture: Picture) -> bool:
        return self._shown is not None and self._shown.holds(picture)

    def retune(self) -> None:
        """Fit what is decoded to those who look."""
        self._size = (
            max((viewer.size[0] for viewer in self._viewers), default=0),
            max((viewer.size[1] for viewer in self._viewers), default=0),
        )
        wanted = plan(self.source, self._size[1])
        if wanted is None:
            self._plan = None
            return
        self._unseen_at = 0.0
        self._plan = wanted
        self._change(wanted)
        for feed in self._feeds():
            feed.tune(self._size, wanted.keys_only)

    def _change(self, wanted: Plan) -> None:
        """Have what is wanted shown or coming, unless it is barred."""
        if self._coming and self._coming.url != wanted.url:
            self._coming.close()
            self._coming = None
        if self._shown and self._shown.url == wanted.url:
            return
        if self._shown is None:
            first = self._open(wanted.until, wanted) if wanted.until else None
            self._shown = first or self._open(wanted.url, wanted)
        if self._coming is None and self._shown and self._shown.url != wanted.url:
            self._coming = self._open(wanted.url, wanted)

    def _open(self, url: str, wanted: Plan) -> Feed | None:
        return None if url in self._barred else Feed(self._workers, url, self._size, wanted.keys_only)

    def _feeds(self) -> list[Feed]:
        return [feed for feed in (self._shown, self._coming) if feed]

    def loads(self, now: float) -> list[Load]:
        """What its streams took lately."""
        focused_at = max((viewer.focused_at for viewer in self._viewers), default=0.0)
        height = self._size[1]
        return [
            Load(feed.number, height, feed.cost(now), focused_at, feed.late_for, feed.least)
            for feed in self._feeds()
        ]

    def save(self, savings: dict[int, Saving]) -> None:
        """What its streams are to do without, by number."""
        for feed in self._feeds():
            feed.save(savings.get(feed.number, Saving.NONE))

    def feed(self, number: int) -> Feed | None:
        """The one of a number, if it is ours."""
        return next((feed for feed in self._feeds() if feed.number == number), None)

    def retry(self) -> None:
        """Forget what was refused, and open anew."""
        for url in (self.source.main, self.source.sub):
            self._barred.pop(url, None)
        self._close_feeds()
        self._plan = None
        self.retune()

    def close(self) -> None:
        """Nothing is decoded any more."""
        self._close_feeds()
        self._plan = None

    def _close_feeds(self) -> None:
        for feed in self._feeds():
            feed.close()
        self._shown = self._coming = None

    def tick(self) -> None:
        """Called some thirty times a second: look for pictures, tell who looks."""
        now = time.monotonic()
        if self._plan is None:
            self._unseen_at = self._unseen_at or now
            if self._feeds() and now - self._unseen_at > GRACE:
                self._close_feeds()
        self._bar_final(now)
        self._swap()
        for feed in self._feeds():
            feed.listen(feed is self._shown and self.sound == Sound.ON)
            feed.keep(self._kept)
            feed.look(self.look)
        if self._plan is not None:
            self._change(self._plan)  # what was barred is opened when its time has come
        status = self._status(now)
        mark = (self._shown.number, self._shown.picture_number) if self._shown else (0, 0)
        if mark != self._last or status != self.status or now - self._told_at > PACE:
            self._last, self.status, self._told_at = mark, status, now
            for viewer in list(self._viewers):
                viewer.on_change()

    def _bar_final(self, now: float) -> None:
        """What was refused is let go of, and not asked for again soon by anybody."""
        rests = {State.REFUSED: self._patience.refused, State.UNSUPPORTED: self._patience.unsupported}
        for feed in self._feeds():
            if feed.state in rests:
                self._barred[feed.url] = Barred(now + rests[feed.state], feed.state, feed.reason)
                feed.close()
                if feed is self._coming:
                    self._coming = None
                else:
                    self._shown, self._coming = self._coming, None

    def _swap(self) -> None:
        if self._coming and self._coming.picture_number:
            if self._shown:
                self._shown.close()
            self._shown, self._coming = self._coming, None

    def _status(self, now: float) -> Status:
        feed = self._shown
        if feed is None:
            return self._barred_status()
        return Status(
            feed.state_now(self._patience),
            feed.reason,
            feed.retry_at,
            feed.picture_at,
            feed.keys_only,
            feed.late > BEHIND,
            self._plan is not None and feed.url != self._plan.url,
            Saving.NONE if feed.least else feed.saving,
            Sound.NONE if feed.soundless and self.sound == Sound.ON else self.sound,
        )

    def _barred_status(self) -> Status:
        for url in (self.source.sub, self.source.main):
            if self._plan and url in self._barred:
                barred = self._barred[url]
                return Status(barred.state, barred.reason, barred.until)
        return Status()
