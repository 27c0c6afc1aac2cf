"""The outline drawn through a raster is that of melted buffers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from plugins.dispatch.server.results.outline import outline


@pytest.mark.parametrize("width", [400.0, 3000.0])
def test_it_is_as_near_as_its_cells_to_melted_buffers(width: float) -> None:
    chance = np.random.default_rng(4)
    begin = chance.uniform(0, width, (60, 2))
    end = begin + chance.normal(0, width / 8, begin.shape)
    found = outline(begin, end, 40.0, 0.0)
    exact = shapely.union_all(shapely.buffer(shapely.linestrings(np.stack([begin, end], axis=1)), 40.0))
    assert found.is_valid
    slack = 2 * max(4.0, width * 1.5 / 900)
    assert shapely.buffer(exact, slack).covers(found)
    assert shapely.buffer(found, slack).covers(exact)
    assert abs(found.area / exact.area - 1) < 0.01


def test_small_holes_are_filled_and_large_ones_stay() -> None:
    corners = np.array([[0.0, 0.0], [300.0, 0.0], [300.0, 300.0], [0.0, 300.0]])
    after = np.roll(corners, -1, axis=0)
    hole = 220.0**2
    (with_hole,) = shapely.get_parts(outline(corners, after, 40.0, hole * 0.9))
    assert [shapely.Polygon(ring).area for ring in with_hole.interiors] == pytest.approx([hole], rel=0.02)
    assert not shapely.get_parts(outline(corners, after, 40.0, hole * 1.1))[0].interiors


def test_a_place_is_a_disc() -> None:
    place = np.array([[10.0, 20.0]])
    assert outline(place, place, 40.0, 0.0).area == pytest.approx(np.pi * 40.0**2, rel=0.02)
