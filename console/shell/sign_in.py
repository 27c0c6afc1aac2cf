"""Sign-in as a page of the window, with what is kept here for who was signed in last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.sdk.ui import IconLabel, button, color
from console.shell.connection import Link
from console.shell.services import Services
from console.shell.sign_in_form import SignIn, SignInForm


class SignInPage(QWidget):
    """*sign_in(username, password)* raises the errors of the SDK; *leave* shows the workbench as it is."""

    def __init__(self, services: Services, sign_in: SignIn, leave: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("signIn")
        self._services = services
        self._tr = services.language.tr
        form = SignInForm(services, sign_in, services.layout.data.get("username", ""), self)
        self.username, self.password, self.error, self.submit = (
            form.username,
            form.password,
            form.error,
            form.submit,
        )
        self.waiting = QLabel()
        self.waiting.setObjectName("muted")
        self.waiting.setWordWrap(True)
        self.offline = button("", leave)
        self.offline.setProperty("flat", True)
        self.username.textChanged.connect(lambda _text: self._show_kept())
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(self._card(), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        outer.addLayout(self._foot())
        self.setFocusProxy(self.password if self.username.text() else self.username)
        undo = services.connection.on_change(self._show_kept)
        self.destroyed.connect(lambda: undo())
        self._show_kept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet ground: light from above, a faint graticule."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(color("surface")))
        glow = QRadialGradient(QPointF(self.width() / 2, self.height() * 0.38), self.width() * 0.55)
        near, far = QColor(color("surface.hover")), QColor(color("surface"))
        far.setAlpha(0)
        glow.setColorAt(0, near)
        glow.setColorAt(1, far)
        painter.fillRect(self.rect(), glow)
        line = QColor(color("border.strong"))
        line.setAlpha(26)
        painter.setPen(QPen(line, 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() * 1.35)
        for ring in range(6, 22):
            radius = ring * self.height() / 12
            painter.drawEllipse(QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius))
        for step in range(-9, 10):
            painter.drawLine(middle, QPointF(middle.x() + step * self.width() / 7, -self.height()))
        painter.end()

    def _card(self) -> QFrame:
        card = QFrame()
        card.setObjectName("signInCard")
        card.setFixedWidth(420)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(36, 32, 36, 28)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("logo", 36, "accent.text"))
        title = QLabel(self._tr("OneMap Console"))
        title.setObjectName("heading")
        head.addWidget(title, 1)
        layout.addLayout(head)
        layout.addSpacing(14)
        for words, field in (("Account", self.username), ("Password", self.password)):
            label = QLabel(self._tr(words))
            label.setObjectName("muted")
            label.setBuddy(field)
            layout.addWidget(label)
            layout.addWidget(field)
        layout.addWidget(self.error)
        layout.addWidget(self.waiting)
        layout.addSpacing(10)
        layout.addWidget(self.submit)
        layout.addWidget(self.offline)
        return card

    def _show_kept(self) -> None:
        """What waits, to whom it belongs, and the map, if there is one."""
        state = self._services.connection
        ended, kept = state.link is Link.EXPIRED, state.kept
        mine = not ended and self.username.text().strip() == kept.username
        parts = list[str]()
        if mine and kept.waiting:
            parts.append(self._tr("{n} waiting to be sent: sent by itself after sign-in", n=kept.waiting))
        if mine and kept.refused:
            parts.append(self._tr("{n} refused", n=kept.refused))
        self.waiting.setText("\n".join(parts))
        self.waiting.setVisible(bool(parts))
        leave = "Back without signing in" if ended else "Show the saved map without signing in"
        self.offline.setText(self._tr(leave))
        self.offline.setVisible(ended or kept.map)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 0, 24, 16)
        url = QLabel(self._tr("Backend: {url}", url=self._services.backend_url or "—"))
        url.setObjectName("small")
        language = button("中文 / English", lambda: self._services.host.commands.run("shell.toggle_language"))
        theme = button(
            self._tr("Dark / light"), lambda: self._services.host.commands.run("shell.toggle_theme")
        )
        foot.addWidget(url)
        foot.addStretch(1)
        for link in (language, theme):
            link.setProperty("flat", True)
            foot.addWidget(link)
        return foot
