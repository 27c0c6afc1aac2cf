"""Every sample of 3D Tiles is drawn where its volume is; docs/scene-samples.md says what of it."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from console.scene.ellipsoid import to_geodetic
from console.scene.frame import Frame
from console.scene.lens import FOVY, Lens
from console.scene.pose import Pose
from console.scene.render.stage import Stage
from console.scene.stream.cameras import camera_of
from console.scene.stream.streamer import Streamer
from console.scene.stream.tiled import Tileset
from console.scene.tiles import FolderSource, TileTree, open_tileset
from tests.support.tilesets import SAMPLES, folder_of

SIZE = (480, 270)
SKY = (255, 0, 255)
LONGEST = 20.0
AWAY = 3.0
"""Radii."""
SHOWN = [path for path in folder_of(SAMPLES) if "FullMetadata" not in path.parts[-2]]
"""TilesetWithFullMetadata has nothing to draw."""


def looking(
    tree: TileTree, times: float, tilt: float, heading: float = 20.0, size: tuple[int, int] = SIZE
) -> tuple[Frame, np.ndarray, Lens, float]:
    """From so many radii away at the middle of the tileset: the frame, where the tileset stands (its world
    to Earth-centred metres), the lens and the radius (metres)."""
    root = tree.tiles[0]
    radius = float(np.linalg.norm(root["axes"])) if root["radius"] < 0 else float(root["radius"])
    placed = np.identity(4)
    if np.linalg.norm(root["center"]) > 6e6:
        lon, lat, height = to_geodetic(root["center"][None])[0]
        frame = Frame(float(np.degrees(lon)), float(np.degrees(lat)), float(height))
    else:  # in axes of its own: its middle stands at the frame's origin
        frame = Frame(117.2, 34.2)
        placed = frame.to_ecef.copy()
        placed[:3, 3] -= placed[:3, :3] @ root["center"]
    pose = Pose(frame.lon, frame.lat, frame.height, heading, tilt, times * radius)
    return frame, placed, pose.lens(frame, *size), radius


def draw(
    path: Path, times: float = AWAY, tilt: float = 60.0, heading: float = 20.0, size: tuple[int, int] = SIZE
) -> tuple[np.ndarray, np.ndarray]:
    """The picture (height, width, 3) of a sample once all of the view is there, and of each pixel how far
    ahead of the eye it is: metres past the middle of the volume, in its radii; NaN for the sky and what is
    translucent."""
    source = FolderSource(path)
    tree = open_tileset(source)
    frame, placed, lens, radius = looking(tree, times, tilt, heading, size)
    woken = threading.Event()
    stage, streamer = Stage(frame), Streamer(woken.set)
    try:
        sky = (SKY[0] / 255, SKY[1] / 255, SKY[2] / 255)
        stage.set_sky(sky, sky)
        layer = streamer.add("sample", Tileset(tree, source), stage.for_layer(frame.from_ecef @ placed))
        layer.placed = placed
        streamer.frame(camera_of(lens, frame))
        while streamer.busy:
            assert woken.wait(LONGEST), "nothing comes"
            woken.clear()
            streamer.take(1.0)
            streamer.frame(camera_of(lens, frame))
        assert {fault.what for fault in layer.faults.values()} <= {"dragon_high.b3dm"}  # not among our data
        picture = stage.render(lens, times * radius * 0.25)[..., :3].copy()
        depths, (near, far) = stage.depths().astype(np.float64), stage.range
        ahead = near * far / (far - depths * (far - near))
        return picture, np.where(depths < 1.0, (ahead - times * radius) / radius, np.nan)
    finally:
        streamer.close()
        stage.close()


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.parent.name)
def test_a_sample_is_drawn_where_its_volume_is(path: Path):
    picture, ahead = draw(path)
    drawn = (np.abs(picture.astype(int) - SKY) > 8).any(axis=2)
    assert 200 < drawn.sum() < 0.8 * drawn.size
    assert (np.abs(ahead[~np.isnan(ahead)]) < 1.05).all()
    rows, columns = np.nonzero(drawn)
    away = np.hypot(rows - SIZE[1] / 2, columns - SIZE[0] / 2)
    assert away.max() < 1.1 * SIZE[1] / (2 * np.tan(FOVY / 2)) / np.sqrt(AWAY**2 - 1)
