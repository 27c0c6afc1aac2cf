"""Account, password, a button and what went wrong in the user's words; page and strip lay them out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QLineEdit

from console.sdk.errors import BackendAway, NotSignedIn, OneMapError, Rejected
from console.sdk.ui import button
from console.shell.services import Services

SignIn = Callable[[str, str], Awaitable[object]]


class SignInForm(QObject):
    """*sign_in(username, password)* raises the errors of the SDK. The widgets are its attributes."""

    def __init__(self, services: Services, sign_in: SignIn, username: str, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._tr = services.language.tr
        self._sign_in = sign_in
        self.username = QLineEdit(username)
        self.username.setAccessibleName(self._tr("Account"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(self._tr("Password"))
        self.error = QLabel()
        self.error.setObjectName("errorText")
        self.error.setWordWrap(True)
        self.error.hide()
        self.submit = button(self._tr("Sign in"), self._start, primary=True)
        for field in (self.username, self.password):
            field.returnPressed.connect(self._start)
            field.textEdited.connect(lambda _text: self._say(""))

    def _start(self) -> None:
        name, secret = self.username.text().strip(), self.password.text()
        if not name or not secret:
            self._say(self._tr("Enter account and password."))
            (self.username if not name else self.password).setFocus()
        elif self.submit.isEnabled():
            self._services.tasks.start(self._try(name, secret))

    async def _try(self, name: str, secret: str) -> None:
        self._say("")
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
