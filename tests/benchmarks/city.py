"""A city for the benchmarks of the map: four demo districts side by side, with cameras and staff.

44,000 buildings and their streets, 6,006 grids, 7,400 cameras, 10,000 staff, 600,000 addresses.
The generator takes some seconds, so the city is kept in the cache folder, by what it is made from.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from console.model.layers import (
    DEGREE,
    FeatureShape,
    LayerKind,
    LayerPackage,
    decode_package,
    encode_package,
)
from console.model.records import LayerInfo

BUILDINGS, STAFF, CAMERAS, ADDRESSES = 44_000, 10_000, 7_400, 600_000
GRIDS = (77, 78)
"""Columns and rows of their lattice."""
SHARED = ("landuse", "green", "water", "waterway", "railway", "building", "road", "grid")
"""Layers that all programs compared draw, from the ground up."""
LAYERS = ("boundary", "poi", "address", *SHARED)
NEAR = 3e-5
"""Degrees between a building and its addresses: some three metres."""
GENERATOR = Path(__file__).resolve().parents[2] / "console" / "server" / "demo"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onemap-benchmarks"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class City:
    """What all draw; places are WGS84 degrees."""

    layers: dict[str, LayerPackage]
    bounds: tuple[float, float, float, float]
    staff: Floats
    cameras: Floats
    folder: Path
    """With the layers as ``NAME.oml`` and room for what else is made of them."""

    @property
    def center(self) -> tuple[float, float]:
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2

    def addresses(self) -> Floats:
        """(600000, 2), around the buildings."""
        chance, package = np.random.default_rng(3), self.layers["building"]
        corners = package.degrees[package.part_start[package.feature_start[:-1]]]
        chosen = chance.integers(0, len(corners), ADDRESSES)
        return corners[chosen] + chance.normal(0, NEAR, (ADDRESSES, 2))


def load_city() -> City:
    """The city, made when it is not in the cache folder."""
    folder = CACHE / f"city-{_fingerprint()}"
    if not (folder / "grid.oml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name, package in make_layers().items():  # the grids last
            (folder / f"{name}.oml").write_bytes(encode_package(package))
    layers = {name: decode_package((folder / f"{name}.oml").read_bytes()) for name in LAYERS}
    building = layers["building"].xy
    bounds = (*(building.min(axis=0) / DEGREE).tolist(), *(building.max(axis=0) / DEGREE).tolist())
    chance = np.random.default_rng(1)
    staff, cameras = (chance.uniform(bounds[:2], bounds[2:], (n, 2)) for n in (STAFF, CAMERAS))
    return City(layers, bounds, staff, cameras, folder)


def layer_info(name: str, city: City) -> tuple[LayerInfo, Path]:
    """A layer as the map view takes it."""
    package = city.layers[name]
    info = LayerInfo(
        id=name, title_zh=name, title_en=name, kind=str(package.kind), count=len(package),
        bounds=city.bounds, datum="wgs84", datum_known="declared", version="1",
    )  # fmt: skip
    return info, city.folder / f"{name}.oml"


def walks(chance: np.random.Generator) -> list[Floats]:
    """Some steps of about a metre for all staff, in degrees."""
    return [chance.normal(0, 1e-5, (STAFF, 2)) for _ in range(8)]


def make_layers() -> dict[str, LayerPackage]:
    """Four districts side by side, which the generator makes in seconds, under a lattice of grids."""
    # Imported here: who only draws the city does not bear the generator's memory.
    from console.server.demo.district import make_district

    packages = {layer.layer_id: layer.package for layer in make_district(1).layers}
    low = packages["building"].xy.min(axis=0)
    step = packages["building"].xy.max(axis=0) - low
    layers = {name: _four(packages[name], step) for name in LAYERS if name != "grid"}
    layers["building"] = _first(layers["building"], BUILDINGS)
    return layers | {"grid": _lattice((*(low / DEGREE), *((low + 2 * step) / DEGREE)))}


def _fingerprint() -> str:
    """Of the sources that the city is made from."""
    sources = [Path(__file__), *sorted(GENERATOR.glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _four(package: LayerPackage, step: npt.NDArray[np.int32]) -> LayerPackage:
    """The package and three copies of it, to the east, to the north and across."""
    shifts = [step * (i, j) for i in (0, 1) for j in (0, 1)]
    parts, vertices = int(package.feature_start[-1]), len(package.xy)
    return replace(
        package,
        xy=np.concatenate([package.xy + shift for shift in shifts]).astype(np.int32),
        part_start=_repeat(package.part_start, vertices),
        feature_start=_repeat(package.feature_start, parts),
        columns={name: np.tile(values, 4) for name, values in package.columns.items()},
        extras={},
    )


def _repeat(starts: npt.NDArray[np.int32], length: int) -> npt.NDArray[np.int32]:
    pieces = [starts[:-1] + i * length for i in range(4)]
    return np.concatenate([*pieces, [4 * length]]).astype(np.int32)


def _first(package: LayerPackage, count: int) -> LayerPackage:
    """So many features of it."""
    features = package.feature_start[: count + 1]
    parts = package.part_start[: features[-1] + 1]
    columns = {name: values[:count] for name, values in package.columns.items()}
    return replace(
        package, xy=package.xy[: parts[-1]], part_start=parts, feature_start=features, columns=columns
    )


def _lattice(bounds: tuple[float, float, float, float]) -> LayerPackage:
    x, y = (np.linspace(bounds[i], bounds[i + 2], GRIDS[i] + 1) for i in (0, 1))
    west, south = (v.ravel() for v in np.meshgrid(x[:-1], y[:-1]))
    east, north = west + (x[1] - x[0]), south + (y[1] - y[0])
    ring = np.stack([west, south, east, south, east, north, west, north, west, south], axis=1)
    n = len(ring)
    return LayerPackage(
        kind=LayerKind.GRID,
        shape=FeatureShape.POLYGON,
        xy=np.rint(ring.reshape(-1, 2) * DEGREE).astype(np.int32),
        part_start=np.arange(0, 5 * n + 1, 5, dtype=np.int32),
        feature_start=np.arange(n + 1, dtype=np.int32),
        columns={"level": np.full(n, 15, np.int16)},
    )


def points_package(places: Floats) -> LayerPackage:
    """Places (n, 2) in degrees as a layer of points."""
    starts = np.arange(len(places) + 1, dtype=np.int32)
    return LayerPackage(
        kind=LayerKind.OTHER,
        shape=FeatureShape.POINT,
        xy=np.rint(places * DEGREE).astype(np.int32),
        part_start=starts,
        feature_start=starts,
    )
