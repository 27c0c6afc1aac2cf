"""The panel 剖切与对比: models are cut, pressed flat, compared, and seen from under the ground."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QLabel, QStackedWidget

from console.sdk import Context
from console.sdk.ui import EmptyState, Page, button, row, scrolling
from plugins.scene.desktop.compare_part import ComparePart
from plugins.scene.desktop.comparison import Comparison
from plugins.scene.desktop.cut_part import CutPart
from plugins.scene.desktop.flat_part import FlatPart
from plugins.scene.desktop.shape_desk import ShapeDesk
from plugins.scene.desktop.shape_picks import ShapePicks

UNDO = QKeySequence.StandardKey.Undo


class ShapePanel(Page):
    """Ctrl+Z takes the last step back, Escape the cut."""

    def __init__(self, ctx: Context, desk: ShapeDesk, picks: ShapePicks, comparison: Comparison) -> None:
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._undo = button("", desk.undo, "undo", tooltip=tr("Undo (Ctrl+Z)"))
        self._underground = QCheckBox(tr("Under the ground (U in 3D)"))
        self._underground.setToolTip(tr("The ground is see-through, and the eye may go below it"))
        self._underground.clicked.connect(desk.shape.set_underground)
        self._parts = (CutPart(ctx, desk, picks), FlatPart(ctx, desk, picks), ComparePart(ctx, comparison))
        body = Page(row(self._underground, None, self._undo), *self._parts, stretch=True)
        body.layout().setContentsMargins(0, 0, 4, 0)  # type: ignore[union-attr]  # a Page has a layout
        empty = EmptyState(
            tr("No model opened yet"),
            tr("Open a model: then parts of it are cut away, pressed flat, or compared with another date."),
            (tr("Open a model"), lambda: ctx.commands.run("onemap.scene.open_folder")),
            "cube",
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(scrolling(body))
        self._told = QLabel(wordWrap=True)
        super().__init__()
        self.add(self._stack, 1)
        self.add(self._told)
        self._escape = self._shortcut(QKeySequence(Qt.Key.Key_Escape), desk.uncut)
        self._shortcut(QKeySequence(UNDO), desk.undo)
        for field in body.findChildren(QAbstractSpinBox):
            field.installEventFilter(self)
        desk.changed.connect(self._show)
        comparison.changed.connect(self._show)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fields have nothing of their own to take back: Ctrl+Z in them is the panel's."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.matches(UNDO):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _shortcut(self, keys: QKeySequence, act: object) -> QShortcut:
        made = QShortcut(keys, self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(act)
        return made

    def _show(self) -> None:
        """As it is, whoever changed it."""
        shape = self._desk.shape
        some = bool(self._ctx.scene.models) or shape.cut is not None or bool(shape.flat)
        self._stack.setCurrentIndex(1 if some or shape.swipe is not None else 0)
        for part in self._parts:
            part.refresh()
        self._underground.setChecked(shape.underground)
        self._undo.setEnabled(self._desk.can_undo)
        self._escape.setEnabled(shape.cut is not None)
        self._told.setText(self._desk.told)
        self._told.setVisible(bool(self._desk.told))
