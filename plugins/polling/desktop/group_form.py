"""The form of a group: what it is called, what it is made by, whom it is shared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from console.sdk.ui import Chips, Page, button, row
from console.sdk.ui.choices import Choice
from plugins.polling.desktop.desk import Desk, offline
from plugins.polling.desktop.hand_list import HandList
from plugins.polling.desktop.words import KINDS
from plugins.polling.model import TITLE_LIMIT, WORDS_LIMIT, Group, Kind


class GroupForm(Page):
    """Ctrl+S saves, Esc leaves without; *on_done* is called then."""

    def __init__(self, desk: Desk, on_done: Callable[[], Any]) -> None:
        super().__init__()
        self._desk, self._on_done = desk, on_done
        self._group = Group(id="", title="")
        tr = desk.ctx.tr
        self._title = QLineEdit(placeholderText=tr("Name of the group"), maxLength=TITLE_LIMIT)
        self._title.setAccessibleName(tr("Name of the group"))
        self._kind = Chips([(kind, tr(text)) for kind, text in KINDS.items()], self._turn, Kind.HAND)
        self._area = Choice(tr("Area"), lambda _: self._tell())
        self._words = QLineEdit(maxLength=WORDS_LIMIT)
        self._words.setPlaceholderText(tr("Words in the cameras' names, e.g. of a river or a reservoir"))
        self._words.setAccessibleName(tr("Words in the names"))
        self._words.textChanged.connect(lambda _: self._tell())
        self._event = ""
        self._event_title = QLabel(wordWrap=True)
        self._hand = HandList(desk, self._tell)
        self._rules = QStackedWidget()
        for rule in (self._hand, top(self._area), top(self._words), self._event_part()):
            self._rules.addWidget(rule)
        self._shared = Choice(tr("Shared with"), lambda _: None)
        self._count = QLabel(wordWrap=True)
        self._count.setObjectName("muted")
        self._save = button(tr("Save"), self.save, "check", primary=True, tooltip=tr("Ctrl+S"))
        shared = QLabel(tr("Shared with"))
        shared.setBuddy(self._shared)
        self.add(self._title)
        self.add(self._kind)
        self.add(self._rules, 1)
        self.add(self._count)
        leave = button(tr("Cancel"), self._leave, tooltip=tr("Esc"))
        self.add(row(shared, self._shared, None, leave, self._save))
        self.setFocusProxy(self._title)
        for key, act in {"Ctrl+S": self.save, "Esc": self._leave}.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _event_part(self) -> QWidget:
        tr = self._desk.ctx.tr
        return top(self._event_title, button(tr("Take the selected event"), self._take_event, "event"))

    def open_group(self, group: Group) -> None:
        """Show what it is."""
        self._group, areas, tr = group, self._desk.own_areas(), self._desk.ctx.tr
        self._title.setText(group.title)
        self._area.offer(areas)
        self._area.show_value(group.rule if group.kind is Kind.AREA else areas[0][0] if areas else None)
        self._shared.offer([("", tr("me alone")), *areas])
        self._shared.show_value(group.area)
        self._words.setText(group.rule if group.kind is Kind.NAMES else "")
        self._event = group.rule if group.kind is Kind.EVENT else ""
        self._hand.set_cameras(group.cameras)
        self._kind.select(group.kind)
        self._turn(group.kind)

    def save(self) -> None:
        """Send it; the user is told what is missing."""
        tr, group = self._desk.ctx.tr, self._made()
        if not group.title:
            self._desk.say(tr("A group needs a name"))
            self._title.setFocus()
        elif not (group.cameras or group.rule):
            self._desk.say(tr("Say which cameras belong to the group"))
        else:
            self._desk.groups.save(group)
            self._leave()

    def _made(self) -> Group:
        kind = Kind(self._kind.value)
        rules = {
            Kind.AREA: self._area.currentData() or "",
            Kind.NAMES: self._words.text().strip(),
            Kind.EVENT: self._event,
            Kind.HAND: "",
        }
        return replace(
            self._group,
            title=self._title.text().strip(),
            kind=kind,
            rule=rules[kind],
            cameras=self._hand.cameras if kind is Kind.HAND else (),
            area=self._shared.currentData() or "",
        )

    def _leave(self) -> None:
        self._on_done()

    def _turn(self, kind: str) -> None:
        self._rules.setCurrentIndex(list(KINDS).index(kind))
        if kind == Kind.EVENT and not self._event:
            self._take_event()
        self._tell()

    def _take_event(self) -> None:
        event = self._desk.selected_event
        if event is not None:
            self._event = event.id
            if not self._title.text():
                self._title.setText(event.title[:TITLE_LIMIT])
        self._tell()

    def _tell(self) -> None:
        """How many cameras that is now."""
        tr, title = self._desk.ctx.tr, self._desk.event_title(self._event)
        self._event_title.setText(title or tr("Select an event on the map or in its list first"))
        found = self._desk.cameras_of(self._made())
        alive = len(found) - len(offline(found))
        self._count.setText(tr("{n} cameras, {live} of them with a picture", n=len(found), live=alive))


def top(*parts: QWidget) -> QWidget:
    """One below the other, free room below."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return page
