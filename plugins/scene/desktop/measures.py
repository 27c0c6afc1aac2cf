"""Measuring and writing in the scene. What was measured stays until it is taken away."""

from __future__ import annotations

from collections.abc import Sequence

from console.sdk import Context
from console.sdk.scene import ScenePlace
from plugins.scene.desktop.measuring import area_of, area_text, geod, length_of, length_text

CLEAR = "onemap.scene.clear_marks"
STEM = 6.0
"""Metres that a note stands above its place at least."""
STEM_SHARE = 0.06
"""Of the distance from which it is written."""


class Measures:
    """Binds its commands."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._marks = ctx.scene.add_marks("onemap.scene.measured")
        self._number = 0
        self.texts: dict[str, str] = {}
        """What stands in the scene, by mark."""
        ctx.commands.bind("onemap.scene.measure_line", self.measure_line)
        ctx.commands.bind("onemap.scene.measure_area", self.measure_area)
        ctx.commands.bind(CLEAR, self.clear)
        ctx.commands.set_enabled(CLEAR, False)

    async def measure_line(self) -> None:
        """Draw a line; straight, level and height are told while one draws."""
        tr = self._ctx.tr
        await self._ready()

        def note(places: Sequence[ScenePlace]) -> str:
            return length_text(length_of(places), tr) if len(places) > 1 else ""

        prompt = tr("Click places on the model; double click ends, Esc gives up")
        places = await self._ctx.scene.draw("line", prompt, note)
        if places and len(places) > 1:
            self._keep(places, length_text(length_of(places), tr))

    async def measure_area(self) -> None:
        """Draw a polygon."""
        tr = self._ctx.tr
        await self._ready()

        def note(places: Sequence[ScenePlace]) -> str:
            return area_text(area_of(places), tr) if len(places) > 2 else ""

        prompt = tr("Click the corners of the area; double click ends, Esc gives up")
        places = await self._ctx.scene.draw("polygon", prompt, note)
        if places and len(places) > 2:
            self._keep(places, area_text(area_of(places), tr), closed=True)

    def write(self, place: ScenePlace, text: str) -> None:
        """A note above a place, with a line down to it."""
        if text.strip():
            stem = max(STEM, self._ctx.scene.pose.distance * STEM_SHARE)
            self._keep([place], text.strip(), color="#7fd4ff", stem=stem)

    def clear(self) -> None:
        """Take all away."""
        self._marks.clear()
        self.texts.clear()
        self._ctx.commands.set_enabled(CLEAR, False)

    async def _ready(self) -> None:
        """The ellipsoid is loaded, and there is something to draw in."""
        self._ctx.panels.show("onemap.scene.window")
        await self._ctx.tasks.run(geod)

    def _keep(
        self,
        places: Sequence[ScenePlace],
        text: str,
        *,
        closed: bool = False,
        color: str = "#ffd24a",
        stem: float = 0.0,
    ) -> None:
        self._number += 1
        key = str(self._number)
        self._marks.put(key, places, text=text, closed=closed, color=color, stem=stem)
        self.texts[key] = text
        self._ctx.commands.set_enabled(CLEAR, True)
