"""The notification centre's history: what was said, with its actions, by keyboard too."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from console.sdk.ui import EmptyState, IconLabel, button
from console.shell.notices import Notice
from console.shell.services import Services


class HistoryPage(QWidget):
    """Newest first; looking marks all as read."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._tr = services.language.tr
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        history = services.notify.history()
        services.notify.mark_read()
        if not history:
            layout.addWidget(
                EmptyState(self._tr("No notifications"), self._tr("What happens is noted here."), icon="bell")
            )
            return
        clear = button(self._tr("Clear all"), self._clear, icon="trash")
        layout.addWidget(clear, 0, Qt.AlignmentFlag.AlignRight)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(0, 0, 8, 0)
        self._cards = [self._card(notice) for notice in history]
        for card in self._cards:
            cards.addWidget(card)
        cards.addStretch(1)
        area.setWidget(inside)
        layout.addWidget(area, 1)
        self.setFocusProxy(self._cards[0])  # Enter must not forget everything

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

    def _clear(self) -> None:
        self._services.notify.clear()
        self._services.host.commands.run("shell.notifications")
