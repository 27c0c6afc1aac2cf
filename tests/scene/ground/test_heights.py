"""Ground gives way to the models on it, and nowhere else."""

from __future__ import annotations

import numpy as np
import shapely

from console.scene.ground.heights import Flat, Sunk


def test_ground_is_sunk_below_models_where_it_is_higher():
    models = [(shapely.box(114.0, 22.5, 114.1, 22.6), 30.0), (shapely.box(114.2, 22.5, 114.3, 22.6), 90.0)]
    ground = Sunk(Flat(50.0), models)
    lon, lat = np.meshgrid([114.05, 114.15, 114.25], [22.55, 22.7])
    assert ground.at(lon, lat).tolist() == [[30.0, 50.0, 50.0], [50.0, 50.0, 50.0]]
