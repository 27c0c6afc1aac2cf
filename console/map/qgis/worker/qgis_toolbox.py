# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS Processing: which algorithms there are, and running one of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
)
from qgis_project import Project, Refused

PLUGINS = "python/plugins"
"""Below QGIS's data: where Processing is."""
LAYERS = ("outputVector", "outputRaster", "outputMapLayer", "outputMultilayer")
"""Outputs that are put on the map."""
SUFFIXES = {"sink": ".gpkg", "vectorDestination": ".gpkg", "rasterDestination": ".tif"}
NOT_SHOWN = QgsProcessingAlgorithm.FlagHideFromToolbox | QgsProcessingAlgorithm.FlagDeprecated
"""Old ones, and those that make sense as a part of a model only."""
ENDLESS = 1e300
"""QGIS says so for a number without limit."""
EVERY = 0.1
"""Seconds between two messages of progress."""


class Toolbox:
    """One algorithm runs at a time."""

    def __init__(self, project: Project, send: Callable[..., None]) -> None:
        self._project = project
        self._send = send
        self._run: Run | None = None

    @property
    def busy(self) -> bool:
        return self._run is not None

    def described(self) -> list[dict[str, Any]]:
        """All algorithms of QGIS's own toolbox with their parameters."""
        return [_algorithm(a) for a in self._registry().algorithms() if not a.flags() & NOT_SHOWN]

    def run(self, request: dict[str, Any]) -> None:
        """Run one; answers ``Progress`` and at last ``Ran`` or ``Failed``."""
        if self._run is not None:
            raise Refused("busy", "")
        algorithm = self._registry().createAlgorithmById(str(request["algorithm"]))
        if algorithm is None:
            raise Refused("no_algorithm", request["algorithm"])
        Path(request["folder"]).mkdir(parents=True, exist_ok=True)
        self._run = Run(algorithm, request, self._project, self._send, self._over)
        self._run.start()

    def cancel(self, number: Any) -> None:
        """Usable on any thread."""
        run = self._run
        if run is not None and run.number == number:
            run.feedback.cancel()

    def _over(self) -> None:
        self._run = None

    def _registry(self) -> Any:
        """Processing is loaded at first use: it takes a second."""
        registry = QgsApplication.processingRegistry()
        if registry.providerById("native") is None or "processing" not in sys.modules:
            folder = str(Path(QgsApplication.pkgDataPath(), PLUGINS))
            if folder not in sys.path:
                sys.path.append(folder)
            from processing.core.Processing import Processing

            Processing.initialize()
        return registry


