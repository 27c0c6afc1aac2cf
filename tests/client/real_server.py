"""Runs a real backend in a process of its own: DATA_DIR PORT ACCESS_SECONDS; prints its URL."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from shapely.geometry import box

from console.model.layers import FeatureShape, LayerKind, LayerPackage
from console.server import admin, layers, run, signin
from console.server.api import live
from console.server.core import Core
from console.server.layer_types import AreaShape, ImportedLayer
from console.server.settings import ServerSettings

PASSWORD = "a-long-password-for-tests"


def layer(layer_id: str, vertices: int) -> ImportedLayer:
    """A road with many vertices, so that a package takes more than one read."""
    steps = np.arange(vertices, dtype=np.int32)
    package = LayerPackage(
        kind=LayerKind.ROAD,
        shape=FeatureShape.LINE,
        xy=np.column_stack([1_172_000_000 + steps, 342_000_000 + steps * 7 % 1000]).astype(np.int32),
        part_start=np.array([0, vertices], np.int32),
        feature_start=np.array([0, 1], np.int32),
    )
    return ImportedLayer(
        layer_id=layer_id,
        kind="road",
        title_zh="道路",
        title_en="Roads",
        package=package,
        datum="wgs84",
        datum_known="declared",
    )


def settings(data_dir: Path, access_seconds: float = 600) -> ServerSettings:
    """Our settings: only the test's server half."""
    return ServerSettings(
        data_dir=data_dir,
        secret_key="k" * 40,
        plugin_dirs=(Path(__file__).parent / "ledger_half",),
        access_seconds=access_seconds,
        position_tick=0.1,
        keep_alive_of_parent=True,
    )


def prepare(core: Core) -> None:
    """At the first start an account, an area and two layers."""
    with core.database.session() as session:
        if layers.layer_infos(session):
            return
        area = AreaShape(code="320302", name="鼓楼区", name_en="Gulou", geometry=box(117, 34, 118, 35))
        layers.replace_layers(session, [layer("roads", 300_000), layer("paths", 10)], [area])
        admin.create_account(session, "op", PASSWORD, "值班员", "operator", ["320302"])
        admin.create_account(session, "night", PASSWORD, "夜班员", "operator", ["320302"])


if __name__ == "__main__":
    live._CHECK_SECONDS = signin._CACHE_SECONDS = 0.3  # a session that ends is noticed soon
    chosen = settings(Path(sys.argv[1]), float(sys.argv[3]))
    run.serve(chosen, "127.0.0.1", int(sys.argv[2]), lambda url: print(url, flush=True), prepare)
