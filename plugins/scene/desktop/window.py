"""The panel of the 3D view: a strip of switches above it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.ui import Toolbar, icon
from plugins.scene.desktop.measures import CLEAR, Measures
from plugins.scene.desktop.note_line import NoteLine
from plugins.scene.desktop.sun_line import SunLine


class WindowPanel(QWidget):
    """The window lives and ends with it."""

    def __init__(self, ctx: Context, measures: Measures) -> None:
        super().__init__()
        self._ctx = ctx
        self._window = ctx.scene.open_window()
        self._link = QToolButton()
        self._link.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._link.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._link.setCheckable(True)
        self._link.clicked.connect(lambda: ctx.scene.link(not ctx.scene.linked))
        tools = Toolbar(self._link)
        tools.add("cube", ctx.tr("3D models"), lambda: ctx.panels.show("onemap.scene.models"))
        run, note, sun = ctx.commands.run, NoteLine(ctx, measures), SunLine(ctx)
        tools.add("measure", ctx.tr("Measure a line"), lambda: run("onemap.scene.measure_line"))
        tools.add("area", ctx.tr("Measure an area"), lambda: run("onemap.scene.measure_area"))
        tools.add("edit", ctx.tr("Write a note"), lambda: ctx.tasks.start(note.begin()))
        tools.add("trash", ctx.tr("Take measurements and notes away"), lambda: run(CLEAR))
        tools.add("columns", ctx.tr("Cut and compare"), lambda: ctx.panels.show("onemap.scene.shape"))
        tools.add("chart", ctx.tr("Profile and volume"), lambda: ctx.panels.show("onemap.scene.survey"))
        tools.add("export", ctx.tr("Save the 3D view"), lambda: ctx.panels.show("onemap.scene.pictures"))
        tools.add("sun", ctx.tr("Day and time of the sun"), sun.toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(tools)
        layout.addWidget(note)
        layout.addWidget(sun)
        layout.addWidget(self._window.widget, 1)
        self.setFocusProxy(self._window.widget)
        undo = ctx.scene.on_view_changed(self._show)
        self.destroyed.connect(undo)
        self._show()

    def _show(self) -> None:
        """The link as it is."""
        tr, linked = self._ctx.tr, self._ctx.scene.linked
        if self._link.isChecked() == linked and self._link.text():
            return
        self._link.setChecked(linked)
        self._link.setText(tr("Linked") if linked else tr("Free"))
        self._link.setIcon(icon("link" if linked else "unlink"))
        self._link.setToolTip(
            tr("Moves together with the map; press to let it stay where it is")
            if linked
            else tr("Stays where it is; press to let it move together with the map")
        )
