"""What plugins ask of the scene's models is kept and told, and what cannot be drawn is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from console.scene.shape import Shape
from console.sdk.scene_place import ScenePlace
from console.sdk.scene_shape import CutBox, CutPlane, FlatArea, Swipe

PLACE = ScenePlace(lon=117.2, lat=34.26, height=40.0)
NOWHERE = replace(PLACE, lat=math.nan)
BOX = CutBox(center=PLACE, width=30.0, depth=20.0, height=10.0)
AREA = FlatArea(places=[PLACE] * 3, height=30.0)


def test_each_change_is_told_once_to_everybody():
    shape, told = Shape(), list[str]()
    undo = shape.on_change(lambda: told.append("first"))
    shape.on_change(lambda: told.append("second"))
    shape.cut = BOX
    shape.cut = replace(BOX)
    assert told == ["first", "second"], "the same cut is no change"
    undo()
    shape.flat = [AREA]
    shape.swipe = Swipe(left=frozenset("a"), right=frozenset("b"))
    shape.set_underground(True)
    shape.cut = None
    assert told[2:] == ["second"] * 4
    assert (shape.cut, list(shape.flat), shape.underground) == (None, [AREA], True)


@pytest.mark.parametrize(
    "cut",
    [
        replace(BOX, width=0.0),
        replace(BOX, height=math.inf),
        CutPlane(place=NOWHERE),
        replace(BOX, heading=math.nan),
    ],
)
def test_a_cut_that_cannot_be_drawn_is_refused(cut: CutBox | CutPlane):
    shape = Shape()
    shape.cut = BOX
    with pytest.raises(ValueError):
        shape.cut = cut
    assert shape.cut == BOX, "what was there stays"


@pytest.mark.parametrize(
    "flat",
    [
        [AREA] * 17,
        [replace(AREA, places=[PLACE] * 2)],
        [replace(AREA, places=[PLACE] * 201)],
        [replace(AREA, places=[PLACE, PLACE, NOWHERE])],
        [replace(AREA, height=math.inf)],
    ],
)
def test_areas_that_cannot_be_drawn_are_refused(flat: list[FlatArea]):
    shape = Shape()
    shape.flat = [AREA] * 16
    with pytest.raises(ValueError):
        shape.flat = flat
    assert len(shape.flat) == 16


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_line_outside_of_the_picture_is_refused(share: float):
    with pytest.raises(ValueError):
        Shape().swipe = Swipe(left=frozenset(), right=frozenset(), share=share)
