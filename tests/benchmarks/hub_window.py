"""One console with a window among the many of ``hub.py``: how old is a position when its pixel is painted?

The real way of data: feed, inbox, store, a layer of points that glide, the map at
1080p painted by the CPU. Reads the ticket from standard input, says ``ready``,
prints ages in seconds as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import msgspec
import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from console.client.api import Api
from console.client.feed import LiveFeed
from console.client.inbox import Inbox
from console.client.session import Session
from console.map.views.view import MapView
from console.model.records import Ticket
from console.sdk.symbols import PointStyle, Sprite, SpriteShape
from console.shell.entrance import PUMP
from console.store.live import LiveStore
from console.tasks.io_thread import IoThread

SETTLE = 4.0
STYLE = PointStyle(sprites=[Sprite(shape=SpriteShape.CIRCLE, fill="#3ecf8e")], interpolate=True)


class Watched(MapView):
    """A map that notes how old each new fix is when the frame with it has been painted."""

    def __init__(self) -> None:
        super().__init__(workers=1)
        self.waiting: list[np.ndarray] = []
        """Times (s since 1970) of fixes that the layer has and no frame yet."""
        self.ages: list[np.ndarray] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        now, waiting, self.waiting = time.time(), self.waiting, []
        self.ages += [now - times for times in waiting]


def watch(url: str, seconds: float) -> None:
    """Show the district for *seconds* after it has settled; *url* is the backend's."""
    application = QApplication([])
    view, store, inbox, io = Watched(), LiveStore(), Inbox(), IoThread()
    view.resize(1920, 1080)
    view.facet.center_on(117.2, 34.2, 17)
    view.show()
    points = view.facet.add_points("bench.staff", STYLE)
    shown = np.zeros(0)

    def draw() -> None:
        nonlocal shown
        columns = store.positions.columns()
        points.set_points(columns.lon, columns.lat, keys=columns.handle.astype(np.int64))
        before = np.zeros(len(columns.time))
        before[: len(shown)] = shown
        view.waiting.append(columns.time[columns.time > before])
        shown = columns.time.copy()

    def pump() -> None:
        batch = inbox.drain()
        if batch is not None:
            store.apply(batch)

    store.positions.on_change(draw)
    session = Session(Api(url))
    session.adopt(msgspec.json.decode(sys.stdin.readline(), type=Ticket))
    io.submit(LiveFeed(url, session, inbox).run())
    timer = QTimer(interval=round(PUMP * 1000))
    timer.timeout.connect(pump)
    timer.start()
    QTimer.singleShot(round(SETTLE * 1000), lambda: (view.ages.clear(), print("ready", flush=True)))
    QTimer.singleShot(round((SETTLE + seconds) * 1000), application.quit)
    application.exec()
    io.close()
    view.close()
    ages = np.concatenate(view.ages) if view.ages else np.zeros(0)
    p99 = float(np.percentile(ages, 99)) if len(ages) else float("nan")
    print(json.dumps({"fixes": len(ages), "p99": p99}), flush=True)
