"""The panel 可达范围 and its layer: what is reached in N minutes from a place, or by all on duty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSpinBox, QWidget

from console.sdk import OneMapError, Shape, ShapeStyle, Undo
from console.sdk.records import LonLat, Means
from console.sdk.ui import EmptyState, Page, button, row
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.words import MEANS
from plugins.dispatch.model import Reach

PANEL = "onemap.dispatch.reach"
_MARK = ShapeStyle(stroke="map.selection", width=3.0, casing="map.symbol_outline")
_BANDS = ("warning", "success")
"""Theme colours of the whole time and of half of it; the inner one is drawn above."""
_ALPHA = "38"
_MARK_METRES = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is asked for, and what has come of it."""

    minutes: int = 5
    where: LonLat | None = None
    """None: from all on duty."""
    means: Means | None = None
    """None: each by their own."""
    bands: tuple[Reach, ...] = ()
    """The whole time, then half of it."""
    problem: str = ""
    running: bool = False


class Reacher(QObject):
    """Asks for both bands and draws them."""

    changed = Signal()

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self.desk = desk
        self.shown = Shown()
        self._asking: Undo | None = None
        self._shapes = desk.ctx.map.add_shapes(PANEL)
        desk.ctx.on_theme(self._draw)

    def from_staff(self, minutes: int, means: Means | None) -> None:
        """What all who could go reach."""
        self._start(Shown(minutes=minutes, means=means, running=True))

    async def from_place(self, minutes: int, means: Means | None) -> None:
        """Let the user click a place, then show what is reached from there; Escape ends it."""
        where = await self.desk.ctx.map.pick_point(self.desk.ctx.tr("Click where to start; Esc cancels"))
        if where is not None:
            self._start(Shown(minutes=minutes, where=where, means=means or Means.FOOT, running=True))

    async def ask_place(self) -> None:
        """The command: the same with the minutes of the panel, which is shown, on foot."""
        self.desk.ctx.panels.show(PANEL)
        await self.from_place(self.shown.minutes, self.shown.means)

    def clear(self) -> None:
        """Take the picture away."""
        self._stop()
        self._show(Shown(minutes=self.shown.minutes))

    def _start(self, shown: Shown) -> None:
        self._stop()
        self._show(shown)
        self._asking = self.desk.ctx.tasks.start(self._ask(shown))

    def _stop(self) -> None:
        if self._asking:
            self._asking()
            self._asking = None

    async def _ask(self, shown: Shown) -> None:
        body: dict[str, Any] = {"where": shown.where, "means": shown.means}
        try:
            for minutes in (shown.minutes, shown.minutes / 2):
                answer = await self.desk.ctx.backend.post("/dispatch/reach", body | {"minutes": minutes})
                bands = (*self.shown.bands, msgspec.convert(answer, Reach))
                self._show(replace(self.shown, bands=bands))
        except OneMapError as error:
            self._show(replace(self.shown, problem=str(error)))
        self._show(replace(self.shown, running=False))

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        self._shapes.clear()
        for token, reach in zip(_BANDS, self.shown.bands, strict=False):
            color = self.desk.ctx.color(token)
            style = ShapeStyle(stroke=color, width=1.5, fill=color + _ALPHA)
            drawn = [
                Shape(kind="polygon", points=outer, holes=holes, style=style)
                for outer, *holes in reach.polygons
            ]
            if drawn:
                self._shapes.put(token, *drawn)
        if self.shown.where is not None:
            ring = Shape(kind="circle", points=(self.shown.where,), radius=_MARK_METRES, style=_MARK)
            self._shapes.put("start", ring)


class ReachPanel(Page):
    """Minutes, means, from where, and what the colours mean."""

    def __init__(self, reacher: Reacher) -> None:
        super().__init__()
        self._reacher = reacher
        self._tr = tr = reacher.desk.ctx.tr
        self._minutes = QSpinBox(minimum=1, maximum=60, value=reacher.shown.minutes, suffix=tr(" min"))
        self._minutes.setAccessibleName(tr("Reached within"))
        self._means = QComboBox()
        self._means.setAccessibleName(tr("Means"))
        self._means.addItem(tr("By their own means"), None)
        for means, title in MEANS.items():
            self._means.addItem(tr(title), means)
        self._place = button(tr("From a place"), self._from_place, "pin", primary=True)
        self._staff = button(tr("From all on duty"), self._from_staff, "users")
        self._said, self._rest = QLabel(wordWrap=True), QWidget()
        self._legend = [QLabel() for _ in _BANDS]
        self._empty = EmptyState(
            tr("How far does one come?"),
            tr("Choose a place on the map, or all who are on duty."),
            icon="extent",
        )
        self._lay_out()
        reacher.changed.connect(self._show)
        reacher.desk.ctx.on_theme(self._show)
        self._show()

    def _lay_out(self) -> None:
        tr, form = self._tr, QFormLayout()
        form.addRow(tr("Reached within"), self._minutes)
        form.addRow(tr("Means"), self._means)
        holder = QWidget()
        holder.setLayout(form)
        self.add(holder)
        self.add(row(self._place, self._staff))
        for line in (self._said, *self._legend):
            self.add(line)
        self.add(row(button(tr("Take away"), self._reacher.clear, "close"), None))
        self.add(self._empty, 1)
        self.add(self._rest, 1)
        self.setFocusProxy(self._minutes)

    def _asked(self) -> tuple[int, Means | None]:
        chosen = self._means.currentData()
        return self._minutes.value(), None if chosen is None else Means(chosen)

    def _from_place(self) -> None:
        self._reacher.desk.ctx.tasks.start(self._reacher.from_place(*self._asked()))

    def _from_staff(self) -> None:
        self._reacher.from_staff(*self._asked())

    def _show(self) -> None:
        shown, tr = self._reacher.shown, self._tr
        self._said.setText(self._text())
        self._said.setVisible(bool(self._said.text()))
        blank = not (shown.running or shown.bands or shown.problem)
        self._empty.setVisible(blank)
        self._rest.setVisible(not blank)  # keeps the lines together at the top
        for label, token, reach in zip(
            self._legend, _BANDS, (*shown.bands, *[None] * len(_BANDS)), strict=False
        ):
            label.setVisible(reach is not None)
            if reach is not None:
                color = self._reacher.desk.ctx.color(token)
                text = tr("within {n} min", n=f"{reach.minutes:g}")
                label.setText(f'<span style="color:{color}">■</span> {text}')

    def _text(self) -> str:
        shown, tr = self._reacher.shown, self._tr
        if shown.problem:
            return shown.problem
        if not shown.bands:
            return tr("Being worked out …") if shown.running else ""
        reach = shown.bands[0]
        if shown.where is None and not reach.starts:
            return tr("Nobody on duty has a position")
        if not reach.polygons:
            return tr("No road is near")
        if shown.where is None:
            return tr("From {n} people on duty, by road, with closures", n=reach.starts)
        return tr("{means}, by road, with closures", means=tr(MEANS[shown.means or Means.FOOT]))
