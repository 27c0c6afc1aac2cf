"""Who walks between buildings stands in the street, however long the view has rested."""

from __future__ import annotations

import numpy as np
import pytest

from console.scene.frame import Frame
from console.scene.hands import SeenGround

FRAME = Frame(108.96, 34.22, 0.0)


def seen(*heights: float) -> tuple[np.ndarray, np.ndarray]:
    """Points of one place and eight metres between those of a picture."""
    return np.array([[1.0, 1.0, height] for height in heights]), np.full(len(heights), 8.0)


def feet(ground: SeenGround) -> float:
    lon, lat, _ = FRAME.geographic(np.array([1.0, 1.0, 0.0]))
    return float(ground.feet(np.array([lon]), np.array([lat]))[0])


def test_the_lowest_that_was_seen_carries():
    ground = SeenGround(FRAME)
    assert np.isnan(feet(ground))
    ground.learn(*seen(20.0, 3.0, 12.0), 0.0)
    assert feet(ground) == pytest.approx(3.0, abs=0.01)
    lon, lat, _ = FRAME.geographic(np.array([1.0, 1.0, 0.0]))
    assert ground.height(lon, lat, 1.0) == pytest.approx(20.0, abs=0.01)
    assert ground.height(lon, lat, 600.0) is None


def test_a_roof_that_hides_the_street_is_believed_slowly():
    ground = SeenGround(FRAME)
    ground.learn(*seen(3.0), 0.0)
    ground.learn(*seen(20.0), 0.1)
    assert feet(ground) == pytest.approx(3.2, abs=0.01)
    for step in range(100):
        ground.learn(*seen(20.0), 0.2 + step * 0.1)
    assert feet(ground) == pytest.approx(20.0, abs=0.01)
