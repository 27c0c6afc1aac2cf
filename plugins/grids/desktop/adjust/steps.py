"""What was done to the grids, to be taken back and done again."""

from __future__ import annotations

from dataclasses import dataclass, field

from plugins.grids.cover.cover import Cover

MOST = 200


@dataclass(slots=True)
class Steps:
    """Covers, one after another; those after ``at`` were taken back."""

    covers: list[Cover]
    titles: list[str] = field(default_factory=list[str])
    """``titles[i]`` led from ``covers[i]`` to the next."""
    at: int = 0

    @property
    def now(self) -> Cover:
        return self.covers[self.at]

    @property
    def can_undo(self) -> bool:
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        return self.at < len(self.covers) - 1

    def do(self, title: str, cover: Cover) -> None:
        """A new step; what was taken back is gone."""
        self.covers[self.at + 1 :] = [cover]
        self.titles[self.at :] = [title]
        if len(self.covers) > MOST:
            del self.covers[0], self.titles[0]
        self.at = len(self.covers) - 1

    def undo(self) -> str:
        """Take the last step back; its title."""
        self.at -= 1
        return self.titles[self.at]

    def redo(self) -> str:
        """Do the next step again; its title."""
        self.at += 1
        return self.titles[self.at - 1]
