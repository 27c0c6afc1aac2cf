"""The part of the panel 剖面与填挖方 that says to which base cut and fill are counted."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.scene_survey import SceneVolume
from console.sdk.ui import Chips, Section
from console.sdk.ui.choices import Number
from plugins.scene.desktop.survey import SurveyTools

EDGE, LEVEL = "edge", "level"
LOWEST, HIGHEST = -1_000.0, 10_000.0
"""Metres above the ellipsoid."""
PAUSE = 300
"""Milliseconds after the last step of the height."""


class BasePart(QWidget):
    """Another base gives another volume at once."""

    def __init__(self, ctx: Context, tools: SurveyTools) -> None:
        super().__init__()
        self._tools = tools
        tr = ctx.tr
        options = [(EDGE, tr("Plane along the edge")), (LEVEL, tr("Level"))]
        self._kind = Chips(options, self._on_kind, EDGE)
        title = tr("Height of the base")
        self._height = Number(title, self._on_height, least=LOWEST, most=HIGHEST, digits=2, suffix=" m")
        self._height.setToolTip(tr("Above the ellipsoid"))
        self._wait = QTimer(self, singleShot=True, interval=PAUSE)
        self._wait.timeout.connect(self._ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Section(tr("Base surface")))
        layout.addWidget(self._kind)
        layout.addWidget(self._height)

    def refresh(self, found: SceneVolume) -> None:
        """As it was counted."""
        base = self._tools.base
        self._kind.select(EDGE if base is None else LEVEL)
        self._height.setEnabled(base is not None)
        if not self._wait.isActive():
            self._height.show_value(sum(found.base) / 2 if base is None else base)

    def _on_kind(self, kind: str) -> None:
        self._height.setEnabled(kind == LEVEL)
        self._ask()
        if kind == LEVEL:
            self._height.setFocus()

    def _on_height(self, _height: float) -> None:
        self._wait.start()

    def _ask(self) -> None:
        self._wait.stop()
        self._tools.rebase(self._height.value() if self._kind.value == LEVEL else None)
