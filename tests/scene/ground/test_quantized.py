"""Quantized-mesh terrain, written by an independent encoder: read back, asked by place, broken."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quantized_mesh_encoder import MetadataExtension, VertexNormalsExtension, encode

from console.scene.ground.heights import Flat
from console.scene.ground.opening import open_heights
from console.scene.ground.quantized import read_quantized
from console.scene.ground.terrain_set import TerrainSet
from console.scene.refusal import SceneRefused
from console.scene.tiles import FolderSource

Bounds = tuple[float, float, float, float]


def hills(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return 500.0 + 300.0 * np.sin(np.radians(lon) * 7) + 200.0 * np.cos(np.radians(lat) * 5)


def net(bounds: Bounds, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions (n, 3) in degrees and metres, triangles (m, 3), of side x side vertices.

    In the order in which triangles first use them, as the format demands and the encoder does not see to.
    """
    west, south, east, north = bounds
    lon, lat = np.meshgrid(np.linspace(west, east, side), np.linspace(south, north, side))
    at = np.arange(side * side).reshape(side, side)
    a, b, c, d = (part.ravel() for part in (at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]))
    triangles = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
    _, first, number = np.unique(triangles, return_index=True, return_inverse=True)
    order = np.argsort(first)
    positions = np.column_stack([lon.ravel(), lat.ravel(), hills(lon, lat).ravel()])[order]
    return positions, np.argsort(order)[number].reshape(-1, 3).astype(np.uint32)


def tile(bounds: Bounds, side: int = 17, extensions: bool = False) -> bytes:
    positions, triangles = net(bounds, side)
    file = io.BytesIO()
    more = [VertexNormalsExtension(indices=triangles, positions=positions), MetadataExtension(data={"a": 1})]
    encode(file, positions, triangles, bounds=bounds, extensions=more if extensions else ())
    return file.getvalue()


def degrees_tile(level: int, x: int, y: int) -> Bounds:
    size = 180.0 / 2**level
    return x * size - 180.0, y * size - 90.0, (x + 1) * size - 180.0, (y + 1) * size - 90.0


def mercator_tile(level: int, x: int, y: int) -> Bounds:
    """*y* from the south."""
    west, _, east, _ = degrees_tile(level, x, y)
    lat = [math.degrees(math.atan(math.sinh(math.pi * (2 * v / 2**level - 1)))) for v in (y, y + 1)]
    return (west + 180) * 2 - 180, lat[0], (east + 180) * 2 - 180, lat[1]


@pytest.mark.parametrize(("side", "extensions"), [(5, False), (33, True), (280, False)])
def test_what_was_encoded_comes_back(side: int, extensions: bool):
    """280 a side are more vertices than 16 bits can number."""
    bounds = (112.5, 22.5, 123.75, 33.75)
    positions, triangles = net(bounds, side)
    mesh = read_quantized(tile(bounds, side, extensions))
    west, south, east, north = bounds
    place = mesh.uv * [east - west, north - south] + [west, south]
    assert abs(place - positions[:, :2]).max() < 1.1 * 11.25 / 32_767
    assert abs(mesh.heights - positions[:, 2]).max() < 1.1 * np.ptp(positions[:, 2]) / 32_767
    assert (mesh.triangles == triangles).all()


def test_heights_within_triangles_are_theirs():
    mesh = read_quantized(tile((112.5, 22.5, 123.75, 33.75), 17))
    shares = np.random.default_rng(3).dirichlet([1, 1, 1], 400)
    corners = mesh.triangles[np.random.default_rng(4).integers(0, len(mesh.triangles), 400)]
    u, v = (mesh.uv[corners] * shares[..., None]).sum(axis=1).T
    assert mesh.at(u, v) == pytest.approx((mesh.heights[corners] * shares).sum(axis=1), abs=1e-6)
    edges = np.linspace(0, 1, 50)
    for u, v in ((edges, edges * 0), (edges, edges * 0 + 1), (edges * 0, edges), (edges * 0 + 1, edges)):
        assert not np.isnan(mesh.at(u, v)).any()


