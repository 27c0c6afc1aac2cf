"""The staff on the map: symbols by state, arrows of who moves, and SOS above everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from console.sdk import PointStyle, Sprite, SpriteShape, Text
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.ghosts import MOVING
from plugins.staff.desktop.remarks import remarked, remarks
from plugins.staff.desktop.states import DOUBTFUL_SPRITE, SPRITE_OF, SPRITES, STALE_SPRITE, TITLES, State
from plugins.staff.desktop.words import age_text

CLUSTER_BELOW = 15.0
LABELS_FROM = 16.0
ARROWS_FROM = 15.5
FADED = 0.55
PULSE = 0.25
"""Seconds between two sizes of the SOS ring."""

RINGS = tuple(Sprite(shape=SpriteShape.RING, fill="staff.sos", size=size) for size in (26, 34, 42, 34))
SOS_STYLE = PointStyle(sprites=(SPRITES[SPRITE_OF[State.SOS]], *RINGS), interpolate=True, priority=100)
STAFF_STYLE = PointStyle(
    sprites=SPRITES,
    cluster=True,
    cluster_below=CLUSTER_BELOW,
    interpolate=True,
    labels_from=LABELS_FROM,
    priority=30,
)
ARROW = Sprite(
    shape=SpriteShape.ARROW, fill="staff.on_duty", size=25, title=Text("行进方向", "Moves this way")
)
ARROW_STYLE = PointStyle(
    sprites=(ARROW,),
    interpolate=True,
    min_zoom=ARROWS_FROM,
    priority=29,
)

REMARK_STYLE = PointStyle(
    sprites=(
        Sprite(
            shape=SpriteShape.RING,
            fill="warning",
            size=24,
            title=Text("位置有备注", "Position with a remark"),
        ),
    ),
    interpolate=True,
    min_zoom=CLUSTER_BELOW,
    priority=28,
)


class StaffLayer:
    """Writes the desk's roster into the point layers after each join."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        ctx = desk.ctx
        self._arrows = ctx.map.add_points("onemap.staff.headings", ARROW_STYLE)
        self._remarks = ctx.map.add_points("onemap.staff.remarks", REMARK_STYLE)
        self.points = ctx.map.add_points("onemap.staff.positions", STAFF_STYLE)
        self._sos = ctx.map.add_points("onemap.staff.sos", SOS_STYLE)
        self._rows: npt.NDArray[Any] = np.zeros(0, np.int64)
        self._sos_rows: npt.NDArray[Any] = np.zeros(0, np.int64)
        self._labels: list[str] = []
        self._pulse = 0
        self.points.on_click(lambda at: self._select(self._rows[at]))
        self.points.on_hover(lambda at: self._tooltip(int(self._rows[at])))
        self._sos.on_click(lambda at: self._select(self._sos_rows[at % len(self._sos_rows)]))
        desk.joined.connect(self.draw)
        desk.filtered.connect(self.draw)
        desk.selected_changed.connect(self._mark_selected)
        ctx.tasks.every(PULSE, self._beat)

    def draw(self) -> None:
        """Replace all points."""
        roster = self._desk.roster
        rows = np.flatnonzero(self._desk.shown(with_view=False) & roster.placed)
        doubtful = roster.doubtful[rows]
        stale = roster.stale[rows]
        faded = doubtful | stale | (roster.state[rows] == State.SILENT)
        sprite = np.where(stale, STALE_SPRITE, SPRITE_OF[roster.state[rows]])
        self._rows = rows
        self.points.set_points(
            roster.lon[rows],
            roster.lat[rows],
            sprite=np.where(doubtful, DOUBTFUL_SPRITE, sprite).astype(np.uint8),
            opacity=np.where(faded, FADED, 1.0),
            accuracy=roster.accuracy[rows],
            keys=roster.handle[rows].astype(np.uint32),
        )
        self._label()
        self._draw_arrows(rows)
        self._draw_remarks(rows)
        self._draw_sos()
        self._mark_selected()

    def follow(self, staff_id: str | None) -> None:
        """Keep a person in the middle of the view; None ends it."""
        row = self._desk.row(staff_id)
        self._desk.ctx.map.follow(self.points, None if row is None else int(self._desk.roster.handle[row]))

    def _label(self) -> None:
        records = self._desk.roster.records
        labels = [records[row].name for row in self._rows.tolist()]
        for at in np.flatnonzero(remarked(self._desk)[self._rows]).tolist():
            labels[at] = self._with_remarks(labels[at], int(self._rows[at]))
        for at in np.flatnonzero(self._desk.roster.stale[self._rows]).tolist():
            labels[at] += f" · {self._age(int(self._rows[at]))}"
        if labels != self._labels:
            self._labels = labels
            self.points.set_labels(labels)

    def _with_remarks(self, text: str, row: int) -> str:
        return " · ".join([text, *remarks(self._desk, row, short=True)])

    def _draw_remarks(self, rows: npt.NDArray[Any]) -> None:
        """A ring around those of whom something must be said."""
        roster = self._desk.roster
        rows = rows[remarked(self._desk)[rows]]
        keys = roster.handle[rows].astype(np.uint32)
        self._remarks.set_points(roster.lon[rows], roster.lat[rows], keys=keys)

    def _draw_arrows(self, rows: npt.NDArray[Any]) -> None:
        roster = self._desk.roster
        alive = (roster.state[rows] == State.ON_DUTY) | (roster.state[rows] == State.ON_JOB)
        moving = (roster.speed[rows] >= MOVING) & np.isfinite(roster.heading[rows]) & ~roster.doubtful[rows]
        rows = rows[alive & moving]
        self._arrows.set_points(
            roster.lon[rows],
            roster.lat[rows],
            heading=roster.heading[rows],
            keys=roster.handle[rows].astype(np.uint32),
        )

    def _draw_sos(self) -> None:
        """Everybody who calls, whatever the filter says: a ring that pulses and a cross on it."""
        roster = self._desk.roster
        rows = np.flatnonzero((roster.state == State.SOS) & roster.placed)
        if not len(rows) and not len(self._sos_rows):
            return
        self._sos_rows = rows
        ring = np.full(len(rows), 1 + self._pulse % len(RINGS))
        keys = roster.handle[rows].astype(np.uint32)
        self._sos.set_points(
            np.tile(roster.lon[rows], 2),
            np.tile(roster.lat[rows], 2),
            sprite=np.concatenate([ring, np.zeros(len(rows), int)]).astype(np.uint8),
            keys=np.concatenate([keys, keys | np.uint32(1 << 31)]),
        )

    def _beat(self) -> None:
        if len(self._sos_rows):
            self._pulse += 1
            self._draw_sos()

    def _mark_selected(self) -> None:
        row = self._desk.row(self._desk.selected)
        at = np.searchsorted(self._rows, row) if row is not None else len(self._rows)
        self.points.select([int(at)] if at < len(self._rows) and self._rows[at] == row else [])

    def _select(self, row: Any) -> None:
        self._desk.select(self._desk.roster.records[int(row)].id)

    def _tooltip(self, row: int) -> str:
        roster, tr = self._desk.roster, self._desk.ctx.tr
        state = tr(TITLES[State(int(roster.state[row]))])
        if roster.doubtful[row]:
            state = tr("{state}, last reports are not credible", state=state)
        return self._with_remarks(f"{roster.records[row].name} · {state} · {self._age(row)}", row)

    def _age(self, row: int) -> str:
        """How old the place is."""
        return age_text(self._desk.now - float(self._desk.roster.good_time[row]), self._desk.ctx.tr)
