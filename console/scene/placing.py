"""The maths of aligning models, in the terms of the SDK."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from console.scene import align
from console.scene.frame import Frame
from console.sdk.scene import Rows, SceneFit, ScenePlace


def moved(about: ScenePlace, east: float, north: float, up: float, heading: float) -> Rows:
    """See ``console.sdk.scene.Scene.moved``."""
    return align.moved(Frame(about.lon, about.lat, about.height), east, north, up, heading).tolist()


def fitted(pairs: Sequence[tuple[ScenePlace, ScenePlace]], *, tilt: bool) -> SceneFit:
    """See ``console.sdk.scene.Scene.fit``."""
    if not pairs:
        raise ValueError("too few pairs")
    starts, goals = (
        np.array([(place.lon, place.lat, place.height) for place in side], np.float64)
        for side in zip(*pairs, strict=True)
    )
    found = align.fit(Frame(*starts[0].tolist()), starts, goals, tilt=tilt)
    left = [(east, north, up) for east, north, up in found.residuals.tolist()]
    return SceneFit(matrix=found.matrix.tolist(), residuals=left, rms=found.rms)
