"""Where the running console hears of links that are opened elsewhere: a local socket of this user alone.

Whoever connects may say one line, a link to a view. It is read with ``read_link`` before anything
else happens, so that a line can do nothing but move the view and show layers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from console.door import ANSWERED, REFUSED, is_somebody_there, socket_path, tidy
from console.sdk.view_link import LONGEST, LinkError, read_link

log = logging.getLogger(__name__)
MOST = 8
"""Callers at a time."""
PATIENCE = 5000
"""Milliseconds that a caller may take to say its line."""


class Doorway(QObject):
    """Listens while the window is open; a second console leaves it to the first."""

    def __init__(self, on_link: Callable[[str], None], path: str, parent: QObject) -> None:
        """*on_link* gets the text of a link that has been checked."""
        super().__init__(parent)
        self._on_link, self._path = on_link, path
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(MOST)
        self._server.newConnection.connect(self._welcome)
        self._callers: set[QLocalSocket] = set()
        if not is_somebody_there(path):  # Qt would take the place of one that listens
            self._server.listen(path)
        if not self.listening:
            log.info("links opened elsewhere are not heard: %s", self._server.errorString())

    @property
    def listening(self) -> bool:
        return self._server.isListening()

    def close(self) -> None:
        """Hear nothing more."""
        self._server.close()
        tidy(self._path)
        for caller in tuple(self._callers):
            caller.abort()

    def _welcome(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            if len(self._callers) >= MOST:
                caller.abort()
                caller.deleteLater()
                continue
            self._callers.add(caller)
            caller.setReadBufferSize(LONGEST + 2)
            caller.readyRead.connect(lambda caller=caller: self._read(caller))
            caller.disconnected.connect(lambda caller=caller: self._leave(caller))
            QTimer.singleShot(PATIENCE, caller, caller.abort)
            self._read(caller)

    def _leave(self, caller: QLocalSocket) -> None:
        self._callers.discard(caller)
        caller.deleteLater()

    def _read(self, caller: QLocalSocket) -> None:
        if not caller.canReadLine():
            if caller.bytesAvailable() > LONGEST:
                self._answer(caller, REFUSED)
            return
        line = bytes(caller.readLine(LONGEST + 2).data())
        try:
            text = line.decode("utf-8").strip()
            read_link(text)
        except (UnicodeDecodeError, LinkError):
            self._answer(caller, REFUSED)
            return
        self._answer(caller, ANSWERED)
        self._on_link(text)

    def _answer(self, caller: QLocalSocket, answer: bytes) -> None:
        caller.readyRead.disconnect()
        caller.write(answer)
        caller.flush()
        caller.disconnectFromServer()


def open_doorway(on_link: Callable[[str], None], parent: QObject) -> Doorway | None:
    """As ``Doorway``; None where there can be no socket."""
    try:
        return Doorway(on_link, socket_path(), parent)
    except OSError as error:
        log.warning("links opened elsewhere are not heard: %s", error)
        return None
