"""Profiles, sections and volumes asked of the scene, and what stands of them in the scene and on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Shape, ShapeStyle, Undo
from console.sdk.errors import OneMapError
from console.sdk.scene import ScenePlace
from console.sdk.scene_survey import SceneProfile, SceneSection, SceneVolume
from plugins.scene.desktop.measuring import area_of, geod, length_of
from plugins.scene.desktop.survey_words import metres, square

LAYER, PANEL, WINDOW = "onemap.scene.surveyed", "onemap.scene.survey", "onemap.scene.window"
LINE, POINT = "map.measure", "map.selection"
"""Colours of the theme."""
STEM = 4.0
"""Metres that the text of the pointed place stands above it."""
_DOT = 0.004
"""Of the line's length: radius of the pointed place on the map."""

Result = SceneProfile | SceneSection | SceneVolume


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user drew, and for what."""

    kind: str
    """profile, section or volume."""
    places: tuple[ScenePlace, ...]


class SurveyTools(QObject):
    """One question at a time: a new one gives up the one before. A result stands until it is removed."""

    changed = Signal()
    """Result, progress or what is told."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._marks = ctx.scene.add_marks(LAYER)
        self._layer = ctx.map.add_shapes(LAYER)
        self._work: Undo = lambda: None
        self.asked: Asked | None = None
        """Of the result."""
        self.result: Result | None = None
        self.base: float | None = None
        """Metres above the ellipsoid of a volume's base; None: the plane along the edge."""
        self.done: float | None = None
        """0..1 while it is worked out; None: it is not."""
        self.told = ""
        """What is to be said, in the user's words."""
        ctx.undo(lambda: self._work())

    @property
    def line(self) -> SceneProfile | None:
        """The profile that there is, a section's too."""
        return self.result.profile if isinstance(self.result, SceneSection) else _profile(self.result)

    def profile(self) -> None:
        """Let the user draw a line; heights along it."""
        self._begin(self._draw("profile"))

    def section(self) -> None:
        """Let the user draw a line; what an upright cut along it shows."""
        self._begin(self._draw("section"))

    def volume(self) -> None:
        """Let the user draw an area; cut and fill."""
        self._begin(self._draw("volume"))

    def rebase(self, base: float | None) -> None:
        """The volume once more, to another base."""
        self.base = base
        if self.asked is not None and self.asked.kind == "volume":
            self._begin(self._ask(self.asked))

    def cancel(self) -> None:
        """Give up what is under way; the result before stays."""
        self._work()
        self.done = None
        self._tell("")

    def clear(self) -> None:
        """Take the result away."""
        self._work()
        self.asked = self.result = self.done = None
        self._marks.clear()
        self._layer.clear()
        self._tell("")

    def point(self, along: float | None) -> None:
        """Show a place of the line, metres from its beginning; None: none."""
        line = self.line
        if line is None or along is None:
            self._marks.drop("point")
            self._layer.drop("point")
            return
        row = int(np.abs(line.along - along).argmin())
        lonlat, height = (float(line.lon[row]), float(line.lat[row])), float(line.surface[row])
        fill = ShapeStyle(stroke=self._ctx.color(POINT), width=2.0, fill=self._ctx.color(POINT) + "99")
        radius = max(line.length * _DOT, 0.3)
        self._layer.put("point", Shape(kind="circle", points=[lonlat], radius=radius, style=fill))
        if not np.isfinite(height):
            self._marks.drop("point")
            return
        place = ScenePlace(lon=lonlat[0], lat=lonlat[1], height=height)
        text = f"{metres(float(line.along[row]), 1)} · ↥ {metres(height, 2)}"
        self._marks.put("point", [place], text=text, color=self._ctx.color(POINT), stem=STEM)

    # ---- the way of a question ----

    async def _draw(self, kind: str) -> None:
        tr, area = self._ctx.tr, kind == "volume"
        self._tell("")
        self._ctx.panels.show(WINDOW)
        await self._ctx.tasks.run(geod)
        prompts = {
            "profile": tr("Click along the profile; double click ends, Esc gives up"),
            "section": tr("Click along the section; double click ends, Esc gives up"),
            "volume": tr("Click around the heap or pit; double click ends, Esc gives up"),
        }
        places = await self._ctx.scene.draw("polygon" if area else "line", prompts[kind], _note(area))
        if not places:
            return
        if len(places) < (3 if area else 2):
            self._tell(tr("Three corners are needed") if area else tr("Two places are needed"))
            return
        self.base = None
        self._ctx.panels.show(PANEL)
        await self._ask(Asked(kind, tuple(places)))

    async def _ask(self, asked: Asked) -> None:
        survey = self._ctx.scene.survey
        self.done = 0.0
        self._tell(self._ctx.tr("Working it out…"))
        try:
            if asked.kind == "profile":
                found: Result = await survey.profile(asked.places, on_progress=self._progress)
            elif asked.kind == "section":
                found = await survey.section(asked.places, on_progress=self._progress)
            else:
                found = await survey.volume(asked.places, base=self.base, on_progress=self._progress)
        except OneMapError as error:
            self.done = None
            self._tell(str(error))
            return
        self.done, self.asked, self.result = None, asked, found
        self._show(asked)
        self._tell(self._doubts(found))

    def _progress(self, done: float) -> None:
        self.done = done
        self.changed.emit()

    def _show(self, asked: Asked) -> None:
        """What was drawn: the map's layer lies on the scene's models, too."""
        closed, ink = asked.kind == "volume", self._ctx.color(LINE)
        self._marks.clear()
        self._layer.clear()
        points = [(place.lon, place.lat) for place in asked.places]
        style = ShapeStyle(stroke=ink, casing="map.symbol_outline", fill=ink + "33" if closed else "")
        self._layer.put("drawn", Shape(kind="polygon" if closed else "line", points=points, style=style))

    def _doubts(self, found: Result) -> str:
        """What keeps the result from being whole."""
        tr, said = self._ctx.tr, list[str]()
        whole = found.profile if isinstance(found, SceneSection) else found
        if whole.unread:
            said.append(tr("{count} files of the models could not be read", count=whole.unread))
        if isinstance(found, SceneVolume) and found.covered < 0.995 * found.area:
            share = f"{100 - 100 * found.covered / found.area:.0f}"
            said.append(tr("{share} % of the area has no surface and is not counted", share=share))
        return "\n".join(said)

    def _begin(self, coroutine: Any) -> None:
        self._work()
        self.done = None
        self._work = self._ctx.tasks.start(coroutine)

    def _tell(self, text: str) -> None:
        self.told = text
        self.changed.emit()


def _profile(result: Result | None) -> SceneProfile | None:
    return result if isinstance(result, SceneProfile) else None


def _note(area: bool) -> Callable[[Sequence[ScenePlace]], str]:
    """How large what is drawn is so far."""

    def note(places: Sequence[ScenePlace]) -> str:
        if area:
            return square(area_of(places).plan) if len(places) > 2 else ""
        return metres(length_of(places).level, 1) if len(places) > 1 else ""

    return note
