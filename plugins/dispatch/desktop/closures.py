"""Closures: tools to draw them, the reason, those in force."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QLineEdit, QWidget

from console.sdk import OneMapError
from console.sdk.records import Closure, ClosureShape, Means
from console.sdk.ui import Chips, Column, EmptyState, Page, RecordTable, button, row
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.drawing import RIGHT
from plugins.dispatch.desktop.words import MEANS, SHAPES, Tr

REASONS = (
    "Traffic accident",
    "Fire",
    "Gas leak",
    "Road collapse",
    "Flooded road",
    "Unsafe building",
    "Road works",
    "Event with crowds",
)
BEGINS = ((0, "now"), (1800, "in 30 minutes"), (3600, "in an hour"), (21_600, "in 6 hours"))
LENGTHS = (
    (0, "until opened"),
    (1800, "for 30 minutes"),
    (7200, "for 2 hours"),
    (21_600, "for 6 hours"),
    (86_400, "for a day"),
    (604_800, "for a week"),
)
"""Seconds and their titles."""


class Closures(Page):
    """Follows the live closures; the form appears when something was drawn."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._form = self._make_form()
        self._tools = [self._tool(shape) for shape in ClosureShape]
        columns = [
            Column(tr("Reason"), lambda closure: closure.reason or tr("no reason given"), least=76),
            Column(tr("Drawn as"), lambda closure: tr(SHAPES[closure.shape]), 44),
            Column(tr("By"), lambda closure: closure.by, 60),
            Column(tr("Time span"), self._span, 128, color=self._tone),
        ]
        self._past: list[Closure] = []
        self._ended = QCheckBox(tr("Show ended ones"))
        self._ended.toggled.connect(lambda on: self._ask_past() if on else self.refresh())
        hint = tr("Draw one: the list of who could go follows.")
        empty = EmptyState(tr("No road is closed"), hint, icon="closure")
        self._table = RecordTable(
            columns, key=lambda closure: closure.id, empty=empty, name="onemap.dispatch.closures"
        )
        self._table.on_activate(lambda _: self._show())
        self._open = button(tr("Open the road"), self._on_open, "check")
        self._show_it = button(tr("Show"), self._show, "locate")
        edit = "onemap.dispatch.edit_closure"
        tip = tr("Change its shape on the map")
        self._edit = button(tr("Edit the shape"), lambda: desk.ctx.commands.run(edit), "edit", tooltip=tip)
        self.add(row(*self._tools, None))
        self.add(self._form)
        self.add(self._table, 1)
        self.add(row(self._show_it, self._edit, self._open, None, self._ended))
        self._table.on_select(lambda _: self._on_chosen())
        desk.closures_changed.connect(self.refresh)
        desk.connection_changed.connect(self.refresh)
        self.refresh()
        if desk.chosen_closure:  # on the map, while this list was not there
            self.choose(desk.chosen_closure)

    def refresh(self) -> None:
        """Show the closures in force."""
        for tool in self._tools:
            tool.setVisible(self._desk.ctx.backend.allowed(RIGHT))
        past = self._past if self._ended.isChecked() else []
        self._table.set_rows([*sorted(self._desk.closures.all(), key=lambda each: -each.since), *past])
        self._show_acts()

    def _ask_past(self) -> None:
        self._desk.ctx.tasks.start(self._fetch_past())

    async def _fetch_past(self) -> None:
        try:
            rows = await self._desk.ctx.backend.get("/dispatch/closures/history")
        except OneMapError as error:
            self._desk.ctx.notify(self._desk.ctx.tr("The history cannot be shown"), detail=str(error))
        else:
            self._past = msgspec.convert(rows, list[Closure])
            self.refresh()

    def _span(self, closure: Closure) -> str:
        """From when to when, and by whom it ended."""
        tr = self._desk.ctx.tr
        if closure.ended_at is not None:
            by = closure.ended_by or tr("time over")
            return f"{_clock(closure.since)} – {_clock(closure.ended_at)} {by}"
        until = _clock(closure.until) if closure.until else tr("until opened")
        planned = f" · {tr('planned')}" if closure.since > self._desk.now else ""
        return f"{_clock(closure.since)} – {until}{planned}"

    def _tone(self, closure: Closure) -> str:
        if closure.ended_at is not None:
            return "text.muted"
        return "info" if closure.since > self._desk.now else ""

    def _make_form(self) -> QWidget:
        tr = self._desk.ctx.tr
        form = Page()
        self._reason = QLineEdit(placeholderText=tr("Reason, e.g. accident"), maxLength=200)
        self._reason.setAccessibleName(tr("Reason of the closure"))
        self._reason.returnPressed.connect(self._send)
        options = [(means.value, tr(title)) for means, title in MEANS.items()]
        self._means = Chips(options, lambda _: None, selected=list(Means), multiple=True)
        self._reason.setCompleter(QCompleter([tr(reason) for reason in REASONS], self._reason))
        self._begin, self._length = _choice(tr("Begins"), BEGINS, tr), _choice(tr("Lasts"), LENGTHS, tr)
        close = button(tr("Close the road"), self._send, "closure", primary=True, tooltip=tr("Enter"))
        discard = button(tr("Discard"), self._discard, "close", tooltip=tr("Esc"))
        leave = QShortcut(QKeySequence("Esc"), form)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._discard)
        form.add(row(self._reason, discard, close))
        form.add(row(self._begin, self._length, None))
        form.add(self._means)
        form.hide()
        return form

    def _tool(self, shape: ClosureShape) -> QWidget:
        desk, title = self._desk, self._desk.ctx.tr(SHAPES[shape])
        command = f"onemap.dispatch.close_{shape}"
        return button(
            title, lambda: desk.ctx.commands.run(command), "closure", tooltip=_tool_tip(desk, shape)
        )

    def ask_reason(self) -> None:
        """Show the form for what was drawn."""
        self._form.show()
        self._reason.setFocus()

    def _send(self) -> None:
        if self._desk.drawn is None:
            return
        shape, points = self._desk.drawn
        reason = self._reason.text().strip()
        body: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "shape": shape.value,
            "points": [list(point) for point in points],
            "reason": reason,
            "means": sorted(self._means.value) or list(Means),
        }
        begins = self._desk.now + self._begin.currentData() if self._begin.currentData() else None
        if self._length.currentData():
            body["until"] = (begins or self._desk.now) + self._length.currentData()
        body["since"] = begins
        title = self._desk.ctx.tr("Close the road: {reason}", reason=reason or "–")
        self._desk.submit(title, "POST", "/dispatch/closures", body)
        self._discard()

    def _discard(self) -> None:
        self._desk.drawn = None
        self._desk.closure_settled.emit()
        self._reason.clear()
        for box in (self._begin, self._length):
            box.setCurrentIndex(0)
        self._form.hide()

    def choose(self, closure_id: str) -> None:
        """Select one in the list."""
        self._table.select_key(closure_id)

    def _on_chosen(self) -> None:
        closure: Closure | None = self._table.selected
        self._desk.chosen_closure = closure.id if closure is not None else ""
        self._show_acts()

    def _show_acts(self) -> None:
        closure: Closure | None = self._table.selected
        self._show_it.setVisible(closure is not None)
        holds = closure is not None and closure.ended_at is None
        for act in (self._edit, self._open):
            act.setVisible(holds and self._desk.ctx.backend.allowed(RIGHT))

    def _show(self) -> None:
        closure: Closure | None = self._table.selected
        if closure is not None:
            self._desk.ctx.map.center_on(*closure.points[len(closure.points) // 2])

    def _on_open(self) -> None:
        closure: Closure | None = self._table.selected
        if closure is not None:
            self._desk.open_road(closure)


def _tool_tip(desk: DispatchDesk, shape: ClosureShape) -> str:
    tr = desk.ctx.tr
    return {
        ClosureShape.POINT: tr("Close the road at one point"),
        ClosureShape.LINE: tr("Close the roads along a line"),
        ClosureShape.POLYGON: tr("Close all roads in an area"),
    }[shape]


def _choice(name: str, options: Sequence[tuple[int, str]], tr: Tr) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for seconds, title in options:
        box.addItem(f"{name} {tr(title)}", seconds)
    return box


def _clock(at: float) -> str:
    """The time, with the date when it is of another day."""
    moment = datetime.fromtimestamp(at)
    return f"{moment:%H:%M}" if moment.date() == datetime.now().date() else f"{moment:%m-%d %H:%M}"
