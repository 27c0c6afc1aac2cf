"""The bar below: backend, waiting orders, tasks, plugin items, coordinates, user, area, clock."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from console.model.coordinates import Datum, from_wgs84
from console.sdk.context import Waiting
from console.sdk.ui import icon
from console.shell.connection import Link
from console.shell.services import Services

DATUMS = {
    Datum.WGS84: "WGS 84",
    Datum.CGCS2000: "CGCS2000",
    Datum.GCJ02: "GCJ-02",
    Datum.BD09: "BD-09",
}
_LINKS = {
    Link.SIGNED_OUT: ("Not signed in", "user", "text.muted"),
    Link.CONNECTING: ("Connecting…", "refresh", "info"),
    Link.STARTING: ("Starting the backend…", "refresh", "info"),
    Link.ONLINE: ("Online", "online", "success"),
    Link.AWAY: ("Cut off", "offline", "warning"),
    Link.EXPIRED: ("Sign in again", "user", "warning"),
}
SLOW = 1.0
"""Seconds there and back from which the line is called slow."""


class StatusBar(QFrame):
    """Built anew when the language changes; *server_time* is the backend's clock (s since 1970)."""

    def __init__(self, services: Services, server_time: Callable[[], float]) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self._services = services
        self._tr = services.language.tr
        self._server_time = server_time
        self._where: tuple[float, float] | None = None
        self._items: dict[str, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 10, 2)
        layout.setSpacing(4)
        self._link = self._button("online", lambda: self._run("shell.reconnect"))
        self._waiting = self._button("outbox", lambda: self._run("shell.outbox"))
        self._waiting.setObjectName("warningItem")
        self._refused = self._button("error", lambda: self._run("shell.outbox"))
        self._refused.setObjectName("errorItem")
        self._task = _TaskView(services)
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        self._place = self._button("", self._next_datum)
        self._place.setObjectName("mono")
        self._area = self._button("area", lambda: None)
        self._clock = QLabel()
        self._clock.setObjectName("mono")
        for widget in (self._link, self._waiting, self._refused):
            layout.addWidget(widget)
        layout.addLayout(self._left)
        layout.addWidget(self._task)
        layout.addStretch(1)
        layout.addLayout(self._right)
        for widget in (self._place, self._area, self._clock):
            layout.addWidget(widget)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._show_clock)
        self._tick.start()
        self._undo = [
            services.connection.on_change(self._show_connection),
            services.host.status.on_change(lambda _item: self._show_items()),
            services.host.settings.on_change("shell", "datum", lambda _value: self._show_place()),
        ]
        self._show_connection()
        self._show_items()
        self._show_clock()
        self._show_place()

    def close_bar(self) -> None:
        """Let go of what is listened to."""
        self._tick.stop()
        self._task.stop()
        for undo in self._undo:
            undo()

    def show_pointer(self, where: tuple[float, float] | None) -> None:
        """The place under the pointer, WGS84 degrees; None: it is not over the map."""
        self._where = where
        self._show_place()

    def _run(self, command_id: str) -> None:
        self._services.host.commands.run(command_id)

    def _button(self, icon_name: str, act: Callable[[], object]) -> QToolButton:
        made = QToolButton()
        if icon_name:
            made.setIcon(icon(icon_name, "text.muted"))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda: act())
        return made

    def _show_connection(self) -> None:
        state = self._services.connection
        words, icon_name, token = _LINKS[state.link]
        text = self._tr(words)
        if state.link is Link.ONLINE and state.latency is not None:
            if state.latency < SLOW:
                text = f"{text} {round(state.latency * 1000)} ms"
            else:
                text = self._tr("Slow network ({n} s)", n=round(state.latency))
                icon_name, token = "warning", "warning"
        self._link.setText(text)
        self._link.setIcon(icon(icon_name, token))
        self._link.setToolTip(self._tr("Backend: {url}", url=self._services.backend_url or "—"))
        _show_entries(self._waiting, self._tr("{n} waiting to be sent", n=len(state.unsent)), state.unsent)
        _show_entries(self._refused, self._tr("{n} refused", n=len(state.refused)), state.refused)
        self._area.setText(state.area_name(self._services.language.current) or self._tr("No area"))
        self._area.setToolTip(self._tr("The area you work in"))

    def _show_items(self) -> None:
        """Texts of plugins; an empty text hides the item."""
        entries = {entry.id: entry for entry in self._services.host.status.entries()}
        for gone in self._items.keys() - entries.keys():
            self._items.pop(gone).deleteLater()
        for entry in entries.values():
            made = self._items.get(entry.id)
            if made is None:
                run = (lambda command=entry.command: self._run(command)) if entry.command else (lambda: None)
                made = self._items[entry.id] = self._button("", run)
                (self._left if entry.side == "left" else self._right).addWidget(made)
            made.setText(entry.text)
            made.setToolTip(entry.tooltip or entry.title.get(self._services.language.current))
            made.setVisible(bool(entry.text))

    def _next_datum(self) -> None:
        """A click changes the datum of the coordinates to the next."""
        names = list(DATUMS)
        at = names.index(self._datum())
        self._services.host.settings.set("shell", "datum", str(names[(at + 1) % len(names)]))

    def _datum(self) -> Datum:
        return Datum(self._services.host.settings.get("shell", "datum"))

    def _show_place(self) -> None:
        datum = self._datum()
        text = "—"
        if self._where:
            lon, lat = from_wgs84(np.array(self._where[0]), np.array(self._where[1]), datum)
            text = f"{float(lon):.6f}, {float(lat):.6f}"
        self._place.setText(f"{DATUMS[datum]}  {text}")
        self._place.setToolTip(self._tr("Longitude, latitude under the pointer. Click to change the datum."))

    def _show_clock(self) -> None:
        now = time.localtime(self._server_time())
        self._clock.setText(time.strftime("%Y-%m-%d %H:%M:%S", now))


def _show_entries(item: QToolButton, text: str, entries: list[Waiting]) -> None:
    item.setVisible(bool(entries))
    item.setText(text)
    item.setToolTip("\n".join(": ".join(filter(None, (e.title, e.error))) for e in entries[:12]))


class _TaskView(QWidget):
    """The oldest running task with its share done and a cancel button; hidden when none runs."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._task_id = 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 0, 0)
        layout.setSpacing(6)
        self._text = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedWidth(120)
        self._cancel = QToolButton()
        self._cancel.setIcon(icon("close", "text.muted"))
        self._cancel.setToolTip(services.language.tr("Cancel"))
        self._cancel.setAccessibleName(services.language.tr("Cancel"))
        self._cancel.clicked.connect(lambda: services.progress.cancel(self._task_id))
        for part in (self._text, self._bar, self._cancel):
            layout.addWidget(part)
        # A download reports thousands of times: the bar follows ten times a second.
        self._soon = QTimer(self, singleShot=True, interval=100)
        self._soon.timeout.connect(self._show)
        self._undo = services.progress.on_change(self._changed)
        self._show()

    def stop(self) -> None:
        """Listen no more."""
        self._soon.stop()
        self._undo()

    def _changed(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _show(self) -> None:
        running = self._services.progress.running()
        self.setVisible(bool(running))
        if not running:
            return
        first = running[0]
        self._task_id = first.id
        more = f" +{len(running) - 1}" if len(running) > 1 else ""
        words = " · ".join(part for part in (first.title, first.text) if part)
        self._text.setText(words + more)
        self._bar.setValue(round(first.done * 1000))
