"""The cameras that see the event, on its card: the best three with reasons, and the way to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.sdk import MissingService, Undo
from console.sdk.records import LonLat
from console.sdk.ui import color
from plugins.dispatch.desktop.desk import DispatchDesk

MOST = 3
"""Cameras named on the card."""
SERVICE = "cameras"
_ALL = "all"
_CAMERA = "camera/"


class SeenBy(QWidget):
    """Asks the service ``cameras``; not there without that service."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        self._asked: LonLat | None = None
        self._work: Undo = lambda: None
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._text.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text.linkActivated.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text)
        desk.event_changed.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Ask about the event's place."""
        event, cameras = self._desk.event, self._service()
        self._work()
        if event is None or cameras is None:
            self._asked = None
            self.hide()
        else:
            if event.where != self._asked:
                self.hide()
            self._asked = event.where
            self._work = self._desk.ctx.tasks.start(self._ask(cameras, event.where))

    async def _ask(self, cameras: Any, where: LonLat) -> None:
        self._show(await cameras.seeing(where, MOST))

    def _show(self, found: Sequence[Any]) -> None:
        tr, muted = self._desk.ctx.tr, color("text.muted")
        title = tr("Seen by") if found else tr("No camera is known to see this")
        more = _link(_ALL, tr("more…"))
        lines = [f'<span style="color:{muted}">{escape(title)}</span>&nbsp; {more}']
        lines += [
            f"{_link(_CAMERA + each.camera, each.name)}&nbsp; "
            f'<span style="color:{muted}">{escape(each.reason)}</span>'
            for each in found
        ]
        self._text.setText("<br>".join(lines))
        self.show()

    def _follow(self, link: str) -> None:
        cameras = self._service()
        if cameras is None or self._asked is None:
            return
        if link == _ALL:
            cameras.show(self._asked)
        else:
            cameras.jump(link.removeprefix(_CAMERA))

    def _service(self) -> Any | None:
        try:
            return self._desk.ctx.services.get(SERVICE)
        except MissingService:
            return None


def _link(target: str, text: str) -> str:
    return f'<a href="{escape(target, quote=True)}" style="color:{color("accent.text")}">{escape(text)}</a>'