class Run:
    """One algorithm from its parameters to its results; what it needs must outlive its thread."""

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        request: dict[str, Any],
        project: Project,
        send: Callable[..., None],
        over: Callable[[], None],
    ) -> None:
        self.number = request["request"]
        self.feedback = QgsProcessingFeedback()
        self._algorithm = algorithm
        self._project = project
        self._send = send
        self._over = over
        self._told = 0.0
        self._context = QgsProcessingContext()
        self._context.setProject(project.qgis)
        self._context.setFeedback(self.feedback)
        self._values = self._complete(request)
        self._task = None
        self.feedback.progressChanged.connect(self._progress)

    def _complete(self, request: dict[str, Any]) -> dict[str, Any]:
        """The values with a file in the folder for each result that is not told where to go."""
        values = dict(request["values"])
        base = Path(request["folder"], self._algorithm.name().replace("/", "_"))
        for parameter in self._algorithm.destinationParameterDefinitions():
            if values.get(parameter.name()) or not parameter.createByDefault():
                continue
            suffix = SUFFIXES.get(parameter.type(), "")
            if parameter.type() == "fileDestination":
                suffix = "." + parameter.defaultFileExtension()
            values[parameter.name()] = unused(f"{base}-{parameter.name().lower()}", suffix)
        return values

    def start(self) -> None:
        """Raises Refused for values that do not fit."""
        fit, why = self._algorithm.checkParameterValues(self._values, self._context)
        if not fit:
            self._over()
            raise Refused("parameters", why)
        if self._algorithm.flags() & QgsProcessingAlgorithm.FlagNoThreading:
            results, good = self._algorithm.run(self._values, self._context, self.feedback)
            self._finish(good, results)
            return
        self._task = QgsProcessingAlgRunnerTask(self._algorithm, self._values, self._context, self.feedback)
        self._task.executed.connect(self._finish)
        QgsApplication.taskManager().addTask(self._task)

    def _progress(self, percent: float) -> None:
        now = time.monotonic()
        if now - self._told >= EVERY:
            self._told = now
            self._send("Progress", request=self.number, done=min(max(percent / 100.0, 0.0), 1.0))

    def _finish(self, good: bool, results: dict[str, Any]) -> None:
        self._over()
        log = self.feedback.textLog()[-4000:]
        if self.feedback.isCanceled():
            self._send("Failed", request=self.number, code="cancelled", detail="")
        elif not good:
            self._send("Failed", request=self.number, code="algorithm", detail=log[-1500:])
        else:
            layers, values = self._results(results)
            self._send("Ran", request=self.number, layers=layers, values=values, log=log)

    def _results(self, results: dict[str, Any]) -> tuple[list[list[str]], dict[str, str]]:
        """Files to put on the map with their titles, and all other results as texts."""
        layers: list[list[str]] = []
        values: dict[str, str] = {}
        title = self._algorithm.displayName()
        for output in self._algorithm.outputDefinitions():
            result = results.get(output.name())
            files = result if isinstance(result, list) else [result]
            if output.type() in LAYERS:
                kept = [path for path in files if isinstance(path, str) and Path(path).exists()]
                layers += [[path, f"{title}: {output.description()}"] for path in kept]
            elif result not in (None, ""):
                values[output.description()] = str(result)[:2000]
        return layers, values


def unused(base: str, suffix: str) -> str:
    """A path that is not taken yet."""
    number, path = 1, base + suffix
    while Path(path).exists():
        number += 1
        path = f"{base}-{number}{suffix}"
    return path


def _algorithm(algorithm: QgsProcessingAlgorithm) -> dict[str, Any]:
    parameters = [p for p in algorithm.parameterDefinitions() if not _hidden(p)]
    return {
        "id": algorithm.id(),
        "title": algorithm.displayName(),
        "group": algorithm.group(),
        "provider": algorithm.provider().name(),
        "help": (algorithm.shortDescription() or algorithm.shortHelpString() or "")[:600],
        "parameters": [_parameter(p) for p in parameters],
    }


def _hidden(parameter: QgsProcessingParameterDefinition) -> bool:
    return bool(parameter.flags() & QgsProcessingParameterDefinition.FlagHidden)


def _parameter(parameter: Any) -> dict[str, Any]:
    """A parameter with all that a form needs."""
    flags = parameter.flags()
    made = {
        "name": parameter.name(),
        "title": parameter.description(),
        "kind": parameter.type(),
        "optional": bool(flags & QgsProcessingParameterDefinition.FlagOptional),
        "advanced": bool(flags & QgsProcessingParameterDefinition.FlagAdvanced),
        "destination": parameter.isDestination(),
        "default": plain(parameter.defaultValue()),
        "options": list(parameter.options()) if hasattr(parameter, "options") else [],
        "several": _several(parameter),
        "layer": _layer_of(parameter),
    }
    if isinstance(parameter, QgsProcessingParameterNumber):
        least, most = parameter.minimum(), parameter.maximum()
        made["whole"] = parameter.dataType() == QgsProcessingParameterNumber.Integer
        made["least"] = least if least > -ENDLESS else None
        made["most"] = most if most < ENDLESS else None
    return made


def _several(parameter: Any) -> bool:
    """Whether a list of values may be given."""
    several = getattr(parameter, "allowMultiple", None)
    return parameter.type() == "multilayer" or bool(several and several())


def _layer_of(parameter: Any) -> str:
    """The parameter whose layer this one's fields or bands are of; empty for none."""
    parent = getattr(parameter, "parentLayerParameterName", None) or getattr(
        parameter, "parentParameterName", None
    )
    return (parent() if parent else "") or ""


def plain(value: Any) -> Any:
    """A default as JSON has it; None where there is none."""
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return None
