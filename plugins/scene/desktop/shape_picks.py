"""What the user clicks and draws in the scene to cut models or to press them flat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from console.sdk import Context, Undo
from console.sdk.scene import ScenePlace
from console.sdk.scene_shape import CutBox, CutPlane, FlatArea
from plugins.scene.desktop.shape_desk import ShapeDesk
from plugins.scene.desktop.shape_file import MOST_FLAT, MOST_PLACES, Cut
from plugins.scene.desktop.shaping import box_around, edge_height, plan_area, upright

PANEL, WINDOW = "onemap.scene.shape", "onemap.scene.window"
TALL = 100.0
"""Metres: height of a box whose footprint is drawn; most buildings are lower."""
SHARE, STEP, MOST = 0.2, 5, 200.0
"""Sides of a box whose middle is clicked: of the distance from which one looks; steps and metres at most."""


class ShapePicks:
    """One at a time: a new one gives up the one before."""

    def __init__(self, ctx: Context, desk: ShapeDesk) -> None:
        self._ctx, self._desk = ctx, desk
        self._work: Undo = lambda: None
        ctx.undo(lambda: self._work())

    def box(self) -> None:
        """Cut by a box around a place; a box that was there moves."""
        self._begin(self._box())

    def drawn_box(self) -> None:
        """Cut by a box around a footprint."""
        self._begin(self._drawn_box())

    def upright(self) -> None:
        """Cut by an upright plane through two places."""
        self._begin(self._upright())

    def level(self) -> None:
        """Cut off what is above a place."""
        self._begin(self._level())

    def flatten(self) -> None:
        """Press an area to the mean height of its edge."""
        self._begin(self._flatten())

    async def _box(self) -> None:
        place = await self._pick(self._ctx.tr("Click the middle of the box; Esc gives up"))
        if place is None:
            return
        before, pose = self._desk.shape.cut, self._ctx.scene.pose
        if isinstance(before, CutBox):
            self._cut(replace(before, center=place))
        else:
            side = min(max(round(pose.distance * SHARE / STEP), 1) * STEP, MOST)
            heading = round(pose.heading) % 360
            self._cut(CutBox(center=place, width=side, depth=side, height=side, heading=heading))

    async def _drawn_box(self) -> None:
        tr = self._ctx.tr

        def note(places: Sequence[ScenePlace]) -> str:
            if len(places) < 2:
                return ""
            box = box_around(places, TALL)
            return tr("Box {width} × {depth} m", width=f"{box.width:,.1f}", depth=f"{box.depth:,.1f}")

        places = await self._draw(tr("Click around what the box shall hold; double click ends"), note)
        if places:
            before = self._desk.shape.cut
            self._cut(box_around(places, TALL, hole=isinstance(before, CutBox) and before.hole))

    async def _upright(self) -> None:
        tr = self._ctx.tr
        first = await self._pick(tr("Click the first of two places that the cut goes through"))
        if first is None:
            return
        second = await self._pick(tr("Click the second place; what is nearer to you is removed"))
        if second is None:
            return
        plane = upright(first, second, self._ctx.scene.pose)
        if plane is None:
            self._desk.tell(tr("Both places are one and the same: nothing was cut"))
        else:
            self._cut(plane)

    async def _level(self) -> None:
        place = await self._pick(self._ctx.tr("Click a place: everything higher is removed"))
        if place is not None:
            self._cut(CutPlane(place=place, pitch=90.0))

    async def _flatten(self) -> None:
        tr = self._ctx.tr
        if len(self._desk.shape.flat) >= MOST_FLAT:
            self._ctx.panels.show(PANEL)
            self._desk.tell(tr("{count} areas at most: remove one first", count=MOST_FLAT))
            return

        def note(places: Sequence[ScenePlace]) -> str:
            if len(places) < 3:
                return ""
            area, height = f"{plan_area(places):,.0f}", f"{edge_height(places):,.1f}"
            return tr("{area} m², to {height} m", area=area, height=height)

        places = await self._draw(tr("Click around what is to be flat; double click ends"), note)
        if places:
            self._desk.add_flat(FlatArea(places=tuple(places), height=round(edge_height(places), 2)))
            self._ctx.panels.show(PANEL)

    async def _pick(self, prompt: str) -> ScenePlace | None:
        self._desk.tell("")
        self._ctx.panels.show(WINDOW)
        return await self._ctx.scene.pick_place(prompt)

    async def _draw(
        self, prompt: str, note: Callable[[Sequence[ScenePlace]], str]
    ) -> list[ScenePlace] | None:
        """None: given up, or no area; that is told."""
        self._desk.tell("")
        self._ctx.panels.show(WINDOW)
        places = await self._ctx.scene.draw("polygon", prompt, note)
        if not places:
            return None
        if not 3 <= len(places) <= MOST_PLACES or plan_area(places) == 0:
            self._desk.tell(self._ctx.tr("An area has 3 to {most} corners", most=MOST_PLACES))
            return None
        return places

    def _begin(self, coroutine: Any) -> None:
        self._work()
        self._work = self._ctx.tasks.start(coroutine)

    def _cut(self, cut: Cut) -> None:
        """The panel has the keys then: its fields, Ctrl+Z, Escape."""
        self._desk.set_cut(cut)
        self._ctx.panels.show(PANEL)
