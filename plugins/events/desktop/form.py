"""The form for a new event, in the panel: everything by keys, nothing modal."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit

from console.sdk import BackendAway, OneMapError, Undo
from console.sdk.records import Event, EventClass, LonLat, Urgency
from console.sdk.ui import Badge, Chips, Page, Section, button, row
from plugins.events.desktop.address import AddressSuggestion
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.drafts import Draft
from plugins.events.desktop.report import grid_of
from plugins.events.desktop.words import CLASSES, URGENCIES
from plugins.events.model import ADDRESS_LIMIT, DETAIL_LIMIT, TITLE_LIMIT

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LADDER = (Urgency.GENERAL, Urgency.URGENT, Urgency.CRITICAL)


class ReportForm(Page):
    """Ctrl+1 … Ctrl+9 choose the class, Alt+Up and Alt+Down the level, Enter reports, Escape leaves.

    Ctrl+Enter reports from everywhere, the detail of several lines included.

    Also takes back a report that has not arrived, and puts title, class and level of one right that has.
    """

    def __init__(
        self,
        desk: EventDesk,
        on_send: Callable[[Draft], None],
        on_leave: Callable[[], None],
        on_elsewhere: Callable[[], None],
    ) -> None:
        """*on_elsewhere* lets the user choose another place."""
        super().__init__()
        self._desk, self._on_send, self._on_leave = desk, on_send, on_leave
        self._where: LonLat = (0.0, 0.0)
        self._area = ""
        self._outside = False
        self._replaces = ""
        self._corrected: Event | None = None
        self.dirty = False
        """Whether an event is being written down."""
        self._finding: Undo | None = None
        tr = desk.ctx.tr
        self._heading = Section("")
        self._place = QLabel()
        self._place.setObjectName("muted")
        self._title = self._line(tr("What happened"), TITLE_LIMIT)
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Class"))
        for at, (kind, title) in enumerate(CLASSES.items(), 1):
            self._kind.addItem(f"{at} {tr(title)}", kind)
        self._urgency = Chips(
            [(urgency.value, tr(URGENCIES[urgency])) for urgency in _LADDER], lambda _: self._on_urgency()
        )
        self._address = self._line(tr("Address"), ADDRESS_LIMIT)
        self._address.setToolTip(tr("Suggested from the nearest road; what you type stays"))
        self._suggestion = AddressSuggestion(desk.ctx, self._address)
        self._reporter = self._line(tr("Reporter"), 64)
        self._phone = self._line(tr("Reporter's phone"), 32)
        self._detail = QPlainTextEdit(placeholderText=tr("Detail"), tabChangesFocus=True)
        self._detail.setAccessibleName(tr("Detail"))
        self._detail.textChanged.connect(self._keep)
        self._kind.currentIndexChanged.connect(lambda _at: self._keep())
        self._detail.setMinimumHeight(36)
        self._said = Badge("", "error")
        self._elsewhere = button(tr("Choose another place"), on_elsewhere, "locate")
        self._send_button = button(
            tr("Report"), self._send, "check", primary=True, tooltip=tr("Enter, Ctrl+Enter")
        )
        self._lay_out()
        self._bind_keys()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter is the form's while one writes in it, not the command's that has this key elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_send(cast(QKeyEvent, event)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See Qt. A line that has sent passes the key on: then there is nothing to send any more."""
        if not _is_send(event):
            super().keyPressEvent(event)
        elif self.dirty:
            self._send()

    def start(self, where: LonLat) -> None:
        """Begin anew at a place; what is half written for another place is kept but for the place."""
        if not self.dirty or self._corrected is not None:
            self._clear()
        self._set_corrected(None)
        self._begin(where)

    def resume(self, draft: Draft) -> None:
        """Go on with a report that was not finished or has not arrived: everything as it was said."""
        self._clear()
        self._set_corrected(None)
        self._replaces = draft.replaces
        self._fill(draft)
        self._begin(draft.where)

    def start_correcting(self, event: Event) -> None:
        """Put title, class and level of an event right."""
        self._clear()
        self._set_corrected(event)
        self._fill(event)
        self.dirty = True
        self._place.setText(f"{event.number}  {self._desk.area_name(event.area)}")
        self._title.setFocus()

    def _begin(self, where: LonLat) -> None:
        self.dirty, self._where = True, where
        self._keep()
        self._area, self._outside = "", False
        self._say("")
        self._place.setText(f"{where[0]:.6f}, {where[1]:.6f}")
        self._desk.marked.emit(where)
        self._title.setFocus()
        if self._finding:
            self._finding()
        self._finding = self._desk.ctx.tasks.start(self._find_area(where))
        self._suggestion.begin(where)

    def _set_corrected(self, event: Event | None) -> None:
        """Another title and other fields for a correction than for a report."""
        tr = self._desk.ctx.tr
        self._corrected = event
        self._heading.setText(tr("Correct the event") if event else tr("New event"))
        self._send_button.setText(tr("Correct") if event else tr("Report"))
        for part in (self._address, self._reporter, self._phone, self._detail, self._elsewhere):
            part.setVisible(event is None)

    def _fill(self, event: Event | Draft) -> None:
        self._title.setText(event.title)
        self._kind.setCurrentIndex(self._kind.findData(event.kind))
        self._urgency.select(event.urgency.value)
        self._address.setText(event.address)
        self._reporter.setText(event.reporter)
        self._phone.setText(event.reporter_phone)
        self._detail.setPlainText(event.detail)

    def _lay_out(self) -> None:
        tr = self._desk.ctx.tr
        leave = button(tr("Discard"), self._leave, "close", tooltip=tr("Esc"))
        self._kind.setToolTip(tr("Ctrl+1 to Ctrl+9"))
        self._urgency.setToolTip(tr("Alt+↑ Alt+↓"))
        head = row(self._heading, self._place, self._said, None, self._elsewhere, leave, self._send_button)
        first = row(self._title, self._kind, self._urgency)
        first.setStretch(0, 1)
        second = row(self._address, self._reporter, self._phone)
        for at, share in enumerate((3, 1, 1)):
            second.setStretch(at, share)
        for part in (head, first, second):
            self.add(part)
        self.add(self._detail, 1)
        self._said.hide()

    def _line(self, title: str, limit: int) -> QLineEdit:
        line = QLineEdit(placeholderText=title, maxLength=limit)
        line.setAccessibleName(title)
        line.returnPressed.connect(self._send)
        line.textChanged.connect(lambda _text: self._keep())
        return line

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            f"Ctrl+{at + 1}": lambda at=at: self._kind.setCurrentIndex(at) for at in range(len(CLASSES))
        }
        keys |= {
            "Alt+Up": lambda: self._step_urgency(1),
            "Alt+Down": lambda: self._step_urgency(-1),
            "Esc": self._leave,
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _on_urgency(self) -> None:
        self._title.setFocus()
        self._keep()

    def _step_urgency(self, steps: int) -> None:
        at = _LADDER.index(Urgency(self._urgency.value)) + steps
        self._urgency.select(_LADDER[max(0, min(at, len(_LADDER) - 1))].value)
        self._keep()

    def _send(self) -> None:
        tr, title = self._desk.ctx.tr, self._title.text().strip()
        if not title:
            self._say(tr("Say in a few words what happened"))
            self._title.setFocus()
        elif self._outside:
            self._say(tr("The place lies outside of your areas"))
        elif self._corrected is not None:
            self._send_correction(self._corrected, title)
        else:
            draft = self._draft(title)
            self._clear()
            self._on_send(draft)

    def _draft(self, title: str) -> Draft:
        return Draft(
            title=title,
            where=self._where,
            kind=EventClass(self._kind.currentData()),
            urgency=Urgency(self._urgency.value),
            address=self._address.text().strip(),
            detail=self._detail.toPlainText().strip()[:DETAIL_LIMIT],
            reporter=self._reporter.text().strip(),
            reporter_phone=self._phone.text().strip(),
            area=self._area,
            replaces=self._replaces,
        )

    def _keep(self) -> None:
        """What is typed outlives this form: the user may be another one in the next moment."""
        if self.dirty and self._corrected is None:
            self._desk.drafts.keep(self._draft(self._title.text().strip()))

    def _send_correction(self, event: Event, title: str) -> None:
        """Only what is another value now goes to the backend."""
        said = {"title": title, "kind": str(self._kind.currentData()), "urgency": self._urgency.value}
        changes = {name: value for name, value in said.items() if value != getattr(event, name)}
        self._leave()
        if changes:
            self._desk.correct(event, **changes)

    def _leave(self) -> None:
        self._clear()
        self._on_leave()

    def _clear(self) -> None:
        self.dirty, self._corrected, self._replaces = False, None, ""
        self._suggestion.stop()
        self._desk.drafts.keep(None)
        for line in (self._title, self._address, self._reporter, self._phone):
            line.clear()
        self._detail.clear()
        self._say("")
        self._kind.setCurrentIndex(self._kind.findData(EventClass.OTHER))
        self._urgency.select(Urgency.GENERAL.value)
        self._desk.marked.emit(None)

    def _say(self, text: str) -> None:
        """What keeps the report from being sent."""
        self._said.setText(text)
        self._said.setVisible(bool(text))

    async def _find_area(self, where: LonLat) -> None:
        """Say in which grid the place lies; outside of the user's areas, say that instead."""
        code = await grid_of(self._desk, where)
        if code is None:
            await self._ask_area(where)
            return
        self._area, self._outside = code, not code
        if self._outside:
            self._say(self._desk.ctx.tr("The place lies outside of your areas"))
        else:
            self._place.setText(f"{self._desk.area_name(code)}  {where[0]:.6f}, {where[1]:.6f}")

    async def _ask_area(self, where: LonLat) -> None:
        """The backend knows areas that the map of this machine does not show."""
        try:
            area = await self._desk.ctx.backend.get("/areas/at", lon=where[0], lat=where[1])
        except BackendAway:
            return  # it is said when the report is delivered
        except OneMapError as error:
            self._say(str(error))
        else:
            self._place.setText(f"{area.get('name', '')}  {where[0]:.6f}, {where[1]:.6f}")


def _is_send(event: QKeyEvent) -> bool:
    """Ctrl+Enter, on the keypad too."""
    keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.key() in _ENTER and keys == Qt.KeyboardModifier.ControlModifier
