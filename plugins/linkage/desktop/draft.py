"""A calibration that is being made: pairs come and go, and each change can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from plugins.linkage.lens.calibrate import CannotCalibrate, Fit, Pair


@dataclass(slots=True)
class Draft:
    """Of one camera; *aspect* of the picture in which is clicked."""

    camera: str
    edition: int
    """Of the calibration that it will replace."""
    aspect: float
    pairs: tuple[Pair, ...] = ()
    held: float | None = None
    """Metres of the eye's height if it stands just where the map has the camera; None: it is looked for."""
    pending: tuple[float, float] | None = None
    """Clicked in the picture and not yet on the map."""
    fit: Fit | None = None
    fault: CannotCalibrate | None = None
    changed: bool = False
    _before: list[tuple[Pair, ...]] = field(default_factory=list[tuple[Pair, ...]])

    def add(self, pair: Pair) -> None:
        """One pair more."""
        self._set((*self.pairs, pair))

    def remove(self, at: int) -> None:
        """One pair less."""
        self._set(self.pairs[:at] + self.pairs[at + 1 :])

    def raise_to(self, at: int, height: float) -> None:
        """Another height for a point."""
        self._set((*self.pairs[:at], replace(self.pairs[at], height=height), *self.pairs[at + 1 :]))

    def undo(self) -> bool:
        """Take the last change of the pairs back; False: there is none."""
        if self.pending is not None:
            self.pending = None
        elif self._before:
            self.pairs = self._before.pop()
        else:
            return False
        return True

    def _set(self, pairs: tuple[Pair, ...]) -> None:
        self._before.append(self.pairs)
        self.pairs, self.changed = pairs, True
