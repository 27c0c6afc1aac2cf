"""The QApplication: scale of the screen, font, names."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from console.paths import config_dir
from console.sdk.ui import theming

_LARGE = 3600
"""Pixels of width from which a screen without a scale of its own is drawn at double size."""


def make_application(scale: str) -> QApplication:
    """*scale* is ``auto`` or a percentage, see ``own_settings``; an existing application is reused."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    if "QT_SCALE_FACTOR" not in os.environ:
        os.environ["QT_SCALE_FACTOR"] = f"{_screen_scale() if scale == 'auto' else int(scale) / 100:g}"
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(config_dir()))
    app = QApplication(sys.argv[:1])
    app.setApplicationName("onemap")
    app.setOrganizationName("onemap")
    app.setWindowIcon(QIcon(str(theming.ICONS / "app.svg")))
    return app


def _screen_scale() -> float:
    """The factor must be set before the application is made, so a first one only looks (15 ms)."""
    probe = QGuiApplication(sys.argv[:1])
    screen = probe.primaryScreen()
    large = screen.devicePixelRatio() == 1.0 and screen.geometry().width() >= _LARGE
    probe.shutdown()
    return 2.0 if large else 1.0
