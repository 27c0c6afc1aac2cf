"""A lens as the choice of tiles wants it."""

from __future__ import annotations

from console.scene.frame import Frame
from console.scene.lens import Lens
from console.scene.tiles import Camera


def camera_of(lens: Lens, frame: Frame) -> Camera:
    """*lens* of *frame* in Earth-centred metres."""
    turn = frame.to_ecef[:3, :3]
    eye = turn @ lens.eye + frame.to_ecef[:3, 3]
    return Camera(eye, turn @ lens.ahead, turn @ lens.above, lens.fovy, lens.width, lens.height)
