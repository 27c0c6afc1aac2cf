"""What pictures show is the ground that the eye stays above."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from console.scene.frame import Frame
from console.scene.hands import Navigator, World
from console.scene.lens import Lens
from console.scene.pose import Pose
from console.scene.process.messages import Drawn
from console.scene.view.footing import Footing
from console.scene.view.screen import Picture

XIAN = Frame(108.96, 34.22, 0.0)
NEAR, FAR = 1.0, 5000.0


def of_level_ground(lens: Lens, height: float) -> Picture:
    """A picture of a plane of the frame, with half the pixels of the window; sky above the horizon."""
    rows, columns = lens.height // 2, lens.width // 2
    x, y = np.meshgrid(np.arange(columns) * 2.0 + 1.0, np.arange(rows) * 2.0 + 1.0)
    rays = lens.rays(x, y)
    with np.errstate(divide="ignore"):
        along = (height - lens.eye[2]) / rays[..., 2]
    ahead = np.where(along > 0, along * (rays @ lens.ahead), np.inf)
    depth = np.where(ahead < FAR, FAR * (ahead - NEAR) / (np.minimum(ahead, FAR) * (FAR - NEAR)), 1.0)
    about = Drawn(1, 0, columns, rows, NEAR, FAR, 0.0, 1, 1, 1, False, False)
    return Picture(QImage(), lens, depth.astype(np.float32), about)


def test_the_eye_stays_above_what_was_seen():
    footing = Footing(XIAN)
    hands = Navigator(
        World(XIAN, 800, 600, surface=footing.surface), Pose(108.96, 34.22, 30.0, 0.0, 60.0, 40.0)
    )
    assert footing.surface(108.96, 34.22) is None
    footing.learn(of_level_ground(hands.world.lens(hands.pose), 30.0))
    assert footing.surface(108.96, 34.22) == pytest.approx(30.0, abs=0.05)
    assert footing.surface(108.97, 34.22) is None
    hands.show(Pose(108.96, 34.22, 20.0, 0.0, 0.0, 5.0))
    assert hands.world.eye(hands.pose)[2] == pytest.approx(31.0, abs=0.05)
    hands.walk(0.0)
    hands.tick(60.0)
    assert hands.world.eye(hands.pose)[2] == pytest.approx(31.7, abs=0.05)
