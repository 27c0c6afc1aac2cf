"""The buttons over a scene: compass, slant, on foot, nearer, farther, home."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from console.scene.hands import Navigator
from console.scene.view.compass import SIZE, Compass
from console.sdk.ui.theming import color, icon
from console.sdk.ui.words import word

BUTTON, EDGE, GAP = 40, 12, 4
"""Logical pixels: a button is large enough for a finger."""
_FLAT = 1.0
"""Degrees of tilt below which one looks straight down."""


class Steered(Protocol):
    """The view, as its furniture knows it."""

    navigator: Navigator

    def went(self) -> None:
        """The pose is another, or the navigator moves now."""
        ...


class Furniture(QFrame):
    """At the lower right of *view*, whose size it follows; ``follow`` is called with each change of pose."""

    def __init__(self, view: QWidget, steered: Steered) -> None:
        super().__init__(view)
        self._view, self._steered = view, steered
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        self.compass = Compass(self, self._take, self._turn)
        self.compass.clicked = lambda: self._go(self._navigator.north_up)
        layout.addWidget(self.compass)
        self.slant = self._button(layout, "", lambda: self._go(self._navigator.look_down))
        self.foot = self._button(layout, "walk", self._walk)
        self.foot.setCheckable(True)
        self.plus = self._button(layout, "plus", lambda: self._zoom(1.0))
        self.minus = self._button(layout, "minus", lambda: self._zoom(-1.0))
        self.home = self._button(layout, "extent", lambda: self._go(self._navigator.go_home))
        view.installEventFilter(self)
        self._tell()
        self._dress()
        self._place()
        self.follow()

    def follow(self) -> None:
        """Show how one looks now."""
        navigator = self._navigator
        self.compass.show_pose(navigator.pose)
        self.slant.setText("3D" if navigator.pose.tilt < _FLAT else "2D")
        self.foot.setChecked(navigator.walking)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._dress()

    def _dress(self) -> None:
        """Colours of the theme; a sheet that is set tells of a palette again, hence only another one."""
        plate = (
            f"background:{color('surface.raised')}; color:{color('text')};"
            f"border:1px solid {color('border')}; border-radius:6px;"
        )
        sheet = (
            f"Furniture {{ background: transparent; }} QToolButton {{ {plate} font-size:15px; }}"
            f"QToolButton:hover {{ background:{color('surface.hover')}; }}"
            f"QToolButton:checked {{ border-color:{color('accent')}; }}"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def _tell(self) -> None:
        """What each is for."""
        for widget, tip in (
            (self.compass, word("North up (N); drag: turn and tilt")),
            (self.slant, word("Straight down and back (V)")),
            (self.foot, word("On foot: W A S D, Shift: faster, drag: look about (G)")),
            (self.plus, word("Zoom in (+)")),
            (self.minus, word("Zoom out (-)")),
            (self.home, word("Home (Home)")),
        ):
            widget.setToolTip(tip)
            widget.setAccessibleName(tip)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    @property
    def _navigator(self) -> Navigator:
        return self._steered.navigator

    def _button(self, layout: QVBoxLayout, name: str, handler: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setFixedSize(BUTTON, BUTTON)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if name:
            button.setIcon(icon(name))
            button.setIconSize(QSize(20, 20))
        button.clicked.connect(handler)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button

    def _place(self) -> None:
        """Follow the size of the view; where that is too low, the compass gives way."""
        self.compass.setVisible(self._view.height() >= 5 * (BUTTON + GAP) + SIZE + 2 * EDGE)
        self.adjustSize()
        self.move(self._view.width() - EDGE - self.width(), self._view.height() - EDGE - self.height())

    def _go(self, verb: Callable[[float], None]) -> None:
        verb(time.monotonic())
        self._told()

    def _walk(self) -> None:
        navigator = self._navigator
        self._go(navigator.leave_walk if navigator.walking else navigator.walk)

    def _zoom(self, levels: float) -> None:
        world = self._navigator.world
        self._navigator.zoom(levels, world.width / 2, world.height / 2, time.monotonic())
        self._told()

    def _take(self) -> None:
        """A drag on the compass turns about the middle of the view."""
        world = self._navigator.world
        self._navigator.grab(world.width / 2, world.height / 2)

    def _turn(self, dx: float, dy: float) -> None:
        self._navigator.orbit(dx, dy)
        self._told()

    def _told(self) -> None:
        self._steered.went()
        self.follow()
