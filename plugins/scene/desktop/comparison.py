"""Two dates side by side: which models stand left and right of the line."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from console.sdk import Context
from console.sdk.scene_shape import Swipe
from plugins.scene.desktop.shaping import alike

Side = frozenset[str]


class Comparison(QObject):
    """What was chosen stays when the comparison ends."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._shape = ctx.scene.shape
        self.chosen: tuple[Side, Side] | None = None
        """Left and right; None: the user has not chosen."""
        self.share = 0.5
        """Where the line stands, or will."""
        ctx.undo(self._shape.on_change(self._on_shape))
        ctx.scene.on_models(self._on_models)

    @property
    def under_way(self) -> bool:
        return self._shape.swipe is not None

    @property
    def sides(self) -> tuple[Side, Side]:
        """Left and right: what the user chose, else the two models that lie upon one another most."""
        if self.chosen is not None:
            return self.chosen
        pair = alike(self._ctx.scene.models)
        return (frozenset(), frozenset()) if pair is None else (frozenset(pair[:1]), frozenset(pair[1:]))

    def choose(self, left: Side, right: Side) -> None:
        """Compare these; a comparison of nothing ends."""
        self.chosen = (left, right)
        if self.under_way:
            self._shape.swipe = self._swipe()
        self.changed.emit()

    def slide(self, share: float) -> None:
        """Move the line."""
        self.share = share
        if self._shape.swipe is not None:
            self._shape.swipe = replace(self._shape.swipe, share=share)
        self.changed.emit()

    def toggle(self) -> bool:
        """Begin, or end. False: nothing is chosen."""
        swipe = None if self.under_way else self._swipe()
        if swipe is None and not self.under_way:
            return False
        self._shape.swipe = swipe
        return True

    def _swipe(self) -> Swipe | None:
        left, right = self.sides
        return Swipe(left=left, right=right, share=self.share) if left or right else None

    def _on_shape(self) -> None:
        swipe = self._shape.swipe
        if swipe is not None:
            self.chosen, self.share = (swipe.left, swipe.right), swipe.share
        self.changed.emit()

    def _on_models(self) -> None:
        self.changed.emit()
