"""What the plan does, grid by grid, and what is wrong with it; a click shows the place."""

from __future__ import annotations

from console.sdk.ui import Column, EmptyState, RecordTable
from plugins.grids.cover.check import Finding, same_ground
from plugins.grids.cover.cover import UNIT, Grid, square_metres
from plugins.grids.cover.words import FAULTS
from plugins.grids.desktop.adjust.desk import AdjustDesk, Work

NEAR = 17.0
"""Zoom level at which a fault is seen."""


class Works(RecordTable):
    """One line a grid that is changed."""

    def __init__(self, desk: AdjustDesk) -> None:
        self._desk, tr = desk, desk.ctx.tr
        columns = [
            Column(tr("Grid"), lambda work: desk.name(work.code), least=100),
            Column(tr("Change"), self._what, 104, color=self._tone),
            Column("km²", self._sizes, 132, "right"),
        ]
        empty = EmptyState(tr("Nothing is changed yet"), tr("Choose a grid and a tool."), icon="grid")
        super().__init__(columns, key=lambda work: work.code, empty=empty, name="onemap.grids.works")
        self.on_select(self._choose)
        desk.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.set_rows(self._desk.works())

    def _what(self, work: Work) -> str:
        tr = self._desk.ctx.tr
        if work.after is None:
            return tr("joined to {name}", name=self._desk.name(work.heir))
        if work.before is None:
            return tr("new")
        return tr("name") if same_ground(work.before.shape, work.after.shape) else tr("ground")

    def _tone(self, work: Work) -> str:
        if work.after is None:
            return "error"
        return "success" if work.before is None else ""

    def _sizes(self, work: Work) -> str:
        before, after = _km2(work.before), _km2(work.after)
        return after if before == after else f"{before} → {after}"

    def _choose(self, code: str | None) -> None:
        grid = next((w.after or w.before for w in self._desk.works() if w.code == code), None)
        if grid is not None:
            self._desk.ctx.map.fit(_bounds(grid), 0.3)
            if self._desk.now is not None and grid.code in self._desk.now:
                self._desk.choose(grid.code)


class Findings(RecordTable):
    """One line a fault."""

    def __init__(self, desk: AdjustDesk) -> None:
        self._desk, tr = desk, desk.ctx.tr
        columns = [
            Column(tr("What is wrong"), self._text, color=lambda _: "error", least=150),
            Column(tr("Grids"), self._grids, 120),
        ]
        empty = EmptyState(
            tr("Nothing is wrong"), tr("Grids cover the ground without gap or overlap."), icon="check"
        )
        super().__init__(columns, key=_key, empty=empty, name="onemap.grids.findings")
        self.on_select(self._show_place)
        self.on_activate(self._show_place)
        desk.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.set_rows(self._desk.findings)

    def _text(self, finding: Finding) -> str:
        return FAULTS[finding.fault].get(self._desk.ctx.language)

    def _grids(self, finding: Finding) -> str:
        return "、".join(self._desk.name(code) for code in finding.codes)

    def _show_place(self, key: str | None) -> None:
        finding = next((each for each in self._desk.findings if _key(each) == key), None)
        if finding is not None:
            facet = self._desk.ctx.map
            facet.center_on(*finding.degrees, max(NEAR, facet.zoom()))


def _key(finding: Finding) -> str:
    return f"{finding.fault}:{finding.where}:{','.join(finding.codes)}"


def _km2(grid: Grid | None) -> str:
    return f"{square_metres(grid.shape) / 1e6:,.3f}" if grid is not None else "–"


def _bounds(grid: Grid) -> tuple[float, float, float, float]:
    west, south, east, north = (value / UNIT for value in grid.shape.bounds)
    return west, south, east, north
