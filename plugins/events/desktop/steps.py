"""The steps that can be done with an event, as buttons: the next one stands out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from console.sdk import Context
from console.sdk.records import OPEN_EVENT_STATES, Event, EventState
from console.sdk.ui import button, icon
from plugins.events.desktop.words import ACTIONS
from plugins.events.model import EventAction, allowed_actions

SEND = "orders.write"
"""The right to send somebody."""
ICONS = {
    EventAction.ACCEPT: "check",
    EventAction.CLOSE: "success",
    EventAction.RETURN: "undo",
    EventAction.CANCEL: "trash",
    EventAction.REOPEN: "undo",
    EventAction.NOTE: "message",
}
DISPATCH = "dispatch"
ORDER = (
    EventAction.ACCEPT,
    DISPATCH,
    EventAction.NOTE,
    EventAction.CANCEL,
    EventAction.RETURN,
    EventAction.REOPEN,
    EventAction.CLOSE,
)
"""After a step others move up: what leads on is where the hand is, what closes is never there."""
NEXT = {
    EventState.REPORTED: EventAction.ACCEPT,
    EventState.ACCEPTED: DISPATCH,
    EventState.RETURNED: DISPATCH,
    EventState.FED_BACK: EventAction.CLOSE,
}
"""What should come next, by where the event stands; while somebody is on it, nothing."""


class Steps(QWidget):
    """The second click of a double click is not heard: by then another button may stand there."""

    asked = Signal(str)
    """An EventAction."""

    def __init__(self, ctx: Context, dispatch: Callable[[], None]) -> None:
        """*dispatch*: show who could go."""
        super().__init__()
        self._ctx, self._dispatch = ctx, dispatch
        lay = QHBoxLayout(self)
        lay.setContentsMargins(0, 0, 0, 0)
        self._buttons = {step: self._button(step) for step in ORDER}
        for control in self._buttons.values():
            lay.addWidget(control)
            control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Of its buttons."""
        return event.type() == QEvent.Type.MouseButtonDblClick

    def offer(self, event: Event | None, *, may_write: bool, waits: bool) -> None:
        """What may be done with *event*; *waits*: a step of it is on its way already."""
        possible: set[str] = set(allowed_actions(event.state)) if event is not None and may_write else set()
        if event is not None and event.state in OPEN_EVENT_STATES and self._ctx.backend.allowed(SEND):
            possible.add(DISPATCH)
        for step, control in self._buttons.items():
            control.setVisible(step in possible)
            control.setEnabled(not waits or step == DISPATCH)
            self._mark(control, step, event is not None and NEXT.get(event.state) == step)
        self.setVisible(bool(possible))

    def _button(self, step: str) -> QPushButton:
        tr = self._ctx.tr
        if step == DISPATCH:
            hint = tr("Who could go, nearest first")
            return button(tr("Dispatch"), lambda: self._click(step), DISPATCH, tooltip=hint)
        action = EventAction(step)
        return button(tr(ACTIONS[action]), lambda: self._click(step), ICONS[action])

    def _mark(self, control: QPushButton, step: str, primary: bool) -> None:
        if control.property("primary") != primary:
            control.setProperty("primary", primary)
            name = DISPATCH if step == DISPATCH else ICONS[EventAction(step)]
            control.setIcon(icon(name, "accent.on" if primary else ""))
            control.style().unpolish(control)
            control.style().polish(control)

    def _click(self, step: str) -> None:
        if step == DISPATCH:
            self._dispatch()
        else:
            self.asked.emit(step)
