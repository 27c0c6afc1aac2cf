"""Where a delivery stands on the Earth, and which of its files are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from console.scene.osgb import (
    Metadata,
    Placement,
    find_metadata,
    open_delivery,
    read_metadata,
    read_pyramid,
    resolve,
)
from console.scene.refusal import SceneRefused

POINTS = np.array([[0.0, 0.0, 0.0], [50.0, 1250.0, 27.0], [-3000.0, 4000.0, 150.0]])


@pytest.fixture
def estate(shared_data: Path) -> Path:
    return shared_data / "osgb_estate"


def test_a_wkt_with_a_central_meridian_of_its_own_is_followed(estate: Path) -> None:
    metadata = find_metadata(estate)
    assert metadata.origin == (501027.524, 2488718.808, 0.0)
    placement = Placement(metadata)
    lonlat = Transformer.from_crs(
        "+proj=tmerc +lat_0=0 +lon_0=113.37 +k=1 +x_0=500000 +y_0=90 +ellps=GRS80",
        "EPSG:4326",
        always_xy=True,
    )
    back = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
    found = np.stack(back.transform(*placement.to_ecef(POINTS).T), axis=1)
    expected = np.stack(lonlat.transform(*(POINTS[:, :2] + metadata.origin[:2]).T), axis=1)
    np.testing.assert_allclose(found[:, :2], expected, atol=1e-9)
    np.testing.assert_allclose(found[:, 2], POINTS[:, 2], atol=1e-4)


@pytest.mark.parametrize(
    "srs", ["EPSG:4547", "EPSG:32650", "EPSG:4547+5773", "ENU:34.22,108.96", "EPSG:4978"]
)
def test_a_frame_stands_upright_and_gives_back_every_point(srs: str) -> None:
    origin = {
        "EPSG:4547": (500_000.0, 2_488_000.0, 10.0),
        "EPSG:32650": (400_000.0, 3_700_000.0, 10.0),
        "EPSG:4547+5773": (500_000.0, 2_488_000.0, 10.0),
        "EPSG:4978": (-1_715_000.0, 4_994_000.0, 3_566_000.0),
    }.get(srs, (0.0, 0.0, 0.0))
    placement = Placement(Metadata(srs, origin))
    frame = placement.frame(POINTS[1])
    np.testing.assert_allclose(frame[:3, :3].T @ frame[:3, :3], np.identity(3), atol=1e-12)
    ecef = placement.to_ecef(POINTS)
    up = ecef[1] / np.linalg.norm(ecef[1])
    assert frame[:3, 2] @ up > 0.999_99
    local = placement.to_frame(POINTS, frame)
    np.testing.assert_allclose(local @ frame[:3, :3].T + frame[:3, 3], ecef, atol=1e-6)
    np.testing.assert_allclose(local[1], 0.0, atol=1e-4)


def test_an_enu_model_keeps_its_own_axes() -> None:
    placement = Placement(Metadata("ENU:34.22,108.96"))
    np.testing.assert_allclose(placement.to_frame(POINTS, placement.frame(np.zeros(3))), POINTS, atol=1e-6)


def test_a_model_that_is_not_on_earth_stays_where_it_is(tmp_path: Path) -> None:
    placement = Placement(find_metadata(tmp_path))
    assert not placement.on_earth
    np.testing.assert_array_equal(placement.to_frame(POINTS, placement.frame(POINTS[1])), POINTS)


@pytest.mark.parametrize(
    "srs", ["EPSG:99999", "PROJCS[", "ENU:91,0", "ENU:north,east", "+proj=pipeline", "/etc/x"]
)
def test_a_system_that_is_not_known_is_refused(srs: str) -> None:
    with pytest.raises(SceneRefused) as refusal:
        Placement(Metadata(srs))
    assert refusal.value.message.zh_CN


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<ModelMetadata>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><ModelMetadata><SRS>&a;</SRS></ModelMetadata>',
        b"<ModelMetadata><SRSOrigin>1,nan,2</SRSOrigin></ModelMetadata>",
        b"<ModelMetadata><SRSOrigin>one</SRSOrigin></ModelMetadata>",
        b" " * (2 << 20),
    ],
)
def test_broken_metadata_is_refused(data: bytes) -> None:
    with pytest.raises(SceneRefused):
        read_metadata(data)


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_metadata_gives_a_placement_or_a_refusal(srs: str, origin: str) -> None:
    inner = f"<SRS><![CDATA[{srs}]]></SRS><SRSOrigin><![CDATA[{origin}]]></SRSOrigin>"
    text = f"<ModelMetadata>{inner}</ModelMetadata>"
    try:
        Placement(read_metadata(text.encode("utf-8", "replace"))).frame(np.zeros(3))
    except SceneRefused as error:
        assert error.message.zh_CN


def test_files_that_were_left_out_are_known_as_absent(estate: Path) -> None:
    delivery = open_delivery(estate)
    assert [root.stem for root in delivery.roots] == [f"Tile_+000_+01{n}" for n in (2, 3, 4)]
    nodes = [node for root in delivery.roots for node in read_pyramid(root, delivery.folder).walk()]
    assert len(nodes) == len(list(estate.glob("Data/*/*.osgb"))) == 35
    absent = [name for node in nodes for name in node.absent]
    assert len(absent) > 50 and all("_L20_" in name for name in absent)
    assert not any(node.trouble for node in nodes)


def test_a_broken_file_keeps_its_parent_and_a_loop_is_cut(estate: Path, tmp_path: Path) -> None:
    name = "Tile_+000_+013"
    folder = shutil.copytree(estate / "Data" / name, tmp_path / "Data" / name)
    for path in folder.iterdir():
        path.chmod(0o644)
    folder.chmod(0o755)
    (folder / f"{name}_L19_0uuuu3.osgb").write_bytes(b"no")
    shutil.copy(folder / f"{name}.osgb", folder / f"{name}_L19_0uuuu4.osgb")
    tree = read_pyramid(folder / f"{name}.osgb", tmp_path)
    trouble = {node.path.name: node.trouble for node in tree.walk() if node.trouble}
    assert list(trouble) == [f"{name}_L19_0uuuu3.osgb"]
    assert len(list(tree.walk())) == 13


@pytest.mark.parametrize(
    "name",
    ["../../outside.osgb", "..\\..\\outside.osgb", "/etc/passwd", "C:\\x.osgb", "", "a\0b", "x" * 5000],
)
def test_names_that_lead_out_of_the_delivery_are_absent(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.osgb").write_bytes(b"")
    inside = tmp_path / "delivery" / "Data" / "tile.osgb"
    assert resolve(name, inside, tmp_path / "delivery") is None


def test_a_folder_without_tiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneRefused, match="Data/Tile_"):
        open_delivery(tmp_path)
