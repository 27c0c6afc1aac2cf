"""Files that the user drops onto the map."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from console.map.listeners import Listeners


class FileDrops(QObject):
    """Takes local files dropped on views, as long as somebody listens to ``dropped``."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.dropped: Listeners[[list[str]]] = Listeners()
        self.watch(view)

    def watch(self, view: QWidget) -> None:
        """Take what is dropped on a further view, too."""
        view.setAcceptDrops(True)
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See Qt. A drag that is not taken shows the user at once that it would be in vain."""
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            return False
        assert isinstance(event, QDropEvent)
        paths = _files_in(event.mimeData())
        if not paths or not self.dropped:
            event.ignore()
            return True
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.dropped.fire(paths)
        return True


def _files_in(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
