"""The list of models: shown or hidden, how they are doing, what could not be read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QStackedWidget

from console.sdk import Context
from console.sdk.scene import ModelState, SceneFault, SceneModel
from console.sdk.ui import EmptyState, Page, Toolbar, button, row
from plugins.scene.desktop.model_list import ModelList

MOST_LINES = 12
"""Of faults shown."""


class ModelPanel(Page):
    """Enter goes to a model, Space shows or hides it, Del takes it out."""

    def __init__(self, ctx: Context, models: ModelList) -> None:
        self._ctx, self._models = ctx, models
        tr = ctx.tr
        self._list = _Lines(self._go, self._remove)
        self._list.itemChanged.connect(self._on_check)
        self._list.currentRowChanged.connect(self._show_faults)
        self._faults = QLabel(wordWrap=True)
        self._faults.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._faults.hide()
        self._address = QLineEdit(placeholderText=tr("Address of a tileset (https://…/tileset.json)"))
        self._address.returnPressed.connect(self._open_address)
        tools = Toolbar()
        tools.add("plus", tr("Open a folder: 3D Tiles or OSGB"), models.ask_folder)
        tools.add("upload", tr("Open tileset.json, .3tz or .zip"), models.ask_file)
        tools.add("locate", tr("Go there (Enter)"), self._go)
        tools.add("trash", tr("Take out of the scene (Del)"), self._remove)
        empty = EmptyState(
            tr("No model opened yet"),
            tr("Open an oblique model of your own: 3D Tiles, or OSGB as ContextCapture writes it."),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self._list)
        super().__init__(tools, row(self._address, button(tr("Open"), self._open_address)))
        self.add(self._stack, 1)
        self.add(self._faults)
        self.destroyed.connect(ctx.scene.on_models(self._fill))
        self._fill()

    def _fill(self) -> None:
        models = self._models.models
        self._stack.setCurrentIndex(1 if models else 0)
        at = max(self._list.currentRow(), 0)
        self._list.blockSignals(True)
        self._list.clear()
        for model in models:
            self._list.addItem(self._line(model))
        self._list.setCurrentRow(min(at, len(models) - 1))
        self._list.blockSignals(False)
        self._show_faults()

    def _line(self, model: SceneModel) -> QListWidgetItem:
        name = model.title.get(self._ctx.language)
        item = QListWidgetItem(f"{name}\n{self._state(model)}")
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if model.visible else Qt.CheckState.Unchecked)
        item.setToolTip(self._models.source(model))
        return item

    def _state(self, model: SceneModel) -> str:
        tr = self._ctx.tr
        match model.state:
            case ModelState.REFUSED:
                return tr("Cannot be opened")
            case ModelState.WAITING:
                return tr("Opening…") if self._ctx.scene.is_open else tr("Opened when 3D is shown")
        if model.center is None:
            return tr("Has no place on the Earth")
        if model.fault_count:
            return tr("Shown; {count} files could not be read", count=model.fault_count)
        return tr("Shown")

    def _show_faults(self, _row: int = -1) -> None:
        model = self._current()
        lines = [] if model is None else [_fault_line(self._ctx, each) for each in model.faults[:MOST_LINES]]
        self._faults.setText("\n".join(lines))
        self._faults.setVisible(bool(lines))

    def _current(self) -> SceneModel | None:
        models, at = self._models.models, self._list.currentRow()
        return models[at] if 0 <= at < len(models) else None

    def _on_check(self, item: QListWidgetItem) -> None:
        model = self._models.models[self._list.row(item)]
        self._models.show(model, item.checkState() == Qt.CheckState.Checked)

    def _go(self) -> None:
        if (model := self._current()) is not None:
            self._models.go(model)

    def _remove(self) -> None:
        if (model := self._current()) is not None:
            self._models.remove(model)

    def _open_address(self) -> None:
        self._models.open(self._address.text())
        self._address.clear()


class _Lines(QListWidget):
    def __init__(self, go: Callable[[], None], remove: Callable[[], None]) -> None:
        super().__init__()
        self._go, self._remove = go, remove
        self.doubleClicked.connect(self._on_double)

    def _on_double(self, _index: QModelIndex) -> None:
        self._go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        elif event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)


def _fault_line(ctx: Context, fault: SceneFault) -> str:
    what, message = fault.what, fault.message.get(ctx.language)
    return f"{what}: {message}" if what else message
