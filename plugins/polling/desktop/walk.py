"""Which cameras a page shows, and which come next: dead ones are left out, pinned ones stay."""

from __future__ import annotations

from collections.abc import Sequence

Page = tuple[str | None, ...]
"""Ids by tile; None: a tile that stays empty, so that those of the last page are no larger."""


class Walk:
    """One group from its first camera to its last, and over again."""

    def __init__(self, cameras: Sequence[str], tiles: int) -> None:
        self.cameras = tuple(dict.fromkeys(cameras))
        self.tiles = tiles
        self.skip = True
        """Whether dead ones are left out."""
        self.offline: frozenset[str] = frozenset()
        """Those that the backend takes for dead."""
        self.silent: set[str] = set()
        """Those that gave no picture in this round."""
        self.forgives = True
        """Whether they are tried again in the next round."""
        self.pins: dict[int, str] = {}
        """Cameras that stay, by tile."""
        self.at = 0
        """Where in ``cameras`` the page begins."""
        self._end = 0
        """Where what it shows ends: who is pinned or dies meanwhile makes no camera be left out."""
        self.go(0)

    @property
    def dead(self) -> frozenset[str]:
        """Those that are left out, if any are."""
        return (self.offline | self.silent) & frozenset(self.cameras)

    def _living(self) -> list[int]:
        pinned, dead = set(self.pins.values()), self.dead if self.skip else frozenset[str]()
        return [at for at, each in enumerate(self.cameras) if each not in pinned and each not in dead]

    @property
    def free(self) -> int:
        """Tiles that are not pinned."""
        return max(self.tiles - len(self.pins), 0)

    def _taken(self, at: int) -> list[int]:
        return [each for each in self._living() if each >= at][: self.free]

    def page(self, at: int) -> Page:
        """What the page that begins at *at* shows."""
        waiting = [self.cameras[each] for each in self._taken(at)]
        size = max(min(self.tiles, len(self._living()) + len(self.pins)), *(at + 1 for at in self.pins), 0)
        shown = [self.pins.get(slot) or (waiting.pop(0) if waiting else None) for slot in range(size)]
        return tuple(shown)

    def after(self) -> int:
        """Where the next page begins; 0: a new round begins."""
        return next((each for each in self._living() if each >= self._end), 0) if self.free else self.at

    def before(self) -> int:
        """Where the page before this one begins; before the first comes the last."""
        living, free = self._living(), self.free
        if not living or not free:
            return 0
        earlier = [each for each in living if each < self.at]
        if not earlier:
            return living[(len(living) - 1) // free * free]
        return earlier[max(len(earlier) - free, 0)]

    @property
    def number(self) -> int:
        """Of this page, from 1."""
        earlier = sum(each < self.at for each in self._living())
        return -(-earlier // self.free) + 1 if self.free else 1

    @property
    def count(self) -> int:
        """Pages of a round."""
        return max(-(-len(self._living()) // self.free), 1) if self.free else 1

    def go(self, at: int) -> None:
        """To the page that begins at *at*."""
        taken = self._taken(at)
        self.at, self._end = at, (taken[-1] + 1 if taken else at)

    def pin(self, slot: int, camera: str) -> None:
        """Let it stay where it is, or let it go."""
        if self.pins.get(slot) == camera:
            del self.pins[slot]
        else:
            self.pins[slot] = camera
