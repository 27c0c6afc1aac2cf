"""The tools of grid adjustment as buttons, and the chosen grid with its name."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from console.sdk.ui import Page, Section, button, row
from plugins.grids.cover.cover import square_metres
from plugins.grids.desktop.adjust.desk import AdjustDesk
from plugins.grids.desktop.adjust.tools import Tools

COLUMNS = 3


class Toolbox(Page):
    """Every tool works on the chosen grid, or asks for one."""

    def __init__(self, desk: AdjustDesk, tools: Tools) -> None:
        super().__init__()
        self._desk, tr = desk, desk.ctx.tr
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # a Page has a layout
        self._buttons: dict[str, QPushButton] = {}
        self.add(self._make_tools(tools))
        self.setFocusProxy(self._buttons["move_border"])
        self._subject = QLabel(wordWrap=True)
        self._subject.setObjectName("muted")
        self._name = QLineEdit(maxLength=64)
        self._name.setAccessibleName(tr("Name of the grid"))
        self._name.setPlaceholderText(tr("Name of the grid"))
        self._name.editingFinished.connect(lambda: desk.rename(self._name.text()))
        self.add(Section(tr("Chosen grid")))
        self.add(self._name)
        self.add(self._subject)
        desk.changed.connect(self._show)
        self._show()

    def _make_tools(self, tools: Tools) -> QGridLayout:
        tr = self._desk.ctx.tr
        shown = [
            ("move_border", tr("Border"), "edit", tr("Drag vertices of a border; neighbours follow")),
            ("split", tr("Split"), "minus", tr("Divide a grid along a line")),
            ("merge", tr("Merge"), "plus", tr("Join a neighbour to the grid")),
            ("give", tr("Give"), "export", tr("Give a piece of the grid to a neighbour")),
            ("carve", tr("New grid"), "grid", tr("Draw a new grid within the chosen one")),
        ]
        layout = QGridLayout()
        layout.setSpacing(6)
        for at, (name, title, icon, hint) in enumerate(shown):
            act = tools.acts[name]
            made = button(title, lambda act=act: self._desk.ctx.tasks.start(act()), icon, tooltip=hint)
            self._buttons[name] = made
            layout.addWidget(made, at // COLUMNS, at % COLUMNS)
        self._undo = button("", self._desk.undo, "undo", tooltip=tr("Undo (Ctrl+Z)"))
        self._redo = button("", self._desk.redo, "redo", tooltip=tr("Redo (Ctrl+Y)"))
        steps = QWidget()
        line = row(self._undo, self._redo)
        line.setContentsMargins(0, 0, 0, 0)
        steps.setLayout(line)
        layout.addWidget(steps, 1, 2)
        return layout

    def _show(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        steps, now = desk.steps, desk.now
        self._undo.setEnabled(steps is not None and steps.can_undo)
        self._redo.setEnabled(steps is not None and steps.can_redo)
        grid = now.grids.get(desk.chosen) if now is not None else None
        ready = now is not None and (grid is None or desk.is_mine(desk.chosen))
        for each in self._buttons.values():
            each.setEnabled(ready)
        self._name.setEnabled(grid is not None and ready)
        if grid is None:
            self._name.clear()
            wait = tr("The grids are being read") if not desk.fault else desk.fault
            self._subject.setText(
                tr("Click a grid on the map, or choose one in the tree.") if ready else wait
            )
            return
        if not self._name.hasFocus():
            self._name.setText(grid.name)
        size = f"{square_metres(grid.shape) / 1e6:,.3f} km²"
        theirs = "" if ready else " · " + tr("This grid lies in none of your areas")
        self._subject.setText(f"{grid.code} · {size}{theirs}")
