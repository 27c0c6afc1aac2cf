"""A strip over the map that says what does not work just now, with the way out; it moves nothing."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from console.model.text import Language
from console.sdk.ui import IconLabel, button
from console.shell.connection import Link
from console.shell.services import Services
from console.shell.sign_in_form import SignIn, SignInForm

_WIDEST = 860
_BESIDE_TOOLS = 64
"""Pixels left free at both sides of the map, where its tools are."""
_TOP = 12
_AGES_MS = 10_000


class Banner(QFrame):
    """Lies on *parent* over *ground*, the map, while cut off, not signed in, or signed out by the backend."""

    def __init__(self, services: Services, sign_in: SignIn, parent: QWidget, ground: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._services, self._parent, self._ground = services, parent, ground
        tr = services.language.tr
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._sign = IconLabel("offline", 18, "warning")
        self._retry = button(tr("Connect again now"), lambda: self._run("shell.reconnect"))
        self._sign_in = button(tr("Sign in"), lambda: self._run("shell.sign_in_page"))
        self._other = button(tr("Another account"), lambda: self._run("shell.sign_in_page"))
        self.form = SignInForm(services, sign_in, "", self)
        self._lay_out()
        self._tick = QTimer(self, interval=_AGES_MS)
        self._tick.timeout.connect(self.show_state)
        for widget in (parent, ground):
            widget.installEventFilter(self)
        self._undo = services.connection.on_change(self.show_state)
        self.show_state()

    def close_banner(self) -> None:
        """Let go of what is listened to."""
        self._tick.stop()
        self._undo()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._place()
        return False

    def show_state(self) -> None:
        """Follow the connection."""
        link = self._services.connection.link
        ended, calm = link is Link.EXPIRED, link is Link.STARTING
        self._sign.set_icon(*(("refresh", "info") if calm else ("offline", "warning")))
        self._retry.setVisible(link is Link.AWAY)
        self._sign_in.setVisible(link is Link.SIGNED_OUT)
        for part in (self.form.username, self.form.password, self.form.submit, self._other):
            part.setVisible(ended)
        if ended and self._services.connection.user is not None:
            self.form.username.setText(self._services.connection.user.username)
        if not ended:
            self.form.error.hide()
        self._text.setText(self._words())
        shown = link in (Link.STARTING, Link.AWAY, Link.SIGNED_OUT, Link.EXPIRED)
        self.setVisible(shown)
        if shown != self._tick.isActive():
            (self._tick.start if shown else self._tick.stop)()
        self._place()

    def _lay_out(self) -> None:
        self.form.username.setReadOnly(True)
        self.form.username.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for field in (self.form.username, self.form.password):
            field.setFixedWidth(150)
        self.form.password.setPlaceholderText(self._services.language.tr("Password"))
        fields = QHBoxLayout()
        parts = (self.form.username, self.form.password, self.form.submit, self._other)
        for part in (*parts, self._retry, self._sign_in):
            fields.addWidget(part)
        layout = self._grid = QGridLayout(self)
        layout.setContentsMargins(12, 7, 10, 7)
        layout.setHorizontalSpacing(10)
        layout.addWidget(self._sign, 0, 0)
        layout.addWidget(self._text, 0, 1)
        layout.addLayout(fields, 0, 2)
        layout.addWidget(self.form.error, 1, 1, 1, 2)
        layout.setColumnStretch(1, 1)

    def _words(self) -> str:
        state, tr = self._services.connection, self._services.language.tr
        if state.link is Link.STARTING:
            return tr("Starting the backend…")
        if state.link is Link.SIGNED_OUT:
            return tr("Not signed in: the saved map is shown, nothing is live.")
        unsent = len(state.unsent)
        if state.link is Link.AWAY:
            first = tr("Cut off from the backend.")
            last = tr("What you send is kept and goes out when it is back.")
        else:
            first = tr("Your sign-in has ended. Sign in again.")
            last = tr("{n} are still waiting to be sent.", n=unsent) if unsent else ""
        sentences = [part for part in (first, last, self._as_of()) if part]
        return ("" if self._services.language.current == Language.ZH else " ").join(sentences)

    def _as_of(self) -> str:
        """When what is shown was true, in the backend's time, and how long ago that is."""
        since = self._services.connection.away_since
        if since is None:
            return ""
        now = time.time()
        same_day = time.strftime("%F", time.localtime(since)) == time.strftime("%F", time.localtime(now))
        clock = time.strftime("%H:%M:%S" if same_day else "%m-%d %H:%M", time.localtime(since))
        minutes = max(0, int((now - since) // 60))
        tr = self._services.language.tr
        if minutes < 1:
            return tr("Shown as of {time}.", time=clock)
        if minutes < 120:
            return tr("Shown as of {time} ({n} min ago).", time=clock, n=minutes)
        return tr("Shown as of {time} ({n} h ago).", time=clock, n=minutes // 60)

    def _place(self) -> None:
        """At the top of the map, in its middle; over the parent when the map is not seen."""
        if self.isHidden():
            return
        parent, ground = self._parent, self._ground
        within = ground if ground.isVisible() else parent
        room = within.width() - 2 * _BESIDE_TOOLS
        width = min(_WIDEST, max(room, min(420, within.width())))
        at = within.mapTo(parent, within.rect().topLeft())
        left = at.x() + (within.width() - width) // 2
        height = max(self._grid.heightForWidth(width), self.sizeHint().height())
        self.setGeometry(left, at.y() + _TOP, width, height)
        self.raise_()

    def _run(self, command_id: str) -> None:
        self._services.host.commands.run(command_id)
