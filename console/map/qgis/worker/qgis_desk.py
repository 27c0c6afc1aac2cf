# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes requests from the thread that reads them to the main thread, and answers each in any case."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from typing import Any

from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis_picture import Pictures
from qgis_project import Project, Refused
from qgis_toolbox import Toolbox

Request = dict[str, Any]


class Desk(QObject):
    """``send(kind, **values)`` answers."""

    came = pyqtSignal(object)

    def __init__(self, send: Callable[..., None]) -> None:
        super().__init__()
        self._send = send
        self._project = Project()
        self._pictures = Pictures(self._project, send)
        self._toolbox = Toolbox(self._project, send)
        self._acts = {
            "Ping": lambda request: self._send("Pong", request=request["request"]),
            "Open": self._open,
            "Add": self._add,
            "Render": self._pictures.render,
            "Identify": self._identify,
            "ListAlgorithms": self._list_algorithms,
            "Run": self._toolbox.run,
            "Cancel": lambda request: self._pictures.cancel(request["request"]),
        }
        self.came.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def hand_in(self, request: Request) -> None:
        """Called on the thread that reads: a computation is told at once that it is to end."""
        if request["type"] == "Cancel":
            self._toolbox.cancel(request.get("request"))
        self.came.emit(request)

    def _answer(self, request: Request) -> None:
        act = self._acts.get(request["type"])
        try:
            if act is None:
                raise Refused("failed", "no such request: " + request["type"])
            act(request)
        except Refused as refusal:
            self._fail(request, refusal.code, refusal.detail)
        except Exception as error:  # a fault in one request is no reason to lose the project
            traceback.print_exc()
            self._fail(request, "failed", repr(error))

    def _fail(self, request: Request, code: str, detail: str) -> None:
        self._send("Failed", request=request.get("request", 0), code=code, detail=detail[:2000])

    def _open(self, request: Request) -> None:
        if self._toolbox.busy:
            raise Refused("busy", "")
        self._pictures.stop()
        self._project.open(request["path"], [(item[0], item[1]) for item in request["added"]])
        self._tell_project(request)

    def _add(self, request: Request) -> None:
        added = self._project.add(request["path"], request["title"])
        self._tell_project(request, added)

    def _tell_project(self, request: Request, added: Sequence[str] = ()) -> None:
        self._send("ProjectIs", request=request["request"], added=list(added), **self._project.described())

    def _identify(self, request: Request) -> None:
        found = self._project.identify(request["x"], request["y"], request["reach"], request["layers"])
        self._send("Found", request=request["request"], features=found)

    def _list_algorithms(self, request: Request) -> None:
        self._send("Algorithms", request=request["request"], algorithms=self._toolbox.described())
