"""The form for a new event, in the panel: everything by keys, nothing modal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from console.sdk import OneMapError, Undo
from console.sdk.records import EventClass, LonLat, Urgency
from console.sdk.ui import Chips, Page, Section, button, row
from plugins.events.desktop.desk import Draft, EventDesk
from plugins.events.desktop.words import CLASSES, URGENCIES
from plugins.events.model import ADDRESS_LIMIT, DETAIL_LIMIT, TITLE_LIMIT

_LADDER = (Urgency.GENERAL, Urgency.URGENT, Urgency.CRITICAL)


class ReportForm(Page):
    """Ctrl+1 … Ctrl+9 choose the class, Alt+Up and Alt+Down the level, Enter reports, Escape leaves."""

    def __init__(
        self, desk: EventDesk, on_send: Callable[[Draft], None], on_leave: Callable[[], None]
    ) -> None:
        super().__init__()
        self._desk, self._on_send, self._on_leave = desk, on_send, on_leave
        self._where: LonLat = (0.0, 0.0)
        self.dirty = False
        """Whether an event is being written down."""
        self._finding: Undo | None = None
        tr = desk.ctx.tr
        self._place = QLabel(wordWrap=True)
        self._place.setObjectName("muted")
        self._title = self._line(tr("What happened"), TITLE_LIMIT)
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Class"))
        for at, (kind, title) in enumerate(CLASSES.items(), 1):
            self._kind.addItem(f"{at} {tr(title)}", kind)
        self._urgency = Chips(
            [(urgency.value, tr(URGENCIES[urgency])) for urgency in _LADDER], lambda _: self._title.setFocus()
        )
        self._address = self._line(tr("Address"), ADDRESS_LIMIT)
        self._reporter = self._line(tr("Reporter"), 64)
        self._phone = self._line(tr("Reporter's phone"), 32)
        self._detail = QPlainTextEdit(placeholderText=tr("Detail"), tabChangesFocus=True)
        self._detail.setAccessibleName(tr("Detail"))
        self._detail.setMaximumHeight(64)
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("muted")
        self._lay_out()
        self._bind_keys()

    def start(self, where: LonLat) -> None:
        """Begin anew at a place; what is half written for another place is kept but for the place."""
        if not self.dirty:
            self._clear()
        self.dirty, self._where = True, where
        self._place.setText(f"{where[0]:.6f}, {where[1]:.6f}")
        self._title.setFocus()
        if self._finding:
            self._finding()
        self._finding = self._desk.ctx.tasks.start(self._find_area(where))

    def _lay_out(self) -> None:
        tr = self._desk.ctx.tr
        send = button(tr("Report"), self._send, "check", primary=True, tooltip=tr("Enter"))
        leave = button(tr("Discard"), self._leave, "close", tooltip=tr("Esc"))
        self.add(row(_heading(tr("New event")), None, leave, send))
        self.add(self._place)
        self.add(self._title)
        self.add(row(self._kind, self._urgency, None))
        self.add(_muted(tr("Class: Ctrl+1 to Ctrl+9 · Level: Alt+↑ Alt+↓")))
        self.add(self._address)
        self.add(row(self._reporter, self._phone))
        self.add(self._detail)
        self.add(self._said)

    def _line(self, title: str, limit: int) -> QLineEdit:
        line = QLineEdit(placeholderText=title, maxLength=limit)
        line.setAccessibleName(title)
        line.returnPressed.connect(self._send)
        return line

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            f"Ctrl+{at + 1}": lambda at=at: self._kind.setCurrentIndex(at) for at in range(len(CLASSES))
        }
        keys |= {
            "Alt+Up": lambda: self._step_urgency(1),
            "Alt+Down": lambda: self._step_urgency(-1),
            "Ctrl+Return": self._send,
            "Esc": self._leave,
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _step_urgency(self, steps: int) -> None:
        at = _LADDER.index(Urgency(self._urgency.value)) + steps
        self._urgency.select(_LADDER[max(0, min(at, len(_LADDER) - 1))].value)

    def _send(self) -> None:
        title = self._title.text().strip()
        if not title:
            self._said.setText(self._desk.ctx.tr("Say in a few words what happened"))
            self._title.setFocus()
            return
        draft = Draft(
            title=title,
            where=self._where,
            kind=EventClass(self._kind.currentData()),
            urgency=Urgency(self._urgency.value),
            address=self._address.text().strip(),
            detail=self._detail.toPlainText().strip()[:DETAIL_LIMIT],
            reporter=self._reporter.text().strip(),
            reporter_phone=self._phone.text().strip(),
        )
        self._clear()
        self._on_send(draft)

    def _leave(self) -> None:
        self._clear()
        self._on_leave()

    def _clear(self) -> None:
        self.dirty = False
        for line in (self._title, self._address, self._reporter, self._phone):
            line.clear()
        self._detail.clear()
        self._said.clear()
        self._kind.setCurrentIndex(self._kind.findData(EventClass.OTHER))
        self._urgency.select(Urgency.GENERAL.value)

    async def _find_area(self, where: LonLat) -> None:
        """Say in which grid the place lies; outside of the user's areas, say that instead."""
        try:
            area = await self._desk.ctx.backend.get("/areas/at", lon=where[0], lat=where[1])
        except OneMapError as error:
            self._said.setText(str(error))
        else:
            self._place.setText(f"{area.get('name', '')}  {where[0]:.6f}, {where[1]:.6f}")


def _heading(text: str) -> QWidget:
    return Section(text)


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("muted")
    return label