def pyramid(path: Path, bounds_of, levels: int, lon: float, lat: float, **layer) -> None:
    """All tiles down to *levels* around a place."""
    available = []
    for level in range(levels):
        rows = 2**level
        columns = 2 * rows if bounds_of is degrees_tile else rows
        near = [
            (x, y)
            for x in range(columns)
            for y in range(rows)
            if (b := bounds_of(level, x, y))[0] <= lon < b[2] and b[1] <= lat < b[3]
        ]
        (at,) = near
        available.append([{"startX": at[0], "startY": at[1], "endX": at[0], "endY": at[1]}])
        for x, y in near:
            row = rows - 1 - y if layer.get("scheme") == "slippyMap" else y
            file = path / str(level) / str(x) / f"{row}.terrain"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(tile(bounds_of(level, x, y), 65))
    layer = {"tilejson": "2.1.0", "format": "quantized-mesh-1.0", "version": "1.2.0"} | layer
    layer |= {"tiles": ["{z}/{x}/{y}.terrain?v={version}"]}
    if "maxzoom" not in layer:
        layer["available"] = available
    (path / "layer.json").write_text(json.dumps(layer))


@pytest.mark.parametrize(
    ("bounds_of", "layer"),
    [
        (degrees_tile, {}),
        (degrees_tile, {"scheme": "slippyMap", "maxzoom": 5}),
        (mercator_tile, {"projection": "EPSG:3857", "scheme": "tms"}),
    ],
)
def test_a_set_answers_at_the_level_asked_for(tmp_path: Path, bounds_of, layer: dict):
    pyramid(tmp_path, bounds_of, 6, 114.1, 22.6, **layer)
    terrain = TerrainSet(FolderSource(tmp_path / "layer.json"), Flat(-5.0))
    west, south, east, north = bounds_of(5, *_tile_of(bounds_of, 5))
    spot = np.random.default_rng(5).uniform([west, south], [east, north], (300, 2))
    fine, coarse = (terrain.at(*spot.T, step) for step in (0.0, 1.0))
    exact = hills(*spot.T) - 5.0
    assert abs(fine - exact).max() < 0.1
    assert abs(fine - exact).max() < abs(coarse - exact).max() < 20.0
    away = terrain.at(np.array([[west + 0.01, 10.0]]), np.array([[south + 0.01, 10.0]]))
    assert away.shape == (1, 2)


def _tile_of(bounds_of, level: int) -> tuple[int, int]:
    return next(
        (x, y)
        for x in range(2 ** (level + 1))
        for y in range(2**level)
        if (b := bounds_of(level, x, y))[0] <= 114.1 < b[2] and b[1] <= 22.6 < b[3]
    )


def test_a_broken_tile_is_stood_in_for_by_the_one_above(tmp_path: Path):
    pyramid(tmp_path, degrees_tile, 6, 114.1, 22.6)
    for file in (tmp_path / "5").rglob("*.terrain"):
        file.write_bytes(file.read_bytes()[:5000])
    spot = np.array([114.1]), np.array([22.6])
    found = TerrainSet(FolderSource(tmp_path / "layer.json")).at(*spot)
    assert found == pytest.approx(hills(*spot), abs=1.0)


def test_terrain_is_opened_by_what_it_is(tmp_path: Path):
    pyramid(tmp_path, degrees_tile, 3, 114.1, 22.6)
    spot = np.array([114.1]), np.array([22.6])
    for form in (tmp_path, tmp_path / "layer.json"):
        assert open_heights(form, -3.0).at(*spot) == pytest.approx(hills(*spot) - 3.0, abs=20.0)
    for wrong in (tmp_path / "none", tmp_path / "0"):
        with pytest.raises(SceneRefused):
            open_heights(wrong)


@pytest.mark.parametrize(
    "layer", [{"format": "heightmap-1.0"}, {"projection": "EPSG:4490"}, {"tiles": []}, {"maxzoom": 99}, {}]
)
def test_sets_that_cannot_be_read_are_refused(tmp_path: Path, layer: dict):
    (tmp_path / "layer.json").write_text(json.dumps({"tiles": ["{z}/{x}/{y}.terrain"]} | layer))
    with pytest.raises(SceneRefused):
        TerrainSet(FolderSource(tmp_path / "layer.json"))


GOOD = tile((112.5, 22.5, 123.75, 33.75), 5)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6),
    st.integers(0, len(GOOD)),
)
def test_whatever_is_broken_is_refused_or_read(changes: list[tuple[int, int]], length: int):
    data = bytearray(GOOD)
    for at, value in changes:
        data[at] = value
    for broken in (bytes(data), bytes(data[:length])):
        try:
            mesh = read_quantized(broken)
        except SceneRefused:
            continue
        assert mesh.triangles.max(initial=0) < len(mesh.uv)
        mesh.at(np.linspace(0, 1, 9), np.linspace(0, 1, 9))
    if length < len(GOOD) and not changes:
        with pytest.raises(SceneRefused):
            read_quantized(GOOD[:length])
