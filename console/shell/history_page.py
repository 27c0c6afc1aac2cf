"""The notification centre's history: what was said, with its actions, by keyboard too."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from console.sdk.ui import EmptyState, IconLabel, button
from console.shell.notices import Notice
from console.shell.services import Services


class HistoryPage(QWidget):
    """Newest first, as it comes; what is looked at is read."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._tr = services.language.tr
        self._cards: dict[int, QFrame] = {}
        """By the notice's id."""
        self._empty = EmptyState(
            self._tr("No notifications"), self._tr("What happens is noted here."), icon="bell"
        )
        self._clear = button(self._tr("Clear all"), services.notify.clear, icon="trash")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, 0, 8, 0)
        self._layout.addStretch(1)
        self._area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self._area, 1)
        self._follow()
        first = next(iter(reversed(self._cards.values())), None)
        if first is not None:
            self.setFocusProxy(first)  # Enter must not forget everything
        undo = services.notify.on_change(self._follow)
        self.destroyed.connect(lambda: undo())

    def _follow(self) -> None:
        """Cards of what is new above the others; those of what was taken back go."""
        history = {notice.id: notice for notice in self._services.notify.history()}
        for notice_id in self._cards.keys() - history.keys():
            self._cards.pop(notice_id).deleteLater()
        for notice_id in sorted(history.keys() - self._cards.keys()):
            card = self._cards[notice_id] = self._card(history[notice_id])
            self._layout.insertWidget(0, card)
        self._empty.setVisible(not history)
        self._clear.setVisible(bool(history))
        self._area.setVisible(bool(history))
        if self._services.notify.unread:
            self._services.notify.mark_read()

    def _card(self, notice: Notice) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        card.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        card.setAccessibleName(notice.text)
        layout = QHBoxLayout(card)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(12)
        layout.addWidget(IconLabel(notice.severity, 20, notice.severity), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        for text, name in ((notice.text, ""), (notice.detail, "small")):
            if text:
                label = QLabel(text)
                label.setObjectName(name)
                label.setWordWrap(True)
                label.setTextFormat(Qt.TextFormat.PlainText)
                words.addWidget(label)
        layout.addLayout(words, 1)
        if notice.action:
            layout.addWidget(button(notice.action[0], lambda: self._services.notify.act(notice)))
        when = QLabel(time.strftime("%H:%M:%S", time.localtime(notice.at)))
        when.setObjectName("small")
        layout.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        return card
