"""A plane or a box that plugins cut with, as the drawing process takes it."""

from __future__ import annotations

import numpy as np

from console.scene.frame import Frame
from console.scene.transforms import Matrix
from console.sdk.scene_shape import CutBox, CutPlane


def cut_matrix(cut: CutPlane | CutBox, frame: Frame) -> Matrix:
    """(4, 4): the frame to (x, y, z, w). A box keeps x, y and z from -1 to 1, a plane w up to 0 (metres)."""
    place = cut.place if isinstance(cut, CutPlane) else cut.center
    origin = frame.place(place.lon, place.lat, place.height)
    east, north, up = frame.axes_at(origin)
    heading = np.radians(cut.heading)
    ahead = np.sin(heading) * east + np.cos(heading) * north
    matrix = np.zeros((4, 4))
    if isinstance(cut, CutPlane):
        pitch = np.radians(cut.pitch)
        matrix[3, :3] = np.cos(pitch) * ahead + np.sin(pitch) * up
    else:
        right = np.cos(heading) * east - np.sin(heading) * north
        sizes = np.array([cut.width, cut.depth, cut.height]) / 2
        matrix[:3, :3] = np.stack([right, ahead, up]) / sizes[:, None]
    matrix[:, 3] = -matrix[:, :3] @ origin
    if isinstance(cut, CutBox):
        matrix[3, 3] = -1.0
    return matrix
