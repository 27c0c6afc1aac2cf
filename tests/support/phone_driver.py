"""Uses the phone page as a person would, in QtWebEngine.

By stdin one JSON object: ``url, device, secret, picture`` (path), ``downloads`` (folder), ``note``,
``plan`` (state of the order: what is pressed in it, in turn; ``sos`` and ``file`` beside the
names of the page's buttons; ``steps`` waits for the steps of the way, ``walk`` goes to ``place``, which is
[longitude, latitude]). Prints each state of the first order with what the page shows of it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEngineDownloadRequest, QWebEngineScript
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

LOOK = """(() => {
  if (!document.getElementById("signin").hidden && !window.tried) {
    window.tried = true;
    document.getElementById("device").value = %s;
    document.getElementById("secret").value = %s;
    document.getElementById("enter").click();
  }
  const box = document.querySelector("article"), sos = document.getElementById("sos").textContent;
  const left = Object.keys(localStorage).filter(key => key.startsWith("outbox-"));
  const waits = left.some(key => localStorage[key] !== "[]");
  const next = document.querySelector(".next"), list = [...document.querySelectorAll(".steps li")];
  const lines = next ? [next.innerText, ...list.map(each => each.className + " " + each.innerText)] : [];
  const state = box ? box.dataset.state : "", text = box ? box.innerText : "";
  return JSON.stringify({ waits, steps: lines.join(" | "), state, text, sos });
})()"""
PRESS = """(() => {
  const button = document.querySelector("button[name=%s]");
  if (button) button.click();
  const note = document.querySelector("textarea[name=note]");
  if (note) { note.value = %s; note.form.requestSubmit(); }
})()"""
SOS = 'document.getElementById("sos").click()'
HERE = """(() => {
  navigator.geolocation.watchPosition = found => { window.walk = found; };
})()"""
WALK = """(() => {
  const [longitude, latitude] = %s;
  window.walk({ coords: { longitude, latitude, accuracy: 5, speed: null, heading: null } });
})()"""
FILE = (
    '[...document.querySelectorAll("article > button")].find(each => each.innerText.includes("📎")).click()'
)


class Person:
    """Looks four times a second and presses what comes next, until no order is left and all was sent."""

    def __init__(self, task: dict[str, Any]) -> None:
        self._task, self._seen = task, list[str]()
        self._plan = {state: list(acts) for state, acts in task["plan"].items()}
        self._look_script = LOOK % (json.dumps(task["device"]), json.dumps(task["secret"]))
        self._sos, self._kept, self._steps = "", 0, ""
        self._view = QWebEngineView()
        self._view.resize(400, 1000)
        self._view.show()
        self._view.page().scripts().insert(_before_the_page(HERE))
        self._view.page().profile().downloadRequested.connect(self._keep)
        self._timer = QTimer(interval=250)
        self._timer.timeout.connect(self._look)
        self._view.loadFinished.connect(lambda _ok: self._timer.start())
        self._view.load(QUrl(task["url"]))

    def _look(self) -> None:
        self._view.page().runJavaScript(self._look_script, self._heard)

    def _heard(self, answer: str | None) -> None:
        seen = json.loads(answer or "{}")
        state = seen.get("state", "")
        if state and (not self._seen or self._seen[-1] != state):
            self._seen.append(state)
            print(state, seen["text"].replace("\n", " "), flush=True)
        if state:
            self._press(state, seen)
        elif seen and self._seen and not seen["waits"]:
            QApplication.quit()

    def _press(self, state: str, seen: dict[str, Any]) -> None:
        """The first thing of the plan for *state*; one that changes the state until it has."""
        acts = self._plan.get(state, [])
        if not acts:
            return
        if acts[0] in ("steps", "walk"):
            self._follow_steps(seen["steps"], acts)
        elif acts[0] == "file":
            if not self._kept:
                self._kept = 1
                self._run(FILE)
            elif self._kept == 2:
                acts.pop(0)
        elif acts[0] == "sos":
            self._call_for_help(seen["sos"], acts)
        else:
            self._view.grab().save(self._task["picture"])
            self._run(PRESS % (acts[0], json.dumps(self._task["note"])))

    def _follow_steps(self, steps: str, acts: list[str]) -> None:
        """Print the steps once they differ from those printed before; ``walk`` moves first."""
        if acts[0] == "walk":
            self._run(WALK % json.dumps(self._task["place"]))
        if steps and steps != self._steps:
            self._steps = steps
            print(acts.pop(0), steps, flush=True)

    def _call_for_help(self, sos: str, acts: list[str]) -> None:
        """Twice, as the page asks; what it says then is printed."""
        if not self._sos:
            self._sos = sos
            self._run(SOS)
        elif sos != self._sos and not self._sos.endswith("!"):
            self._sos = sos + "!"
            print("sos", sos, flush=True)
            self._run(SOS)
        elif self._sos.endswith("!") and sos != self._sos[:-1]:
            print("sos", sos, flush=True)
            acts.pop(0)

    def _keep(self, download: QWebEngineDownloadRequest) -> None:
        download.setDownloadDirectory(self._task["downloads"])
        download.isFinishedChanged.connect(self._on_kept)
        download.accept()

    def _on_kept(self) -> None:
        self._kept = 2

    def _run(self, script: str) -> None:
        self._view.page().runJavaScript(script)


def _before_the_page(source: str) -> QWebEngineScript:
    """*source* as a script that runs before those of the page."""
    script = QWebEngineScript()
    script.setSourceCode(source)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
    return script


if __name__ == "__main__":
    app = QApplication(["phone"])
    person = Person(json.loads(sys.stdin.readline()))
    QTimer.singleShot(80_000, app.quit)
    app.exec()
