"""The named streets of the present road layer, with the grid that each piece lies in."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt
import shapely

from console.sdk.server import ServerContext

ROAD = "road"


class Streets:
    """Read once a version of the road layer."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._version = ""
        self._lines: npt.NDArray[np.object_] = np.empty(0, object)
        self._names: list[str] = []
        self._areas: list[str] = []

    def within(self, area: str) -> tuple[list[str], npt.NDArray[np.object_]]:
        """Names and lines (degrees) of the pieces whose middle lies in *area*."""
        with self._lock:
            self._refresh()
            rows = [at for at, code in enumerate(self._areas) if code.startswith(area)]
            return [self._names[at] for at in rows], self._lines[rows]

    def _refresh(self) -> None:
        version = self._server.layers.version(ROAD)
        if version == self._version:
            return
        package = self._server.layers.load(ROAD)
        self._version, self._names, self._lines = version, [], np.empty(0, object)
        if package is None or not len(package):
            self._areas = []
            return
        starts = package.part_start[package.feature_start]
        of_vertex = np.repeat(np.arange(len(package)), np.diff(starts))
        lines: npt.NDArray[np.object_] = np.asarray(
            shapely.linestrings(package.degrees, indices=of_vertex), object
        )
        names = [package.text("name", at) for at in range(len(package))]
        named = [at for at, name in enumerate(names) if name]
        self._names, self._lines = [names[at] for at in named], lines[named]
        middle = shapely.get_coordinates(shapely.line_interpolate_point(self._lines, 0.5, normalized=True))
        self._areas = self._server.layers.areas_at(middle)
