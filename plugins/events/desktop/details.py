"""The selected event: where it stands in the closed loop, what can be done, what was done."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit

from console.sdk.records import OPEN_EVENT_STATES, Event, EventState
from console.sdk.ui import Badge, KeyValues, Page, Section, button, row
from plugins.events.desktop.assessing.assessor import Assessor
from plugins.events.desktop.assessing.card import AssessmentCard
from plugins.events.desktop.desk import EventDesk, needs_note
from plugins.events.desktop.history import History
from plugins.events.desktop.stepper import Stepper
from plugins.events.desktop.steps import Steps
from plugins.events.desktop.unmask import Unmask
from plugins.events.desktop.words import (
    ACTIONS,
    CLASSES,
    STATE_TONES,
    STATES,
    URGENCIES,
    URGENCY_TONES,
    clock_text,
)
from plugins.events.model import EventAction, allowed_actions

DISPATCH_PANEL = "onemap.dispatch.dispatch"


class Details(Page):
    """Follows the desk's selection."""

    def __init__(self, desk: EventDesk, assessor: Assessor) -> None:
        super().__init__()
        self._desk = desk
        self._event: Event | None = None
        tr = desk.ctx.tr
        self._title = QLabel(wordWrap=True)
        self._title.setObjectName("title")
        self._urgency, self._state, self._waits = Badge(), Badge(), Badge(tr("Waiting to be sent"), "warning")
        self._stepper = Stepper(tr)
        self._note = QLineEdit(placeholderText=tr("Note"), maxLength=2000)
        self._note.setAccessibleName(tr("Note"))
        self._note.returnPressed.connect(lambda: self._act(self._meant or EventAction.NOTE))
        self._meant: EventAction | None = None
        self._note.setMinimumWidth(80)
        self._steps = Steps(desk.ctx, self._dispatch)
        self._steps.asked.connect(lambda step: self._act(EventAction(step)))
        self._hint = QLabel(wordWrap=True)
        self._hint.setObjectName("muted")
        self._pairs = KeyValues()
        self._unmask = Unmask(desk)
        self._assessment = AssessmentCard(assessor)
        self._history = History(desk, self._stepper.set_history)
        self._lay_out()
        desk.selected_changed.connect(self.refresh)
        desk.waiting_changed.connect(self._show_waiting)
        desk.note_wanted.connect(self._on_note_wanted)
        self.refresh()

    def _lay_out(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        start = desk.ctx.tasks.start
        self._rewrite = button(tr("Change"), lambda: start(desk.rewrite(self._shown())), "edit")
        self._withdraw = button(tr("Withdraw"), lambda: start(desk.withdraw(self._shown())), "undo")
        self._correct = button(
            tr("Correct"),
            lambda: desk.begin_correcting(self._shown()),
            "edit",
            tooltip=tr("Put title, class or level right"),
        )
        show = button("", desk.show_selected, "locate", tooltip=tr("Show on the map"))
        show.setAccessibleName(tr("Show on the map"))
        head = row(self._urgency, self._state, self._waits, self._title, show)
        head.setStretch(3, 1)
        self.add(head)
        self.add(row(self._steps, self._correct, self._rewrite, self._withdraw, self._note))
        self.add(self._hint)
        self.add(self._assessment)
        self.add(self._stepper)
        self.add(self._pairs)
        self.add(self._unmask)
        self.add(Section(tr("History")))
        self.add(self._history, 1)

    def refresh(self) -> None:
        """Show the selected event as it is now."""
        event = self._desk.event(self._desk.selected)
        if event is None or self._event is None or event.id != self._event.id:
            self._meant = None
            self._note.clear()
            self._hint.clear()
        self._event = event
        self._unmask.set_event(event)
        self._history.set_event(event)
        if event is not None and event.state is EventState.CLOSED:
            self._assessment.set_event(event.id, event.version, f"{event.number} {event.title}".strip())
        else:
            self._assessment.set_event("")
        if event is not None:
            self._show_event(event)
        else:
            self._steps.offer(None, may_write=False, waits=False)
            for control in (self._rewrite, self._withdraw, self._correct):
                control.hide()

    def _show_event(self, event: Event) -> None:
        tr = self._desk.ctx.tr
        self._title.setText(f"{event.number} {event.title}".strip())
        self._urgency.set(tr(URGENCIES[event.urgency]), URGENCY_TONES[event.urgency])
        self._state.set(tr(STATES[event.state]), STATE_TONES[event.state])
        self._stepper.set_state(event.state, event.reported_at)
        self._pairs.set_pairs(self._pairs_of(event))
        self._show_waiting()

    def _pairs_of(self, event: Event) -> list[tuple[str, str]]:
        tr, now = self._desk.ctx.tr, self._desk.now
        pairs = [
            (tr("Class"), tr(CLASSES[event.kind])),
            (tr("Area"), self._desk.area_name(event.area)),
            (tr("Address"), event.address),
            (tr("Detail"), event.detail),
            (tr("Reporter"), " ".join(part for part in (event.reporter, event.reporter_phone) if part)),
            (tr("Reported"), clock_text(event.reported_at, now)),
            (tr("Closed"), clock_text(event.closed_at, now) if event.closed_at else ""),
        ]
        return [(name, value) for name, value in pairs if value]

    def _show_waiting(self) -> None:
        """While a step of this event waits to be sent, no second one is offered."""
        if self._event is None:
            return
        desk, event = self._desk, self._event
        waits, pending = desk.waits(event.id), desk.is_pending(event.id)
        self._waits.setVisible(waits)
        self._steps.offer(event, may_write=desk.may_write and not pending, waits=waits)
        for control in (self._rewrite, self._withdraw):
            control.setVisible(pending)
        self._correct.setVisible(desk.may_write and not pending and event.state in OPEN_EVENT_STATES)
        self._note.setVisible(desk.may_write and not pending)
        self._hint.setVisible(bool(self._hint.text()))

    def _shown(self) -> Event:
        """The event shown; buttons are hidden without one."""
        assert self._event is not None
        return self._event

    def _dispatch(self) -> None:
        """Who could go is another plugin's panel."""
        self._desk.ctx.panels.show(DISPATCH_PANEL)

    def _act(self, action: EventAction) -> None:
        event, note = self._event, self._note.text().strip()
        if event is None or action not in allowed_actions(event.state):
            return
        if not note and (needs_note(event, action) or action is EventAction.NOTE):
            self._want_note(action)
            return
        self._meant = None
        self._note.clear()
        self._hint.clear()
        self._desk.act(event, action, note)

    def _on_note_wanted(self, action: str) -> None:
        self._want_note(EventAction(action))

    def _want_note(self, action: EventAction) -> None:
        """Ask for the reason in place; Enter in the field then does the step."""
        tr = self._desk.ctx.tr
        self._meant = action
        self._hint.setText(tr("Write the note, then press Enter: {step}", step=tr(ACTIONS[action])))
        self._hint.show()
        self._note.setFocus()
