"""Patrol plans and their reports as the console knows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import OneMapError, Severity, Shape, ShapeStyle
from console.sdk.records import LonLat
from plugins.staff.desktop.desk import Desk

LAYER = "onemap.staff.patrols"
_WAY = ShapeStyle(stroke="accent.text", width=4, casing="map.symbol_outline", dash=(3, 2), arrows=True)
_REACHED, _OPEN = (ShapeStyle(stroke=token, width=3) for token in ("success", "warning"))
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PatrolsDesk(QObject):
    """Reads when a panel asks; changes go through the outbox."""

    plans_changed = Signal()
    report_changed = Signal()
    streets_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.ctx = desk, desk.ctx
        self.plans: list[dict[str, Any]] = []
        self.done: dict[str, dict[str, Any]] = {}
        """Reports by plan."""
        self.streets: list[dict[str, Any]] = []
        self._layer = self.ctx.map.add_shapes(LAYER)

    @property
    def any_by_strip(self) -> bool:
        """Whether any share of the report was measured without the roads."""
        return any(not done.get("by_road") for done in self.done.values())

    def read(self) -> None:
        """Read the plans anew."""
        self.ctx.tasks.start(self._read())

    def report(self, day: str) -> None:
        """Read planned against walked of a day."""
        self.ctx.tasks.start(self._report(day))

    def cover(self, area: str, day: str, reason: str) -> None:
        """Read the share of each street that was walked."""
        self.ctx.tasks.start(self._cover({"area": area, "day": day, "reason": reason}))

    def make(self, name: str, staff: Sequence[str], starts: int, ends: int) -> None:
        """Let the user draw the way of a new plan; its corners are the checkpoints."""
        self.ctx.tasks.start(self._make(name, list(staff), starts, ends))

    def drop(self, plan_id: str) -> None:
        """Take a plan out."""
        self.ctx.tasks.start(self._change("DELETE", f"/staff/patrols/{plan_id}", None))

    def show(self, plan_id: str | None) -> None:
        """Draw one plan: the way, and its checkpoints by whether they were reached."""
        self._layer.clear()
        plan = next((each for each in self.plans if each["id"] == plan_id), None)
        if plan is None:
            return
        reached = self.done.get(plan["id"], {}).get("reached") or [None] * len(plan["checkpoints"])
        rings = [
            Shape(
                kind="circle",
                points=[tuple(c["where"])],
                radius=c["radius"],
                style=_OPEN if at is None else _REACHED,
            )
            for c, at in zip(plan["checkpoints"], reached, strict=True)
        ]
        path: list[LonLat] = [(lon, lat) for lon, lat in plan["path"]]
        self._layer.put(plan["id"], Shape(kind="line", points=path, style=_WAY), *rings)
        lon, lat = zip(*path, strict=True)
        self.ctx.map.fit((min(lon), min(lat), max(lon), max(lat)), 0.3)

    async def _read(self) -> None:
        try:
            self.plans = await self.ctx.backend.get("/staff/patrols")
        except OneMapError as error:
            self.ctx.log.info("no patrols: %s", error)
            return
        self.plans_changed.emit()

    async def _report(self, day: str) -> None:
        try:
            rows = await self.ctx.backend.post(f"/staff/patrols/report/{day}")
        except OneMapError as error:
            self._tell(error)
            return
        self.done = {row["patrol"]: row for row in rows}
        self.report_changed.emit()

    async def _cover(self, body: dict[str, Any]) -> None:
        try:
            self.streets = await self.ctx.backend.post("/staff/patrols/coverage", body)
        except OneMapError as error:
            self._tell(error)
            return
        self.streets_changed.emit()

    async def _make(self, name: str, staff: list[str], starts: int, ends: int) -> None:
        tr = self.ctx.tr
        path = await self.ctx.map.draw("line", tr("Draw the way of the patrol; each corner is a checkpoint"))
        if not path or len(path) < 2:
            return
        user = self.ctx.backend.user
        member = self.desk.record(staff[0]) if staff else None
        area = member.area[:9] if member else (user.areas[0] if user and user.areas else "")
        checkpoints = [{"name": tr("Point {n}", n=n), "where": at} for n, at in enumerate(path, 1)]
        body = {"name": name, "area": area, "path": path, "checkpoints": checkpoints, "staff": staff}
        body |= {"days": EVERY_DAY, "starts": starts, "ends": ends}
        await self._change("POST", "/staff/patrols", body)

    async def _change(self, method: str, path: str, body: Any) -> None:
        try:
            await self.ctx.backend.submit(self.ctx.tr("Patrol plan"), method, path, body)
        except OneMapError as error:
            self._tell(error)
        self.read()

    def _tell(self, error: OneMapError) -> None:
        self.ctx.notify(str(error), Severity.ERROR, key=LAYER)
