"""Which names stand behind a wall: asked of the service ``sight``, whose work is done on another thread.

What it does not know (no model, or a place outside of it) counts as seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from console.sdk import Context, OneMapError, Undo
from console.sdk.scene_place import ScenePlace
from console.sdk.sight import SceneSight
from plugins.linkage.desktop.ground import OWN_MAST, Ground
from plugins.linkage.desktop.label import Label
from plugins.linkage.lens.earth import Around
from plugins.linkage.lens.lens import Lens

OWN = {"event": 8.0, "staff": 4.0, "camera": 5.0, "building": 40.0, "road": 8.0}
"""Metres around a place within which what is in the way is its own: the house of a name, a camera's wall."""
SLACK = 2.0
"""Metres to which the ground's height is known: what is met so little above a place may be that ground."""
KEPT = ("event", "staff")
"""Kinds that are still shown, faintly: where they are matters more than whether they are seen."""
AT_ONCE, MOST = 40, 4_000
"""Lines in a row before the GUI hears of them; answers that are remembered."""
Key = tuple[str, str, tuple[float, ...], tuple[float, ...]]
"""Folder, kind, eye and place, so roughly that who stands still is asked about once."""


class Walls:
    """Answers at once with what is known, and asks for the rest in turn."""

    def __init__(self, ctx: Context, ground: Ground) -> None:
        self._ctx, self._ground = ctx, ground
        self._hidden: dict[Key, bool] = {}
        self._busy = False
        self._work: Undo = lambda: None
        ctx.undo(lambda: self._work())

    def sift(self, lens: Lens, labels: Sequence[Label]) -> list[Label]:
        """Without those behind walls; of kinds that matter, marked as ``walled``."""
        sight = self._ground.sight()
        if sight is None:
            return list(labels)
        found: list[Label] = []
        open_: dict[Key, Label] = {}
        for label in labels:
            key = _key(sight.folder, lens, label)
            hidden = self._hidden.get(key)
            if hidden is None:
                open_[key] = label
            if not hidden:
                found.append(label)
            elif label.kind in KEPT:
                found.append(replace(label, walled=True))
        if open_ and not self._busy:
            self._busy = True
            self._work = self._ctx.tasks.start(self._ask(sight, lens, dict(islice(open_.items(), AT_ONCE))))
        return found

    async def _ask(self, sight: SceneSight, lens: Lens, labels: dict[Key, Label]) -> None:
        try:
            if len(self._hidden) > MOST:
                self._hidden.clear()
            for key, label in labels.items():
                self._hidden[key] = await self._behind(sight, lens, label)
        finally:
            self._busy = False

    async def _behind(self, sight: SceneSight, lens: Lens, label: Label) -> bool:
        eye = lens.around()
        way = eye.metres(*label.place)
        far = float(np.linalg.norm(way))
        own = OWN[label.kind]
        if far <= OWN_MAST + own:
            return False
        near = _place(eye.places(way * (OWN_MAST / far)).tolist())
        try:
            blocked = (await sight.line(near, _place(label.place))).blocked_at
        except OneMapError as error:
            self._ctx.log.debug("no sight to a name: %s", error)
            return False
        if blocked is None:
            return False
        east, north, up = Around(*label.place).metres(blocked.lon, blocked.lat, blocked.height).tolist()
        return bool(np.hypot(east, north) > own and up > SLACK)


def _key(folder: str, lens: Lens, label: Label) -> Key:
    return folder, label.kind, _rough(lens.lon, lens.lat, lens.height), _rough(*label.place)


def _rough(lon: float, lat: float, height: float) -> tuple[float, ...]:
    """About a metre."""
    return round(lon, 5), round(lat, 5), round(height)


def _place(place: Sequence[float]) -> ScenePlace:
    lon, lat, height = (float(value) for value in place)
    return ScenePlace(lon=lon, lat=lat, height=height)
