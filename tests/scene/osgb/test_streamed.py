"""A delivery of OSGB streamed by the rules of 3D Tiles."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.osgb import files as files_module
from console.scene.osgb import open_pyramids
from console.scene.refusal import SceneRefused
from console.scene.tiles import Camera, Content, Fragment, Source, TileTree, load, select
from tests.conftest import SHARED_DATA
from tests.support.tilesets import excess, unfold, vertices

ONE = "Tile_+000_+013"
ORIGINAL = (SHARED_DATA / "osgb_estate" / "Data" / ONE / f"{ONE}_L19_0uuuu5.osgb").read_bytes()
PYRAMID = (SHARED_DATA / "osgb_estate" / "Data" / ONE / f"{ONE}.osgb").read_bytes()


@pytest.fixture(scope="module")
def estate(shared_data: Path) -> Path:
    return shared_data / "osgb_estate"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a place on Earth, and what the coarsest file is refined by."""
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "metadata.xml").write_text("<ModelMetadata><SRS>ENU:22.5,113.4</SRS></ModelMetadata>")
    (folder / f"{ONE}_L15_0u.osgb").write_bytes(ORIGINAL)
    return folder


@pytest.fixture
def small(estate: Path, tmp_path: Path) -> Path:
    """A tile of it, thirteen files, that may be written to; without a place on Earth."""
    folder = shutil.copytree(estate / "Data" / ONE, tmp_path / "delivery" / "Data" / ONE)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return tmp_path / "delivery"


def all_of(path: Path) -> tuple[TileTree, dict[int, list[Content]], list[str]]:
    tree, source = open_pyramids(path)
    return unfold(source, tree)


def above(tree: TileTree, metres: float) -> Camera:
    """Straight down on the tree's middle from so many metres above it."""
    center = tree.tiles["center"][0]
    up = center / np.linalg.norm(center)
    north = np.cross(up, np.cross([0.0, 0.0, 1.0], up))
    return Camera(center + up * metres, -up, north, np.radians(60), 1920, 1080)


def settle(tree: TileTree, source: Source, camera: Camera) -> set[str]:
    """Read as the engine does until nothing is wanted; the files that are drawn then. No hole on the way."""
    ready = np.zeros(len(tree), bool)
    lost: set[int] = set()
    while True:
        ready = np.concatenate([ready, np.zeros(len(tree) - len(ready), bool)])
        selection = select(tree, camera, ready=ready)
        todo = [tile for tile in (*selection.expand.tolist(), *selection.wanted.tolist()) if tile not in lost]
        if not todo:
            return {tree.requests(tile)[0].uri.rpartition("/")[2] for tile in selection.draw.tolist()}
        for ref in tree.requests(todo[0]):
            try:
                loaded = load(source, ref)
            except SceneRefused:
                lost.add(todo[0])
                continue
            if isinstance(loaded, Fragment):
                tree.attach(todo[0], loaded)
            ready[todo[0]] |= isinstance(loaded, Content)


def levels(names: set[str]) -> set[str]:
    return {name.split("_L")[1][:2] if "_L" in name else "14" for name in names}


def test_each_view_is_shown_as_finely_as_it_needs(estate: Path) -> None:
    tree, source = open_pyramids(estate)
    assert len(tree) == 7, "the coarsest files alone are read at first"
    heights = (30_000, 3500, 1800, 900, 450, 200)
    seen = [levels(settle(tree, source, above(tree, metres))) for metres in heights]
    assert seen == [{"14"}, {"15"}, {"16"}, {"17"}, {"18"}, {"19"}]
    assert source.absent > 0, "the absent L20 are counted, and nothing else comes of them"


def test_all_of_a_delivery_stands_within_its_boxes(estate: Path) -> None:
    tree, contents, refusals = all_of(estate)
    assert refusals == [] and len(contents) == 122
    assert sum(content.triangles for found in contents.values() for content in found) == 319_810
    for tile, (content,) in contents.items():
        points = vertices(tree, tile, content)
        while tile >= 0:
            assert excess(tree, tile, points) < 0.01, "in its own box and in all above"
            assert tree.tiles["error"][tile] <= tree.tiles["error"][max(tree.tiles["parent"][tile], 0)]
            tile = int(tree.tiles["parent"][tile])


def test_what_is_shown_later_is_read_again(estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "KEPT", 0)
    _, contents, refusals = all_of(estate / "Data" / ONE / f"{ONE}.osgb")
    assert refusals == [] and len(contents) > 30


def test_a_model_without_a_place_stands_in_its_own_axes(small: Path) -> None:
    tree, _ = open_pyramids(small)
    assert np.array_equal(tree.frames[0], np.identity(4))
    assert np.linalg.norm(tree.tiles["center"][0]) < 5000


def test_a_broken_file_keeps_what_it_refines_and_the_others_go_on(small: Path) -> None:
    (small / "Data" / ONE / f"{ONE}_L19_0uuuu3.osgb").write_bytes(b"no")
    (small / "Data" / "Tile_x").mkdir()
    (small / "Data" / "Tile_x" / "Tile_x.osgb").write_bytes(b"no")
    tree, source = open_pyramids(small)
    eye = tree.tiles["center"][0] + np.array([0, 0, 60.0])
    near = Camera(eye, np.array([0, 0, -1.0]), np.array([0, 1.0, 0]), 2.0, 1920, 1080)
    shown = levels(settle(tree, source, near))
    assert shown == {"18", "19"}
    _, contents, refusals = all_of(small)
    assert len(refusals) == 1, "the tile of which nothing is there"
    unread = [line for found in contents.values() for content in found for line in content.unread]
    assert len(unread) == 1 and "L19_0uuuu3.osgb: this is not an OSGB" in unread[0]


def test_nothing_but_broken_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.osgb").write_bytes(b"no")
    with pytest.raises(SceneRefused, match="not an OSGB"):
        open_pyramids(tmp_path)


@given(
    st.sampled_from([ORIGINAL, PYRAMID]),
    st.lists(st.tuples(st.integers(24, 1200), st.integers(0, 255)), max_size=5),
    st.integers(-300, 300),
)
@settings(max_examples=60)
def test_any_damage_is_streamed_or_refused(
    folder: Path, original: bytes, changes: list[tuple[int, int]], from_end: int
) -> None:
    """Wherever it is: the ranges and spheres of a pyramid stand at its end."""
    data = bytearray(original)
    for at, value in changes:
        data[at if from_end > 0 else -1 - at % 400] = value
    (folder / "a.osgb").write_bytes(data)
    try:
        tree, contents, _ = all_of(folder / "a.osgb")
    except SceneRefused as error:
        assert error.message.zh_CN
        return
    assert contents and np.isfinite(tree.tiles["center"]).all() and np.isfinite(tree.tiles["error"]).all()


def test_rings_and_overviews_end_somewhere(small: Path) -> None:
    """A file that names the one above it, and an overview that names the tile's first."""
    folder = small / "Data" / ONE
    shutil.copy(folder / f"{ONE}.osgb", folder / f"{ONE}_L18_0uuuu.osgb")  # L14, L15, L16, L17, "L14" again
    _, contents, refusals = all_of(small)
    assert refusals == [] and len(contents) == 5
