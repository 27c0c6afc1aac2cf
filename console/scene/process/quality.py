"""How many pixels a picture has while the view moves: as many as thirty pictures a second allow."""

from __future__ import annotations

STEPS = (1.0, 0.8, 0.65, 0.5, 0.4, 0.33, 0.25)
"""Of the window's pixels, along a side."""
SLOW, QUICK = 34.0, 20.0
"""Milliseconds of a picture above which there are fewer, and below which more."""
_BEGIN = 3


class Quality:
    """Learns from the pictures that were drawn."""

    def __init__(self, *, software: bool) -> None:
        self._step = _BEGIN if software else 0
        self._quick = 0

    def size(self, width: int, height: int, *, moving: bool) -> tuple[int, int]:
        """Pixels of the next picture."""
        share = STEPS[self._step] if moving else 1.0
        return max(round(width * share), 1), max(round(height * share), 1)

    def learn(self, milliseconds: float) -> None:
        """What the last picture took, of those while the view moves."""
        if milliseconds > SLOW:
            self._quick = 0
            self._step = min(self._step + (2 if milliseconds > 2 * SLOW else 1), len(STEPS) - 1)
        elif milliseconds < QUICK:
            self._quick += 1
            if self._quick >= 10 and self._step:
                self._step, self._quick = self._step - 1, 0
        else:
            self._quick = 0
