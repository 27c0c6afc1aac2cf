"""How the way of an order is told: its steps as a list; a click shows the place of one on the map."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QSizePolicy, QWidget

from console.sdk import OneMapError, Undo
from console.sdk.records import Order, Route
from console.sdk.ui import Page, button, icon, row
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.words import metres_text, span_text
from plugins.dispatch.model import Step

CLOSE_ZOOM = 17.0


class Directions(Page):
    """Steps of the order shown, folded away at a click; read anew when it goes another way."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        self._order_id = ""
        self._route: Route | None = None
        self._reading: Undo | None = None
        self._steps: tuple[Step, ...] = ()
        tr = desk.ctx.tr
        self._fold = QPushButton(tr("Directions"))
        self._fold.setCheckable(True)
        self._fold.setChecked(True)
        self._fold.setFlat(True)
        self._fold.setAccessibleName(tr("Directions"))
        self._fold.toggled.connect(self._show)
        self._copy = button(tr("Copy"), self.copy, "copy", tooltip=tr("Copy all steps"))
        self._problem = QLabel(wordWrap=True)
        self._problem.setObjectName("muted")
        self._list = StepList()
        self._list.itemClicked.connect(self._look)
        self._list.itemActivated.connect(self._look)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.add(row(self._fold, None, self._copy))
        self.add(self._problem)
        self.add(self._list)
        self._show()

    def show_order(self, order: Order) -> None:
        """The steps of *order*; what is there already stays while its way does."""
        if (order.id, order.route) == (self._order_id, self._route):
            return
        self._order_id, self._route = order.id, order.route
        self._take(())
        self._start()

    def again(self) -> None:
        """Ask once more if that failed before."""
        if self._problem.text():
            self._start()

    def copy(self) -> str:
        """Put all steps on the clipboard, a numbered line each; returns the text."""
        texts = [self._text(step) for step in self._steps]
        text = "\n".join(f"{number}. {line}" for number, line in enumerate(texts, 1))
        QGuiApplication.clipboard().setText(text)
        return text

    def hideEvent(self, event: QHideEvent) -> None:
        """See Qt."""
        self._desk.step_shown.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See Qt."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _start(self) -> None:
        if self._reading:
            self._reading()
        self._reading = self._desk.ctx.tasks.start(self._read(self._order_id)) if self._route else None

    async def _read(self, order_id: str) -> None:
        try:
            answer = await self._desk.ctx.backend.get(f"/dispatch/orders/{order_id}/steps")
        except OneMapError as error:
            self._problem.setText(str(error))
            self._show()
        else:
            self._take(msgspec.convert(answer, tuple[Step, ...]))

    def _take(self, steps: Sequence[Step]) -> None:
        self._steps = tuple(steps)
        self._problem.setText("")
        self._desk.step_shown.emit(None)
        self._list.set_lines([self._text(step) for step in steps])
        self._show()

    def _text(self, step: Step) -> str:
        return step.zh if self._desk.ctx.language.startswith("zh") else step.en

    def _show(self) -> None:
        """The heading with length and time; the rest unless it is folded."""
        tr, route, open_ = self._desk.ctx.tr, self._route, self._fold.isChecked()
        self.setVisible(route is not None)
        self._fold.setIcon(icon("chevron-down" if open_ else "chevron-right"))
        if route is not None:
            length = f"{metres_text(route.metres, tr)} · {span_text(route.seconds, tr)}"
            self._fold.setText(f"{tr('Directions')} · {length}")
        self._list.setVisible(open_ and bool(self._steps))
        self._copy.setVisible(open_ and bool(self._steps))
        self._problem.setVisible(open_ and bool(self._problem.text()))

    def _look(self, item: QListWidgetItem) -> None:
        where = self._steps[self._list.row(item)].where
        self._desk.step_shown.emit(where)
        self._desk.ctx.map.center_on(*where, max(self._desk.ctx.map.zoom(), CLOSE_ZOOM))


class StepList(QListWidget):
    """As high as its lines, which are wrapped: the panel around it scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_lines(self, texts: Sequence[str]) -> None:
        """Show *texts*, numbered."""
        self.clear()
        self.addItems([f"{number}. {text}" for number, text in enumerate(texts, 1)])
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """See Qt."""
        lines = sum(self.sizeHintForRow(at) for at in range(self.count()))
        return QSize(super().sizeHint().width(), lines + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """See Qt."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See Qt."""
        super().resizeEvent(event)
        self.updateGeometry()
