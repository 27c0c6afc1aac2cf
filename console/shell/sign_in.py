"""Sign-in as a page of the window: who, password, what went wrong in the user's words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.sdk.errors import BackendAway, NotSignedIn, OneMapError, Rejected
from console.sdk.ui import IconLabel, button, color
from console.shell.services import Services

SignIn = Callable[[str, str], Awaitable[object]]


class SignInPage(QWidget):
    """*sign_in(username, password)* raises the errors of the SDK; *work_offline* shows the cached map."""

    def __init__(self, services: Services, sign_in: SignIn, work_offline: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("signIn")
        self._services = services
        self._tr = services.language.tr
        self._sign_in = sign_in
        self.username = QLineEdit(services.layout.data.get("username", ""))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.error = QLabel()
        self.error.setObjectName("errorText")
        self.error.setWordWrap(True)
        self.error.hide()
        self.submit = button(self._tr("Sign in"), self._start, primary=True)
        self.offline = button(self._tr("Show the saved map without signing in"), work_offline)
        self.offline.setProperty("flat", True)
        for field in (self.username, self.password):
            field.returnPressed.connect(self._start)
            field.textEdited.connect(lambda _text: self._say(""))
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(self._card(), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        outer.addLayout(self._foot())
        self.setFocusProxy(self.password if self.username.text() else self.username)

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
            field.setAccessibleName(self._tr(words))
            layout.addWidget(label)
            layout.addWidget(field)
        layout.addWidget(self.error)
        layout.addSpacing(10)
        layout.addWidget(self.submit)
        layout.addWidget(self.offline)
        return card

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

    def _start(self) -> None:
        name, secret = self.username.text().strip(), self.password.text()
        if not name or not secret:
            self._say(self._tr("Enter account and password."))
            (self.username if not name else self.password).setFocus()
        elif self.submit.isEnabled():
            self._services.tasks.start(self._try(name, secret))

    async def _try(self, name: str, secret: str) -> None:
        self._busy(True)
        try:
            await self._sign_in(name, secret)
        except OneMapError as error:
            self._say(self._words(error))
        else:
            self.password.clear()
            self._services.layout.data["username"] = name
        finally:
            self._busy(False)

    def _words(self, error: OneMapError) -> str:
        if isinstance(error, BackendAway):
            return self._tr("The backend cannot be reached. Check the network; you can try again at once.")
        if isinstance(error, NotSignedIn):
            self.password.selectAll()
            self.password.setFocus()
            return self._tr("Account or password is wrong.")
        if isinstance(error, Rejected) and error.status == 429:
            return self._tr("Too many attempts. Wait a minute and try again.")
        return str(error)

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _busy(self, busy: bool) -> None:
        self.submit.setEnabled(not busy)
        self.submit.setText(self._tr("Signing in…") if busy else self._tr("Sign in"))
