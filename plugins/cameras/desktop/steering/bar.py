"""The bar over a picture that can be steered: who steers it, take and let go, zoom, presets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from console.sdk import Context
from console.sdk.ui import button
from plugins.cameras.desktop.plate import Plate, tool
from plugins.cameras.desktop.steering.drive import STILL, Speed
from plugins.cameras.desktop.steering.holds import Holds, Turn

GAP = 4
"""Logical pixels between the bar and the picture's edge."""
ROOMY = 420
"""Logical pixels of width from which there are buttons for the four directions."""
TURN, ZOOM = 0.4, 0.5
"""Parts of the fastest."""
WAYS = (
    ("chevron-left", "To the left (←)", (-TURN, 0.0, 0.0)),
    ("chevron-up", "Up (↑)", (0.0, TURN, 0.0)),
    ("chevron-down", "Down (↓)", (0.0, -TURN, 0.0)),
    ("chevron-right", "To the right (→)", (TURN, 0.0, 0.0)),
)


class SteeringBar(Plate):
    """Along the picture's lower edge."""

    def __init__(
        self,
        parent: QWidget,
        ctx: Context,
        toggle: Callable[[], None],
        move: Callable[[Speed], None],
        presets: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        tr = ctx.tr
        self._ctx, self._room = ctx, parent
        self._words = QLabel()
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._wide = tool("zoom-out", tr("Wider (-)"))
        self._close = tool("zoom-in", tr("Closer (+)"))
        self._ways = [tool(name, tr(title)) for name, title, _ in WAYS]
        speeds = [*(speed for *_, speed in WAYS), (0.0, 0.0, -ZOOM), (0.0, 0.0, ZOOM)]
        for held, speed in zip((*self._ways, self._wide, self._close), speeds, strict=True):
            held.pressed.connect(lambda speed=speed: move(speed))
            held.released.connect(lambda: move(STILL))
        self._presets = tool("star", tr("Presets (1 to 9, Home)"))
        self._presets.clicked.connect(lambda: presets())
        self._toggle = button(tr("Steer"), toggle, primary=True)
        self._toggle.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self._words, 1)
        for part in (*self._ways, self._presets, self._wide, self._close, self._toggle):
            layout.addWidget(part)
        self.hide()

    def tell(self, words: str, queue: str, turn: Turn, act: str, *, rests: bool = False) -> None:
        """Who steers, who waits, and what the button does. *rests*: nothing for now, since it has just
        become another button under the hand."""
        said = words or self._ctx.tr("Nobody steers")
        self._words.setText(said)
        self._words.setToolTip(queue or said)
        for part in (self._presets, self._wide, self._close):
            part.setVisible(turn is Turn.MINE)
        for way in self._ways:
            way.setVisible(turn is Turn.MINE and self._room.width() >= ROOMY)
        self._toggle.setText(act)
        self._toggle.setAccessibleName(act)
        self._toggle.setToolTip(f"{act} (P)")
        self._toggle.setEnabled(turn is not Turn.ASKING and not rests)
        primary = turn in (Turn.FREE, Turn.OTHER)
        if self._toggle.property("primary") != primary:
            self._toggle.setProperty("primary", primary)
            self._toggle.style().unpolish(self._toggle)
            self._toggle.style().polish(self._toggle)

    def place(self, room: QWidget) -> None:
        """At the lower edge of *room*."""
        height = self.sizeHint().height()
        self.setGeometry(GAP, room.height() - height - GAP, room.width() - 2 * GAP, height)


def words_of(ctx: Context, holds: Holds, camera: str) -> str:
    """Who steers a camera, as it stands over its picture; empty: nobody."""
    tr, turn, record = ctx.tr, holds.turn(camera), holds.record(camera)
    if turn is Turn.ASKING:
        return tr("Asking …")
    if turn is Turn.MINE:
        waiting = len(record.waiting) if record else 0
        return tr("You steer · {n} waiting", n=waiting) if waiting else tr("You steer")
    if record is None:
        return ""
    held = tr("Steered by {name}", name=record.holder.name)
    if turn is Turn.WAITING:
        return f"{held} · {tr('you are number {n} in the queue', n=holds.place(camera))}"
    return f"{held} · {tr('{n} waiting', n=len(record.waiting))}" if record.waiting else held


def queue_of(holds: Holds, camera: str) -> str:
    """Who waits, a line each in the order of their turns; empty: nobody."""
    record = holds.record(camera)
    waiting = record.waiting if record else ()
    return "\n".join(f"{number}  {each.name}" for number, each in enumerate(waiting, start=1))


def act_of(ctx: Context, holds: Holds, camera: str) -> str:
    """What the button, or P, does."""
    tr, turn = ctx.tr, holds.turn(camera)
    if turn is Turn.MINE:
        return tr("Let go")
    if turn is Turn.WAITING:
        return tr("Leave the queue")
    if turn is Turn.OTHER:
        return tr("Take over") if holds.outranks(camera) else tr("Queue")
    return tr("Steer")
