"""A line below the top bar that says what does not work just now, with the way out."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from console.sdk.ui import IconLabel, button
from console.shell.connection import Link
from console.shell.services import Services


class Banner(QFrame):
    """Shown while cut off or without a sign-in, over the workbench."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._services = services
        tr = services.language.tr
        self._text = QLabel()
        self._retry = button(tr("Connect again now"), lambda: self._run("shell.reconnect"))
        self._sign_in = button(tr("Sign in"), lambda: self._run("shell.sign_in_page"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 5, 12, 5)
        layout.addWidget(IconLabel("offline", 18, "warning"))
        layout.addWidget(self._text, 1)
        layout.addWidget(self._retry)
        layout.addWidget(self._sign_in)
        self._undo = services.connection.on_change(self.show_state)
        self.show_state()

    def close_banner(self) -> None:
        """Let go of what is listened to."""
        self._undo()

    def show_state(self) -> None:
        """Follow the connection."""
        state, tr = self._services.connection, self._services.language.tr
        away = state.link is Link.AWAY
        self.setVisible(away or state.link is Link.SIGNED_OUT)
        self._retry.setVisible(away)
        self._sign_in.setVisible(not away)
        if not away:
            self._text.setText(tr("Not signed in: the saved map is shown, nothing is live."))
        elif state.away_since is None:
            self._text.setText(tr("Cut off from the backend. Orders are kept and sent when it is back."))
        else:
            when = time.strftime("%H:%M:%S", time.localtime(state.away_since))
            self._text.setText(
                tr(
                    "Cut off from the backend: shown as of {time}. Orders are kept and sent when it is back.",
                    time=when,
                )
            )

    def _run(self, command_id: str) -> None:
        self._services.host.commands.run(command_id)
