"""What of the models is drawn, as plugins set it: implements ``console.sdk.scene_shape.SceneShape``.

It is kept here alone; each view tells its drawing process and its hands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from console.map.listeners import Listeners
from console.sdk.map import Undo
from console.sdk.scene_place import ScenePlace
from console.sdk.scene_shape import CutBox, CutPlane, FlatArea, Swipe

MOST_AREAS = 16
CORNERS = 3, 200
"""Of an area."""


class Shape:
    """For the GUI thread. It outlives windows of the scene."""

    def __init__(self) -> None:
        self._cut: CutPlane | CutBox | None = None
        self._flat: tuple[FlatArea, ...] = ()
        self._swipe: Swipe | None = None
        self._underground = False
        self._changed: Listeners[[]] = Listeners()

    @property
    def cut(self) -> CutPlane | CutBox | None:
        return self._cut

    @cut.setter
    def cut(self, cut: CutPlane | CutBox | None) -> None:
        if isinstance(cut, CutBox):
            _check_numbers(cut.center, cut.heading)
            if not all(0 < size < math.inf for size in (cut.width, cut.depth, cut.height)):
                raise ValueError("a box without inside")
        elif cut is not None:
            _check_numbers(cut.place, cut.heading, cut.pitch)
        if cut != self._cut:
            self._cut = cut
            self._changed.fire()

    @property
    def flat(self) -> Sequence[FlatArea]:
        return self._flat

    @flat.setter
    def flat(self, flat: Sequence[FlatArea]) -> None:
        least, most = CORNERS
        if len(flat) > MOST_AREAS or not all(least <= len(area.places) <= most for area in flat):
            raise ValueError(f"at most {MOST_AREAS} areas, each of {least} to {most} places")
        for area in flat:
            for place in area.places:
                _check_numbers(place, area.height)
        if tuple(flat) != self._flat:
            self._flat = tuple(flat)
            self._changed.fire()

    @property
    def swipe(self) -> Swipe | None:
        return self._swipe

    @swipe.setter
    def swipe(self, swipe: Swipe | None) -> None:
        if swipe is not None and not 0.0 <= swipe.share <= 1.0:
            raise ValueError("the line is outside of the picture")
        if swipe != self._swipe:
            self._swipe = swipe
            self._changed.fire()

    @property
    def underground(self) -> bool:
        return self._underground

    def set_underground(self, allowed: bool) -> None:
        """See ``SceneShape``."""
        if allowed != self._underground:
            self._underground = allowed
            self._changed.fire()

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """See ``SceneShape``."""
        return self._changed.add(handler)


def _check_numbers(place: ScenePlace, *others: float) -> None:
    if not all(map(math.isfinite, (place.lon, place.lat, place.height, *others))):
        raise ValueError("a place or an angle that is no number")
