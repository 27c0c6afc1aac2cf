"""Uses the phone page as a person would, in QtWebEngine: ``url device secret picture`` by stdin.

Prints each state of the first order with what the page shows of it.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

NEXT = {
    "sent": "read",
    "delivered": "read",
    "read": "accept",
    "accepted": "start",
    "under_way": "arrive",
    "arrived": "done",
}
LOOK = """(() => {
  if (!document.getElementById("signin").hidden && !window.tried) {
    window.tried = true;
    document.getElementById("device").value = %s;
    document.getElementById("secret").value = %s;
    document.getElementById("enter").click();
    return "";
  }
  const box = document.querySelector("article");
  return box ? box.dataset.state + "|" + box.innerText : document.getElementById("orders").innerText;
})()"""
PRESS = """(() => {
  const button = document.querySelector("button[name=%s]");
  if (button) button.click();
  const note = document.querySelector("textarea[name=note]");
  if (note) { note.value = "现场已处置"; note.form.requestSubmit(); }
})()"""


class Person:
    """Looks four times a second and presses what comes next, until no order is left."""

    def __init__(self, url: str, device: str, secret: str, picture: str) -> None:
        self._look_script = LOOK % (json.dumps(device), json.dumps(secret))
        self._picture = picture
        self._seen: list[str] = []
        self._view = QWebEngineView()
        self._view.resize(400, 800)
        self._view.show()
        self._timer = QTimer(interval=250)
        self._timer.timeout.connect(self._look)
        self._view.loadFinished.connect(lambda _ok: self._timer.start())
        self._view.load(QUrl(url))

    def _look(self) -> None:
        self._view.page().runJavaScript(self._look_script, self._heard)

    def _heard(self, text: str | None) -> None:
        state, bar, _ = (text or "").partition("|")
        if bar and (not self._seen or self._seen[-1] != state):
            self._seen.append(state)
            print((text or "").replace("\n", " "), flush=True)
            if state == "under_way":
                self._view.grab().save(self._picture)
        if state in NEXT:
            self._view.page().runJavaScript(PRESS % NEXT[state])
        elif text and not bar and len(self._seen) > 3:
            QApplication.quit()


if __name__ == "__main__":
    app = QApplication(["phone"])
    person = Person(*sys.stdin.readline().split())
    QTimer.singleShot(45_000, app.quit)
    app.exec()
