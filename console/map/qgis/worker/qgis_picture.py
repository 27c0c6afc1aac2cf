# SPDX-License-Identifier: GPL-2.0-or-later
"""Drawing: QGIS draws on threads of its own, the picture goes into memory shared with the console."""

from __future__ import annotations

import ctypes
import mmap
import os
import time
from collections.abc import Callable
from typing import Any

from qgis.core import (
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage
from qgis_project import Project, Refused

LARGEST = 12_000
"""Pixels on a side."""


class Pictures:
    """One job at a time: a new one breaks the one before off."""

    def __init__(self, project: Project, send: Callable[..., None]) -> None:
        self._project = project
        self._send = send
        self._job: QgsMapRendererParallelJob | None = None
        self._request = 0

    def render(self, request: dict[str, Any]) -> None:
        """Draw layers (ids, topmost first) of an extent; answers ``Rendered``."""
        self.stop()
        width, height = int(request["width"]), int(request["height"])
        if not (0 < width <= LARGEST and 0 < height <= LARGEST):
            raise Refused("failed", f"a picture of {width} x {height}")
        layers = self._project.layers(request["layers"])
        if not layers:
            raise Refused("closed", "")
        job = QgsMapRendererParallelJob(self._settings(request, layers, width, height))
        began = time.monotonic()
        job.finished.connect(lambda: self._finish(job, request, began))
        self._job, self._request = job, request["request"]
        job.start()

    def cancel(self, number: int) -> None:
        """Break a job off without waiting for it."""
        if self._job is not None and number == self._request:
            self._end(self._job.cancelWithoutBlocking)

    def stop(self) -> None:
        """Break off what is being drawn and wait for the end of it."""
        if self._job is not None:
            self._end(self._job.cancel)

    def _end(self, cancel: Callable[[], None]) -> None:
        self._send("Failed", request=self._request, code="cancelled", detail="")
        self._job = None  # its own connection keeps it until it has ended
        cancel()

    def _settings(
        self, request: dict[str, Any], layers: list[Any], width: int, height: int
    ) -> QgsMapSettings:
        project = self._project.qgis
        settings = QgsMapSettings()
        settings.setLayers(layers)
        settings.setDestinationCrs(self._project.mercator)
        settings.setExtent(QgsRectangle(*request["extent"]))
        settings.setOutputSize(QSize(width, height))
        settings.setOutputDpi(float(request["dpi"]))
        settings.setOutputImageFormat(QImage.Format.Format_ARGB32_Premultiplied)
        settings.setBackgroundColor(QColor(0, 0, 0, 0))
        settings.setTransformContext(project.transformContext())
        settings.setPathResolver(project.pathResolver())
        settings.setEllipsoid(project.ellipsoid())
        settings.setLabelingEngineSettings(project.labelingEngineSettings())
        scopes, context = QgsExpressionContextUtils, QgsExpressionContext()
        context.appendScope(scopes.globalScope())
        context.appendScope(scopes.projectScope(project))
        context.appendScope(scopes.mapSettingsScope(settings))
        settings.setExpressionContext(context)
        return settings

    def _finish(self, job: QgsMapRendererParallelJob, request: dict[str, Any], began: float) -> None:
        job.finished.disconnect()  # with that the last picture of this job goes
        job.deleteLater()
        if job is not self._job:
            return  # broken off, and told so
        self._job = None
        try:
            put(job.renderedImage(), request["memory"], int(request["bytes"]))
        except (OSError, ValueError) as error:
            self._send("Failed", request=request["request"], code="failed", detail=str(error))
            return
        faults = [error.message for error in job.errors()][:10]
        milliseconds = round((time.monotonic() - began) * 1e3, 1)
        self._send("Rendered", request=request["request"], milliseconds=milliseconds, faults=faults)


def put(image: QImage, path: str, size: int) -> None:
    """Copy the pixels to the beginning of a file of *size* bytes; raises ValueError if they don't fit,
    FileNotFoundError when it has gone: *path* ends with which one is meant (``console/shared_memory.py``)."""
    count = image.bytesPerLine() * image.height()
    if count > size:
        raise ValueError(f"a picture of {count} bytes for {size}")
    name, _, meant = path.rpartition("#")
    handle = os.open(name, os.O_RDWR)
    try:
        about = os.fstat(handle)
        if f"{about.st_dev}-{about.st_ino}" != meant:
            raise FileNotFoundError(path)
        memory = mmap.mmap(handle, size)
    finally:
        os.close(handle)
    target = ctypes.c_char.from_buffer(memory)
    ctypes.memmove(ctypes.addressof(target), int(image.constBits()), count)
    del target
    memory.close()
