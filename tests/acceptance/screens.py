"""Plays on a screen larger than the one that the run has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from tests.acceptance.operator import ROOT

TEMPLATES = "ONEMAP_TEST_TEMPLATES"
"""Names the folder of districts that a test on another screen finds there already."""


def holds(size: tuple[int, int]) -> bool:
    """Whether a window of *size* (pixels) fits the screen of this process."""
    screen = QGuiApplication.primaryScreen()
    return screen.geometry().width() * screen.devicePixelRatio() >= size[0]


def run_on_a_screen_of(size: tuple[int, int], test: str, templates: Path) -> None:
    """A test in a process of its own: a program keeps the screen and the scale that it began with."""
    screen = ["xvfb-run", "-a", "-s", f"-screen 0 {size[0]}x{size[1]}x24"]
    own = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_SCALE_FACTOR")}
    own[TEMPLATES] = str(templates)
    ended = subprocess.run([*screen, sys.executable, "-m", "pytest", "-sq", test], cwd=ROOT, env=own)
    assert ended.returncode == 0
